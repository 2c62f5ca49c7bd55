import { writeKeyFile } from "../../../ssh/index.ts";
import { Failure } from "../../verb.ts";
import { json } from "../print.ts";
import { readText } from "../read-text.ts";
import type { UserVerb } from "../verb.ts";

/** `sallyport user export`. */
export const exportAll: UserVerb = {
  takes: ["[FILE]"],
  summary: "writes all accounts as JSON, with their hashes and secrets, to a new file or to the standard output",
  async run({ accounts, console, say, args: [file] }) {
    const lines: string[] = [];
    for await (const account of accounts.export()) lines.push(json(account));
    const text = `[\n${lines.join(",\n")}\n]`;
    if (file === undefined) return console.print(text);
    if (!writeKeyFile(file, `${text}\n`, { mode: 0o600 })) throw new Failure(`${file} exists: choose another.`);
    say(`${lines.length === 1 ? "1 account" : `${lines.length} accounts`}, with their secrets: ${file}`);
  },
};

/** `sallyport user import`. */
export const importAll: UserVerb = {
  takes: ["[FILE]"],
  summary: "takes in what export has written, from a file or the standard input",
  options: { replace: { help: "in place of accounts of the same names; without it those stay as they are" } },
  makesStore: true,
  async run({ accounts, console, say, args: [file], flag }) {
    const text = file === undefined ? await console.readRest() : readText(file);
    const { added, replaced, left } = await accounts.import(listIn(text), { replace: flag("replace") });
    say(`added: ${added.length}, replaced: ${replaced.length}, left as they are: ${left.length}`);
  },
};

/** What the parser says of a fault would quote secrets. */
function listIn(text: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list;
  } catch {
    // Said below, as for any other text.
  }
  throw new Failure("that is not what sallyport user export writes: a list in JSON.");
}
