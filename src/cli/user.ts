import { escapeControls } from "../terminal/index.ts";
import { parseArguments, COMMON } from "./user/arguments.ts";
import { openAccounts } from "./user/open-accounts.ts";
import type { Option, UserVerb } from "./user/verb.ts";
import { add } from "./user/verbs/add.ts";
import { disable, enable } from "./user/verbs/disable.ts";
import { grant, revoke } from "./user/verbs/grant.ts";
import { keyAdd, keyList, keyRemove } from "./user/verbs/key.ts";
import { list } from "./user/verbs/list.ts";
import { passwd } from "./user/verbs/passwd.ts";
import { remove } from "./user/verbs/remove.ts";
import { rename } from "./user/verbs/rename.ts";
import { set } from "./user/verbs/set.ts";
import { show } from "./user/verbs/show.ts";
import { totp } from "./user/verbs/totp.ts";
import { exportAll, importAll } from "./user/verbs/transfer.ts";
import type { Verb } from "./verb.ts";
import { UsageError } from "./verb.ts";

/** Every verb by its words, in the order of the usage. */
const verbs: ReadonlyMap<string, UserVerb> = new Map([
  ["add", add],
  ["passwd", passwd],
  ["key add", keyAdd],
  ["key list", keyList],
  ["key remove", keyRemove],
  ["grant", grant],
  ["revoke", revoke],
  ["set", set],
  ["totp", totp],
  ["disable", disable],
  ["enable", enable],
  ["rename", rename],
  ["remove", remove],
  ["show", show],
  ["list", list],
  ["export", exportAll],
  ["import", importAll],
]);

/** `sallyport user`: the accounts of an app, also while its servers run. */
export const user: Verb = {
  summary: "manages accounts",
  usage: usageOf(verbs),
  async run(args, console) {
    const [words, verb] = verbIn(args);
    const say = (line: string): void => console.print(escapeControls(line));
    try {
      const given = parseArguments(args.slice(words.split(" ").length), verb);
      const accounts = openAccounts(given, verb);
      try {
        await verb.run({ ...given, accounts, console, say });
      } finally {
        await accounts.close();
      }
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(error.message, { cause: error, usage: usageOf(new Map([[words, verb]])) });
    }
  },
};

function verbIn(args: readonly string[]): readonly [words: string, verb: UserVerb] {
  const found = [1, 2]
    .map((count) => args.slice(0, count).join(" "))
    .flatMap((words) => {
      const verb = verbs.get(words);
      return verb === undefined ? [] : [[words, verb] as const];
    });
  if (found[0] !== undefined) return found[0];
  const [first = "", second = ""] = args;
  const near = [...verbs].filter(([words]) => first !== "" && words.startsWith(`${first} `));
  const usage = near.length > 0 ? { usage: usageOf(new Map(near)) } : {};
  if (first.startsWith("-")) throw new UsageError("a verb is missing: options stand behind it.");
  if (first === "") throw new UsageError("a verb is missing.");
  const isHalf = near.length > 0 && (second === "" || second.startsWith("-"));
  if (isHalf) throw new UsageError(`something is missing behind ${first}.`, usage);
  const said = near.length > 0 ? `${first} ${second}` : first;
  throw new UsageError(`there is no verb ${JSON.stringify(said)}.`, usage);
}

function usageOf(some: ReadonlyMap<string, UserVerb>): string {
  const lines = [...some].flatMap(([words, { takes, summary, options = {} }]) => [
    `  ${[words, ...takes].join(" ")}`,
    `      ${summary}`,
    ...Object.entries(options).map(optionLine),
  ]);
  return [
    "sallyport user VERB [options]",
    "",
    "Manages the accounts of an app, also while its servers run. Passwords are asked for, or read from a pipe, a line each.",
    "",
    ...lines,
    "",
    "Everywhere:",
    ...Object.entries(COMMON).map(optionLine),
  ].join("\n");
}

function optionLine([name, { value, help }]: readonly [string, Option]): string {
  return `    ${`--${name}${value === undefined ? "" : ` ${value}`}`.padEnd(24)} ${help}`;
}
