import type { CommandDefinition } from "../../definition.ts";
import { text } from "../../parameters/kinds.ts";
import { verbatim } from "../../parameters/verbatim.ts";
import type { Define } from "./command.ts";
import { nameOfAccount, shown } from "./command.ts";
import type { AccountAdministration } from "./administration.ts";
import { refuse } from "../refusal.ts";

/** `account key …`: the public keys of accounts. */
export function accountKeys<State>(define: Define<State>, accounts: AccountAdministration): CommandDefinition<State>[] {
  const name = nameOfAccount(accounts);
  return [
    define({
      name: "key add",
      summary: "Adds a public key to an account",
      arguments: { name, line: verbatim({ description: "A line of a .pub or authorized_keys file, as it is there" }) },
      async run(client, values) {
        const { fingerprint } = await accounts.addKey(values.name, values.line);
        client.sendln(`${shown(values.name)} may log in by ${shown(fingerprint)}.`);
      },
    }),
    define({
      name: "key list",
      summary: "Lists the public keys of an account",
      arguments: { name },
      async run(client, values) {
        const account = await accounts.get(values.name);
        if (account === undefined) return refuse(client, `There is no account ${shown(values.name)}.`);
        const rows = account.keys.map(({ type, fingerprint, comment }) => [type, fingerprint, shown(comment)]);
        if (rows.length === 0) client.sendln("It has no keys.");
        client.table(rows, { border: "none" });
        return 0;
      },
    }),
    define({
      name: "key remove",
      summary: "Takes a public key from an account",
      arguments: {
        name,
        fingerprint: text({
          description: "SHA256:…, as key list shows it",
          complete: async ({ words }) => {
            const account = await accounts.get(words.at(-1) ?? "");
            return account?.keys.map(({ fingerprint, comment }) => ({ value: fingerprint, description: comment }));
          },
        }),
      },
      async run(client, values) {
        if (await accounts.removeKey(values.name, values.fingerprint)) return client.sendln("It is removed.");
        return refuse(client, "The account has no such key.");
      },
    }),
  ];
}
