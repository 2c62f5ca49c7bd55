/** Accounts as apps meet them: what compiles, and what must not. Checked by tsc alone. */
import { Accounts, sqliteStore } from "../../src/accounts/index.ts";
import type { Account, AccountStore } from "../../src/accounts/index.ts";
import { Commands } from "../../src/commands/index.ts";
import { Server } from "../../src/index.ts";
import type { Client } from "../../src/index.ts";

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<_T extends true>(): void {
  // The compiler has checked it.
}

const accounts = new Accounts({ store: sqliteStore("accounts.sqlite"), roles: { admin: ["*"] } });

// A server takes what accounts give it, whatever its clients' bags hold.
interface Cart {
  readonly items: string[];
}
const ssh = new Server<Cart>({
  auth: accounts.authenticators(),
  history: accounts.history(),
  state: () => ({ items: [] }),
});
accounts.serve(ssh);
ssh.onUser("command", async (client) => {
  expectType<Equals<Awaited<ReturnType<typeof accounts.may>>, boolean>>();
  void (await accounts.may(client, "orders.read"));
  expectType<Equals<Awaited<ReturnType<typeof accounts.accountOf>>, Account | undefined>>();
  await accounts.setPassword("ada", "another horse", { keep: client });
  void (await accounts.signIn(client, "ada", { password: "correct horse" }));
  void (await accounts.fileAccess(client)).readOnly;
});

// So do commands, without `this`.
const { may, sudo } = accounts;
void new Commands({ may, sudo });
export const allowed = (client: Client): Promise<boolean> => sudo.allowed(client);

// Changes are of settings, by an object or a function of the account; undefined takes one back.
void accounts.update("ada", { prompt: undefined, limits: { sessions: 2 } });
void accounts.update("ada", ({ permissions }) => ({ permissions: [...permissions, "a"] }));
// @ts-expect-error there is no such setting
void accounts.update("ada", { colour: "blue" });
// @ts-expect-error a password is no setting
void accounts.update("ada", { password: "correct horse" });
// @ts-expect-error what an account has is changed by update() alone
void accounts.get("ada").then((account) => account && (account.sudo = true));
// @ts-expect-error a hash is not to be seen
void accounts.get("ada").then((account) => account?.password);
// @ts-expect-error a store has more to it than that
export const store: AccountStore = { get: () => Promise.resolve(undefined) };
// @ts-expect-error only two rules for names
void new Accounts({ names: "emoji" });
