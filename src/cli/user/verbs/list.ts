import { columns, json, login, stateOf, waysIn } from "../print.ts";
import type { UserVerb } from "../verb.ts";

/** `sallyport user list`. */
export const list: UserVerb = {
  takes: [],
  summary: "lists all accounts",
  options: {
    logins: { help: "with the last login of each" },
    json: { help: "as JSON, without secrets" },
  },
  async run({ accounts, console, say, flag }) {
    const [asJson, withLogins] = [flag("json"), flag("logins")];
    const rows: string[][] = [];
    const all: object[] = [];
    for await (const account of accounts.list()) {
      const lastLogin = withLogins ? await accounts.lastLogin(account.name) : undefined;
      if (asJson) all.push(withLogins ? { ...account, lastLogin } : account);
      else {
        const may = [
          ...account.permissions,
          ...account.roles.map((role) => `role:${role}`),
          ...(account.sudo ? ["sudo"] : []),
        ];
        const row = [account.name, stateOf(account), waysIn(account), may.join(" ") || "-"];
        rows.push(withLogins ? [...row, login(lastLogin)] : row);
      }
    }
    if (asJson) return console.print(json(all, 2));
    const head = ["NAME", "STATE", "LOGS IN BY", "MAY", ...(withLogins ? ["LAST LOGIN"] : [])];
    for (const line of columns([head, ...rows])) say(line);
  },
};
