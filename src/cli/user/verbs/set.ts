import { UsageError } from "../../verb.ts";
import type { UserVerb } from "../verb.ts";

/** `sallyport user set`. */
export const set: UserVerb = {
  takes: ["NAME", "SETTING=VALUE…"],
  summary: "changes settings: text or JSON, and nothing behind the = for the default; sudo=true expires=2027-01-01",
  async run({ accounts, say, args: [name = "", ...given] }) {
    const change = Object.fromEntries(given.map(settingIn));
    await accounts.update(name, change);
    const { expires } = change;
    const until = typeof expires === "number" ? ` It expires ${new Date(expires).toISOString()}.` : "";
    say(`${Object.keys(change).join(", ")}: changed.${until}`);
  },
};

function settingIn(text: string): readonly [name: string, value: unknown] {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError("a setting is NAME=VALUE, such as prompt='> '.");
  const name = text.slice(0, at);
  const value = text.slice(at + 1);
  if (value === "") return [name, undefined];
  return [name, name === "expires" ? momentIn(value) : valueIn(value)];
}

/** JSON where it is some, and the text itself otherwise. */
function valueIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // So it is text: whether the setting takes one is for the account to say.
    return text;
  }
}

function momentIn(text: string): number {
  // 2027 alone would be two seconds behind 1970.
  const at = /^\d{13}$/.test(text) ? Number(text) : /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new UsageError("expires is a date, such as 2027-01-01 or 2027-01-01T12:00:00Z.");
  return at;
}
