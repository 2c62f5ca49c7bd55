/** Tests with one body that are run by every way to a server. */
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { Way } from "../src/testing/index.ts";
import { requirePeer } from "./interop/peers.ts";

/** What a test is told of the way that it is run by; it goes into the options of `openTerminal` and its like. */
export interface By {
  readonly over: Way;
  /** Generous: machines are slow and busy. */
  readonly timeout: number;
}

/** Makes two tests: in memory, and over the real OpenSSH where that is installed. */
export function testBothWays(name: string, body: (t: TestContext, by: By) => Promise<void>): void {
  test(`${name}, in memory`, (t) => body(t, { over: "memory", timeout: 30_000 }));
  test(`${name}, over OpenSSH`, async (t) => {
    if (requirePeer(t, "ssh") === undefined || requirePeer(t, "python3") === undefined) return;
    await body(t, { over: "ssh", timeout: 60_000 });
  });
}
