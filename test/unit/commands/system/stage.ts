import type { TestContext } from "node:test";
import { Commands, Modules, systemCommands } from "../../../../src/commands/index.ts";
import type { AccountAdministration, AdministeredAccount, SystemOptions } from "../../../../src/commands/index.ts";
import { Server } from "../../../../src/index.ts";
import { openTerminal } from "../../../../src/testing/index.ts";
import type { Terminal, TerminalOptions } from "../../../../src/testing/index.ts";

/** A server with the system commands; who is called `root` may do everything, and others what `granted` says. */
export interface SystemStage {
  readonly server: Server;
  readonly commands: Commands;
  readonly modules: Modules;
  readonly accounts: FakeAccounts;
  readonly granted: Map<string, readonly string[]>;
  readonly visit: (username?: string, options?: TerminalOptions) => Promise<Terminal<Record<string, unknown>>>;
}

export async function makeSystem(t: TestContext, options: SystemOptions = {}): Promise<SystemStage> {
  const server = new Server({ allowAnyone: true, log: false });
  const granted = new Map<string, readonly string[]>();
  const may: NonNullable<SystemOptions["may"]> = (client, permission) =>
    client.username === "root" || granted.get(client.username)?.includes(permission) === true;
  const commands = new Commands({ may });
  commands.mount(server);
  const modules = new Modules({ server, commands });
  const accounts = new FakeAccounts();
  await modules.add(systemCommands({ may, modules, accounts, hostname: "castle", ...options }));
  t.after(async () => {
    await server.close();
    await modules.close();
  });
  const visit: SystemStage["visit"] = (username = "alice", more = {}) =>
    openTerminal(server, { username, timeout: 20_000, ...more });
  return { server, commands, modules, accounts, granted, visit };
}

type Fake = AdministeredAccount & { readonly password?: string };

/** Accounts in memory, with what the commands ask of them. */
class FakeAccounts implements AccountAdministration {
  readonly all: Map<string, Fake> = new Map();
  /** The names whose password was set, and whether somebody was to be kept. */
  readonly set: string[] = [];
  accountOf?: NonNullable<AccountAdministration["accountOf"]>;

  get(name: string): Promise<AdministeredAccount | undefined> {
    return Promise.resolve(this.all.get(name));
  }

  async *list(): AsyncGenerator<AdministeredAccount> {
    yield* this.all.values();
  }

  async add(name: string, given: Partial<Pick<Fake, "password" | "permissions" | "roles">>): Promise<void> {
    if (this.all.has(name)) throw new AccountError(`There is an account ${name} already.`);
    if (given.password !== undefined && given.password.length < 8) throw new AccountError("It is too short.");
    const { permissions = [], roles = [], password } = given;
    this.all.set(name, {
      name,
      created: new Date(2026, 10, 26, 4, 53).getTime(),
      permissions,
      roles,
      sudo: false,
      disabled: false,
      hasPassword: password !== undefined,
      hasTotp: false,
      keys: [],
      ...(password !== undefined && { password }),
    });
  }

  remove(name: string): Promise<boolean> {
    return Promise.resolve(this.all.delete(name));
  }

  async rename(name: string, to: string): Promise<void> {
    this.#change(name, { name: to });
  }

  async grant(name: string, ...more: readonly string[]): Promise<void> {
    const { permissions } = this.#named(name);
    this.#change(name, { permissions: [...permissions, ...more] });
  }

  async revoke(name: string, ...less: readonly string[]): Promise<void> {
    const { permissions } = this.#named(name);
    this.#change(name, { permissions: permissions.filter((one) => !less.includes(one)) });
  }

  async update(name: string, change: Partial<Fake>): Promise<void> {
    this.#change(name, change);
  }

  async removeTotp(name: string): Promise<void> {
    this.#change(name, { hasTotp: false });
  }

  async disable(name: string): Promise<void> {
    this.#change(name, { disabled: true });
  }

  async enable(name: string): Promise<void> {
    this.#change(name, { disabled: false });
  }

  async setPassword(name: string, password: string, options: { readonly keep?: object }): Promise<void> {
    this.#change(name, { password, hasPassword: true });
    this.set.push(`${name}${options.keep === undefined ? "" : ", one is kept"}`);
  }

  async verifyPassword(name: string, password: string): Promise<boolean> {
    return this.all.get(name)?.password === password;
  }

  async addKey(name: string, line: string): Promise<AdministeredAccount["keys"][number]> {
    const [type = "", , comment = ""] = line.split(" ");
    const key = { type, fingerprint: "SHA256:abc", comment };
    this.#change(name, { keys: [key] });
    return key;
  }

  async removeKey(name: string, fingerprint: string): Promise<boolean> {
    const { keys } = this.#named(name);
    this.#change(name, { keys: keys.filter((key) => key.fingerprint !== fingerprint) });
    return keys.length > this.#named(name).keys.length;
  }

  lastLogin(name: string): Promise<{ at: number; address: string; method: string } | undefined> {
    const login = { at: new Date(2026, 10, 25, 12, 0).getTime(), address: "192.0.2.7", method: "password" };
    return Promise.resolve(name === "alice" ? login : undefined);
  }

  #named(name: string): Fake {
    const account = this.all.get(name);
    if (account === undefined) throw new AccountError(`There is no account ${name}.`);
    return account;
  }

  #change(name: string, change: Partial<Fake>): void {
    const account = this.#named(name);
    this.all.delete(name);
    this.all.set(change.name ?? name, { ...account, ...change });
  }
}

/** As `Accounts` throws them; only the name is looked at. */
class AccountError extends Error {
  override readonly name = "AccountError";
}
