import type { Account, Accounts } from "../../accounts/index.ts";
import { AccountError } from "../../accounts/index.ts";

/** The account of a name. @throws {AccountError} `NO_ACCOUNT`. */
export async function accountOf(accounts: Accounts, name: string): Promise<Account> {
  const account = await accounts.get(name);
  if (account === undefined) throw new AccountError("NO_ACCOUNT", `There is no account ${name.slice(0, 64)}.`);
  return account;
}
