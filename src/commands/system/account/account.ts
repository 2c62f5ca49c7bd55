import type { CommandDefinition } from "../../definition.ts";
import { command } from "../../definition.ts";
import { text } from "../../parameters/kinds.ts";
import { flag, list } from "../../parameters/many.ts";
import type { Define } from "./command.ts";
import { definer, nameOfAccount, shown } from "./command.ts";
import { accountKeys } from "./keys.ts";
import { accountSettings } from "./settings.ts";
import type { AccountAdministration, AdministeredAccount } from "./administration.ts";
import { PERMISSIONS } from "../options.ts";
import { newPassword } from "./passwd.ts";
import { refuse } from "../refusal.ts";
import { fullMomentOf } from "../times.ts";

/** `account …`: the administration of accounts, for those who may. */
export function account<State>(prefix: string, accounts: AccountAdministration): readonly CommandDefinition<State>[] {
  const define = definer<State>(prefix);
  const heading = command({ name: prefix, summary: "Administers accounts", permission: PERMISSIONS.accounts });
  return [
    heading as CommandDefinition<State>,
    ...reading(define, accounts),
    ...changing(define, accounts),
    ...accountSettings(define, accounts),
    ...accountKeys(define, accounts),
  ];
}

function reading<State>(define: Define<State>, accounts: AccountAdministration): CommandDefinition<State>[] {
  return [
    define({
      name: "list",
      summary: "Lists all accounts",
      pager: true,
      async run(client) {
        const rows = [];
        for await (const account of accounts.list()) rows.push(rowOf(account));
        if (rows.length === 0) client.sendln("There are no accounts.");
        client.table(rows);
      },
    }),
    define({
      name: "show",
      summary: "Tells all about one account, but its secrets",
      arguments: { name: nameOfAccount(accounts) },
      async run(client, { name }) {
        const account = await accounts.get(name);
        if (account === undefined) return refuse(client, `There is no account ${shown(name)}.`);
        const last = await accounts.lastLogin(account.name);
        client.table(factsOf(account, last && `${fullMomentOf(last.at)} from ${last.address} by ${last.method}`), {
          border: "none",
        });
        return 0;
      },
    }),
  ];
}

function changing<State>(define: Define<State>, accounts: AccountAdministration): CommandDefinition<State>[] {
  const name = nameOfAccount(accounts);
  const permissions = list(text(), { min: 1, description: "Such as orders.read, orders.* or *" });
  const doing = (
    verb: string,
    summary: string,
    done: string,
    act: (name: string) => Promise<unknown>,
  ): CommandDefinition<State> =>
    define({
      name: verb,
      summary,
      arguments: { name },
      async run(client, values) {
        await act(values.name);
        client.sendln(`${shown(values.name)} is ${done}.`);
      },
    });
  return [
    define({
      name: "add",
      summary: "Adds an account, and asks for its password",
      arguments: { name: text({ description: "The name of the new account" }) },
      options: {
        permission: list(text(), { short: "p", description: "A permission that it gets; may be repeated" }),
        role: list(text(), { short: "r", description: "A role that it gets; may be repeated" }),
        noPassword: flag({ description: "Without a password, for those who log in by a key" }),
      },
      async run(client, { name: fresh, permission, role, noPassword }, { signal }) {
        const password = noPassword ? "" : await newPassword(client, signal);
        if (password === undefined) return 1;
        await accounts.add(fresh, {
          ...(!noPassword && { password }),
          ...(permission.length > 0 && { permissions: permission }),
          ...(role.length > 0 && { roles: role }),
        });
        client.sendln(`${shown(fresh)} is added.`);
        return 0;
      },
    }),
    define({
      name: "remove",
      summary: "Removes an account, and throws out who is in by it",
      arguments: { name },
      options: { yes: flag({ short: "y", description: "Without asking" }) },
      async run(client, values, { signal }) {
        const question = `Remove ${shown(values.name)} with its keys and history?`;
        if (!values.yes && !(await client.confirm(question, { signal }))) return 1;
        if (!(await accounts.remove(values.name))) return refuse(client, `There is no account ${shown(values.name)}.`);
        client.sendln(`${shown(values.name)} is removed.`);
        return 0;
      },
    }),
    define({
      name: "rename",
      summary: "Gives an account another name",
      arguments: { name, to: text({ description: "The new name" }) },
      async run(client, values) {
        await accounts.rename(values.name, values.to);
        client.sendln(`${shown(values.name)} is ${shown(values.to)} now.`);
      },
    }),
    define({
      name: "passwd",
      summary: "Sets the password of an account, and throws out who is in by it",
      arguments: { name },
      async run(client, values, { signal }) {
        const password = await newPassword(client, signal);
        if (password === undefined) return 1;
        await accounts.setPassword(values.name, password, { keep: client });
        client.sendln(`${shown(values.name)} has another password.`);
        return 0;
      },
    }),
    define({
      name: "grant",
      summary: "Gives permissions to an account",
      arguments: { name, permissions },
      async run(client, values) {
        await accounts.grant(values.name, ...values.permissions);
        client.sendln(`${shown(values.name)} may ${shown(values.permissions.join(", "))}.`);
      },
    }),
    define({
      name: "revoke",
      summary: "Takes permissions from an account",
      arguments: { name, permissions },
      async run(client, values) {
        await accounts.revoke(values.name, ...values.permissions);
        client.sendln(`${shown(values.name)} has no ${shown(values.permissions.join(", "))}.`);
      },
    }),
    doing("disable", "Throws a user out, and lets him in no more", "disabled", (one) => accounts.disable(one)),
    doing("enable", "Lets a user in again", "enabled", (one) => accounts.enable(one)),
  ];
}

function rowOf(account: AdministeredAccount) {
  return {
    name: shown(account.name),
    roles: shown(account.roles.join(", ")),
    permissions: shown(account.permissions.join(", ")),
    "logs in by": meansOf(account),
    state: stateOf(account),
  };
}

function factsOf(account: AdministeredAccount, last: string | undefined): readonly (readonly string[])[] {
  return [
    ["name", shown(account.name)],
    ["created", fullMomentOf(account.created)],
    ["state", stateOf(account)],
    ["logs in by", meansOf(account)],
    ["roles", shown(account.roles.join(", "))],
    ["permissions", shown(account.permissions.join(", "))],
    ["sudo", account.sudo ? "yes" : "no"],
    ["last login", last === undefined ? "never" : shown(last)],
    ...account.keys.map(({ type, fingerprint, comment }) => ["key", shown(`${type} ${fingerprint} ${comment}`.trim())]),
  ];
}

function meansOf({ hasPassword, hasTotp, keys }: AdministeredAccount): string {
  const means = [
    ...(keys.length > 0 ? [`${keys.length} ${keys.length === 1 ? "key" : "keys"}`] : []),
    ...(hasPassword ? ["password"] : []),
    ...(hasTotp ? ["code"] : []),
  ];
  return means.join(", ") || "nothing";
}

function stateOf({ disabled, expires }: AdministeredAccount): string {
  if (disabled) return "disabled";
  if (expires === undefined) return "active";
  return expires <= Date.now() ? "expired" : `until ${fullMomentOf(expires)}`;
}
