import type { CommandDefinition } from "../../definition.ts";
import { choice, custom, text } from "../../parameters/kinds.ts";
import { list } from "../../parameters/many.ts";
import { fullMomentOf } from "../times.ts";
import type { AccountAdministration } from "./administration.ts";
import type { Define } from "./command.ts";
import { nameOfAccount, shown } from "./command.ts";

/** What is set of an account besides its permissions. */
export function accountSettings<State>(
  define: Define<State>,
  accounts: AccountAdministration,
): CommandDefinition<State>[] {
  const name = nameOfAccount(accounts);
  return [
    define({
      name: "roles",
      summary: "Sets the roles of an account",
      arguments: { name, roles: list(text(), { description: "All that it shall have; none takes them away" }) },
      async run(client, values) {
        await accounts.update(values.name, { roles: values.roles });
        client.sendln(`The roles of ${shown(values.name)}: ${shown(values.roles.join(", ") || "none")}.`);
      },
    }),
    define({
      name: "sudo",
      summary: "Says whether an account may run commands by sudo",
      arguments: { name, allowed: choice(["yes", "no"]) },
      async run(client, values) {
        await accounts.update(values.name, { sudo: values.allowed === "yes" });
        client.sendln(`${shown(values.name)} may ${values.allowed === "yes" ? "" : "not "}use sudo.`);
      },
    }),
    define({
      name: "expire",
      summary: "Says until when an account is good",
      arguments: {
        name,
        when: custom({
          description: "A day, which is the first that it is not good any more, or never",
          expected: "a day such as 2027-01-31, or never",
          complete: ["never"],
          parse: (word) => (word === "never" ? { at: undefined } : dayOf(word)),
        }),
      },
      async run(client, { name: one, when }) {
        await accounts.update(one, { expires: when.at });
        client.sendln(
          `${shown(one)} is good ${when.at === undefined ? "for ever" : `until ${fullMomentOf(when.at)}`}.`,
        );
      },
    }),
    define({
      name: "nocode",
      summary: "Takes away the codes of an authenticator app that is lost",
      arguments: { name },
      async run(client, values) {
        await accounts.removeTotp(values.name);
        client.sendln(`${shown(values.name)} is not asked for a code any more.`);
      },
    }),
  ];
}

/** The beginning of a day in the time zone of the server. */
function dayOf(word: string): { readonly at: number } | undefined {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(word) ?? [];
  const date = new Date(Number(year), Number(month) - 1, Number(day));
  // There is no 31st of February: Date makes one of March of it.
  return date.getMonth() === Number(month) - 1 && date.getDate() === Number(day) ? { at: date.getTime() } : undefined;
}
