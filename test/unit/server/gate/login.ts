/** A login policy with a clock of its own, and attempts to log in. */
import { Connection, resolveOptions } from "../../../../src/server/index.ts";
import type { AuthAttempt, DefaultState, LogEntry, OfferedKey } from "../../../../src/server/index.ts";
import { Dispatcher } from "../../../../src/server/dispatcher.ts";
import type { CommonOptions } from "../../../../src/server/options.ts";
import { AuthPolicy } from "../../../../src/server/gate/auth-policy.ts";
import { RefusalDelay } from "../../../../src/server/gate/delay.ts";

const SOCKET = { remoteAddress: "192.0.2.1", remotePort: 1, localAddress: "192.0.2.2", localPort: 22 };
const KEY: OfferedKey = {
  type: "ssh-ed25519",
  fingerprint: "SHA256:abc",
  blob: new Uint8Array(),
  toString: () => "ssh-ed25519 AAAA",
};

export function setUp(options: CommonOptions<DefaultState> = { useExternalAuth: true }) {
  const events = new Dispatcher<DefaultState>();
  const log: LogEntry[] = [];
  const slept: number[] = [];
  const time = { now: 0 };
  const clock = {
    now: () => time.now,
    sleep: (milliseconds: number) => {
      slept.push(milliseconds);
      return Promise.resolve();
    },
  };
  const resolved = resolveOptions<DefaultState>({ ...options, log: (entry) => void log.push(entry) });
  const policy = new AuthPolicy(resolved, events, clock, new RefusalDelay(new Uint8Array(32)));
  const connection = new Connection("1", "ssh", SOCKET, { disconnect: () => undefined });
  const judge = async (attempt: AuthAttempt): Promise<string> => {
    const answer = await policy.judge(connection, attempt);
    return answer.type === "partial" ? `partial ${answer.methods.join()}` : answer.type;
  };
  return { events, log, slept, time, policy, connection, judge };
}

export const password = (text: string, username = "alice"): AuthAttempt => ({
  method: "password",
  username,
  password: text,
});
export const offered = (proved: boolean, username = "alice"): AuthAttempt => ({
  method: "publickey",
  username,
  key: KEY,
  algorithm: "ssh-ed25519",
  proved,
});
export const none: AuthAttempt = { method: "none", username: "alice" };
export const interactive = (round = 0, responses: string[] = [], username = "alice"): AuthAttempt => ({
  method: "keyboard-interactive",
  username,
  round,
  responses,
});
