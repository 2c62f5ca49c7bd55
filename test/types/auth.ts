/** Authenticators, restrictions and the log as apps meet them: what compiles, and what must not. Checked by tsc alone. */
import { logTo, Server } from "../../src/index.ts";
import type { Authenticator, AuthVerdict, Grant, LogEntry, LogEvent, Restrictions } from "../../src/index.ts";

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<_T extends true>(): void {
  // The compiler has checked it.
}

// An authenticator needs no more than the methods that it judges, and a verdict on some attempts.
const guests: Authenticator = {
  methods: ["password"],
  judge: (data) => (data.method === "password" && data.username === "guest" ? data.password === "guest" : undefined),
};
const keys: Authenticator = {
  methods: ["publickey", "keyboard-interactive"],
  prepare: async (log) => log({ level: "warn", event: "authorized key not used", detail: { file: "keys", why: "?" } }),
  async judge(data) {
    if (data.method === "keyboard-interactive") return (await data.prompt("Code: ")) === "42";
    if (data.method !== "publickey") return undefined;
    expectType<Equals<typeof data.proved, boolean>>();
    return { accept: true, user: { key: data.key.fingerprint }, restrictions: { noPty: true } };
  },
};
void new Server({ auth: [keys, guests], authenticationMethods: ["publickey,password", "publickey,publickey"] });
// @ts-expect-error a method that there is not
void ({ methods: ["hostbased"], judge: () => true } satisfies Authenticator);
// @ts-expect-error merely truthy is no verdict
void ({ methods: ["password"], judge: () => "yes" } satisfies Authenticator);
// @ts-expect-error who judges nothing is no authenticator
void ({ methods: ["password"] } satisfies Authenticator);
// @ts-expect-error one authenticator is a list of one
void new Server({ auth: guests });
// @ts-expect-error a list of lists is written as sshd_config has it
void new Server({ authenticationMethods: [["publickey", "password"]] });

// Restrictions.
export const backup: Restrictions = { forceCommand: "backup", sourceAddress: ["10.0.0.0/8"], expires: Date.now() };
export const refusal: AuthVerdict = { accept: false, why: "locked", unknownUser: true };
export const step: AuthVerdict = { partial: ["password"], restrictions: backup };
// @ts-expect-error a restriction that is misspelt
export const misspelt: Restrictions = { noPTY: true };
// @ts-expect-error milliseconds, not a date
export const dated: Restrictions = { expires: new Date() };

const ssh = new Server({ allowAnyone: true });
ssh.onUser("connect", ({ connection }) => {
  expectType<Equals<typeof connection.grant, Grant | undefined>>();
  // @ts-expect-error what a login may do cannot be changed
  connection.grant = undefined;
});

// The log.
expectType<Equals<LogEntry["event"], LogEvent>>();
void new Server({
  allowAnyone: true,
  log: (entry) => {
    expectType<Equals<typeof entry, LogEntry>>();
    if (entry.event === "attempt") {
      expectType<Equals<typeof entry.detail.verdict, "accept" | "refuse" | "partial" | "prompt" | "change-password">>();
      // @ts-expect-error an attempt has no session
      void entry.detail.session;
    }
    if (entry.event === "penalty") expectType<Equals<typeof entry.detail.total, number>>();
    // @ts-expect-error there is no such entry
    if (entry.event === "logged in") return;
    // @ts-expect-error which fields there are depends on the event
    void entry.detail?.seconds;
  },
});
// @ts-expect-error a field is missing
export const incomplete: LogEntry = { level: "info", event: "session refused", detail: {} };
// @ts-expect-error there is no such entry
export const unknown: LogEntry = { level: "info", event: "x" };

/** What pino's types say of it, as far as it matters here. */
interface LogFn {
  <T extends object>(obj: T, msg?: string, ...args: unknown[]): void;
  (msg: string, ...args: unknown[]): void;
}
declare const pino: { readonly debug: LogFn; readonly info: LogFn; readonly warn: LogFn; readonly error: LogFn };
void new Server({ allowAnyone: true, log: logTo(pino) });
void new Server({ allowAnyone: true, log: logTo({ ...console, debug: () => undefined }) });
// @ts-expect-error a logger has all four
logTo({ info: () => undefined });
