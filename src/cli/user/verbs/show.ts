import type { Account, LoginRecord } from "../../../accounts/index.ts";
import { accountOf } from "../account-of.ts";
import { columns, json, login, stateOf, time, waysIn } from "../print.ts";
import type { UserVerb } from "../verb.ts";

/** `sallyport user show`. */
export const show: UserVerb = {
  takes: ["NAME"],
  summary: "shows all that is known of it, without secrets",
  options: { json: { help: "as JSON" } },
  async run({ accounts, console, say, args: [name = ""], flag }) {
    const account = await accountOf(accounts, name);
    const lastLogin = await accounts.lastLogin(name);
    if (flag("json")) return console.print(json({ ...account, lastLogin }, 2));
    for (const line of columns(rowsOf(account, lastLogin))) say(line);
  },
};

function rowsOf(account: Account, lastLogin: LoginRecord | undefined): readonly (readonly string[])[] {
  const { name, created, keys, permissions, roles, expires, recoveryCodes, hasTotp, ...others } = account;
  const { hasPassword: _, guest: _guest, revision: _revision, disabled: _disabled, ...settings } = others;
  return [
    ["name", name],
    ["state", stateOf(account)],
    ["created", time(created)],
    ["expires", expires === undefined ? "never" : time(expires)],
    ["last login", login(lastLogin)],
    ["logs in by", waysIn(account)],
    ...(hasTotp ? [["recovery codes", String(recoveryCodes)]] : []),
    ...keys.map(({ fingerprint, comment }) => ["key", `${fingerprint} ${comment}`]),
    ["permissions", permissions.join(" ") || "none"],
    ["roles", roles.join(" ") || "none"],
    ...Object.entries(settings).map(([setting, value]) => [setting, json(value)]),
  ];
}
