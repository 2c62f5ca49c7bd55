import type { AccountKey } from "../../../accounts/index.ts";
import { Failure } from "../../verb.ts";
import { accountOf } from "../account-of.ts";
import { columns, json } from "../print.ts";
import { readText } from "../read-text.ts";
import type { UserVerb } from "../verb.ts";

/** `sallyport user key add`. */
export const keyAdd: UserVerb = {
  takes: ["NAME", "[FILE]"],
  summary: "adds the public keys of a file, or of the standard input: .pub, authorized_keys, or GitHub's list",
  async run({ accounts, console, say, args: [name = "", file] }) {
    await accountOf(accounts, name);
    const text =
      file !== undefined
        ? readText(file)
        : console.interactive
          ? await console.ask("Public key, as in a .pub file: ")
          : await console.readRest();
    if (text.includes("PRIVATE KEY-----"))
      throw new Failure("that is a private key: give the file that ends with .pub.");
    const { added, known, faults } = await accounts.importKeys(name, text);
    for (const line of columns(added.map(rowOf))) say(line);
    if (known > 0) say(`${known} that ${known === 1 ? "was" : "were"} there already`);
    if (faults.length > 0) {
      const told = faults.map(({ line, why }) => `line ${line}: ${why}`);
      throw new Failure(`not all lines could be used; ${told.join("; ")}.`);
    }
    if (added.length + known === 0) throw new Failure("there is no key in it.");
  },
};

/** `sallyport user key list`. */
export const keyList: UserVerb = {
  takes: ["NAME"],
  summary: "lists its public keys",
  options: { json: { help: "as JSON" } },
  async run({ accounts, console, say, args: [name = ""], flag }) {
    const { keys } = await accountOf(accounts, name);
    if (flag("json")) console.print(json(keys, 2));
    else for (const line of columns(keys.map(rowOf))) say(line);
  },
};

/** `sallyport user key remove`. */
export const keyRemove: UserVerb = {
  takes: ["NAME", "FINGERPRINT"],
  summary: "removes a public key by its fingerprint, SHA256:…",
  async run({ accounts, say, args: [name = "", fingerprint = ""] }) {
    if (!(await accounts.removeKey(name, fingerprint))) {
      throw new Failure(`the account has no such key: sallyport user key list ${name} shows those that it has.`);
    }
    say("The key was removed.");
  },
};

function rowOf({ fingerprint, type, comment, options, certAuthority }: AccountKey): readonly string[] {
  return [fingerprint, certAuthority ? `${type} (CA)` : type, comment, options];
}
