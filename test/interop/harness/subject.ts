import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { Server } from "../../../src/index.ts";
import type { AuthData, ServerOptions } from "../../../src/index.ts";
import { install } from "../../target/programs.ts";
import { hostKeyFile, publicKey } from "./keys.ts";
import type { KeyKind } from "./keys.ts";
import { until } from "./until.ts";

/** The password of every user who has one. */
export const PASSWORD = "correct horse";

/** What a test may change of the server. */
export type SubjectOptions = Omit<ServerOptions, "hostKeys" | "port" | "host"> & {
  /** Default ed25519. */
  readonly hostKeys?: readonly KeyKind[];
  /** The user keys that are let in. Default ed25519. */
  readonly userKeys?: readonly KeyKind[];
};

/** A server to talk to. */
export interface Subject {
  readonly server: Server;
  readonly port: number;
  /** What happened, in the words of the events: `login alice by publickey`, `resized 100x30`, `signal INT`. */
  readonly seen: readonly string[];
}

/**
 * Starts a server on a free port, until the test ends. Its users are
 * - alice, let in by a user key or the password,
 * - carol, asked by keyboard-interactive for the password, then for two words at once,
 * - bob, who needs a user key and the same questions.
 */
export async function startSubject(t: TestContext, options: SubjectOptions = {}): Promise<Subject> {
  const { hostKeys = ["ed25519"], userKeys = ["ed25519"], ...rest } = options;
  const seen: string[] = [];
  const server = new Server({
    port: 0,
    hostKeys: hostKeys.map(hostKeyFile),
    useExternalAuth: true,
    acceptEnv: ["LANG", "LC_*", "TEST_*"],
    log: (entry) => entry.level === "error" && seen.push(`log ${entry.event} ${String(entry.error)}`),
    ...rest,
  });
  const authorized = new Set(userKeys.map((kind) => publicKey("user", kind)));
  server.onUser("auth", (data) => judge(data, authorized));
  server.onUser("authinteractive", async (data, prompt) => {
    const password = await prompt("Password: ");
    if (data.username === "alice") return password === PASSWORD;
    const words = await prompt(
      [
        { prompt: "Colour: ", echo: true },
        { prompt: "Animal: ", echo: false },
      ],
      { name: "Second round", instruction: "Two more questions." },
    );
    const isKnown = data.username === "carol" || (data.username === "bob" && data.passed.includes("publickey"));
    return isKnown && password === PASSWORD && words.join() === "red,fox";
  });
  install(server);
  server.onUser(
    "connect",
    ({ username, connection }) => void seen.push(`login ${username} by ${connection.methods.join("+")}`),
  );
  server.onUser("connectpty", (_, { term, width, height }) => void seen.push(`pty ${term} ${width}x${height}`));
  server.onUser("resized", (client, { width, height }) => {
    seen.push(`resized ${width}x${height}`);
    client.sendln(`now ${width} by ${height}`);
  });
  server.onUser("signal", (client, name) => {
    seen.push(`signal ${name}`);
    client.sendln(`got ${name}`);
  });
  server.onUser("env", (_, name, value) => void seen.push(`env ${name}=${value}`));
  server.onUser("disconnected", (client) => void seen.push(`left ${client.endReason}`));
  const { port } = await server.run();
  t.after(() => server.close());
  return { server, port, seen };
}

/** Waits until as much has happened as was expected, and compares. */
export async function assertSeen({ seen }: Subject, expected: readonly string[]): Promise<void> {
  await until(`${expected.join(", ")}; there was ${seen.join(", ")}`, () => seen.length >= expected.length);
  assert.deepEqual(seen, expected);
}

function judge(data: AuthData, authorized: ReadonlySet<string>): boolean | { partial: string[] } {
  if (data.method === "password") return data.username === "alice" && data.password === PASSWORD;
  if (data.method !== "publickey" || !authorized.has(data.key.toString())) return false;
  return data.username === "bob" ? { partial: ["keyboard-interactive"] } : data.username === "alice";
}
