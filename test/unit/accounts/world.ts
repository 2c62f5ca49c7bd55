/** Accounts in memory with a clock of their own, an app that uses them, and keys to come in with. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { AccountError, Accounts, memoryStore } from "../../../src/accounts/index.ts";
import type { AccountErrorCode, AccountsOptions, AccountStore } from "../../../src/accounts/index.ts";
import { generatePrivateKey, parsePrivateKey } from "../../../src/crypto/index.ts";
import { Server } from "../../../src/index.ts";
import type { DefaultState, LogEntry, ServerOptions } from "../../../src/index.ts";
import { openTerminal } from "../../../src/testing/index.ts";
import type { Terminal, TerminalOptions } from "../../../src/testing/index.ts";

export const PASSWORD = "correct horse";

export interface World {
  readonly accounts: Accounts;
  readonly clock: { now: number };
  readonly store: AccountStore;
}

/** Accounts of which nobody is there yet. */
export function world(options: AccountsOptions = {}): World {
  const clock = { now: Date.UTC(2026, 10, 26, 12) };
  const { store = memoryStore() } = options;
  return { accounts: new Accounts({ store, now: () => clock.now, ...options }), clock, store };
}

/** A key pair: the private one as the text of its file, the public one as a line. */
export function newKey(comment = ""): { readonly key: string; readonly line: string; readonly fingerprint: string } {
  const key = generatePrivateKey("ed25519");
  const { publicKey } = parsePrivateKey(key);
  const line = `${publicKey.toString()}${comment && ` ${comment}`}`;
  return { key, line, fingerprint: publicKey.fingerprint };
}

export interface App {
  readonly ssh: Server;
  readonly log: LogEntry[];
  /** Why logins were refused, in their order. */
  readonly whys: () => string[];
}

/** A server on which the accounts log in; it says what it was told. */
export function app(t: TestContext, accounts: Accounts, options: Partial<ServerOptions> = {}): App {
  const log: LogEntry[] = [];
  const ssh = new Server({
    auth: accounts.authenticators(),
    history: accounts.history(),
    log: (entry) => void log.push(entry),
    ...options,
  });
  accounts.serve(ssh);
  ssh.onUser("connect", (client) => client.sendln(`Hello, ${client.username}.`));
  ssh.onUser("command", (client, command) => client.sendln(`did ${command}`));
  t.after(() => ssh.close());
  const whys = (): string[] =>
    log.flatMap((entry) => (entry.event === "attempt" && entry.detail.why !== undefined ? [entry.detail.why] : []));
  return { ssh, log, whys };
}

/** Opens a terminal, and is patient: hashes take long where many tests run at once. */
export function visit(ssh: Server, options: TerminalOptions): Promise<Terminal<DefaultState>> {
  return openTerminal(ssh, { timeout: 30_000, ...options });
}

/** Asserts that something fails with an AccountError of this code, and gives its message. */
export async function failsWith(doing: Promise<unknown>, code: AccountErrorCode): Promise<string> {
  let message = "";
  await assert.rejects(doing, (error) => {
    message = error instanceof Error ? error.message : "";
    return error instanceof AccountError && error.code === code;
  });
  return message;
}
