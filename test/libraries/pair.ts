/** Two visitors at once, on different terminals, who use the same app: what one sees must be nothing of the other's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Server } from "../../src/index.ts";
import type { Client, CommandContext, DefaultState } from "../../src/index.ts";
import { openTerminal } from "../../src/testing/index.ts";
import type { Terminal } from "../../src/testing/index.ts";
import { requirePeer } from "../interop/peers.ts";

/** What an app does with the library when its visitor enters a command. */
type App = (client: Client, context: CommandContext) => unknown;

/** One of the two. */
export type Visitor = Terminal<DefaultState>;

/** What one of the two does and sees. `name` is theirs, to tell their screens apart. */
type Script = (visitor: Visitor, name: string) => Promise<void>;

export interface PairOptions {
  /** Set off when the visitors are in; the test ends when all have come to their ends. */
  readonly together?: (alice: Visitor, bob: Visitor) => Promise<void>;
}

/** Generous: machines are slow and busy. */
const TIMEOUT = 60_000;

/**
 * Makes a test over the real OpenSSH: alice has a large window and all colours, bob a small one and 16. Both play the script at
 * the same time; when it is done, the prompt has to be back.
 */
export function testPair(name: string, app: App, script: Script, { together }: PairOptions = {}): void {
  test(name, async (t) => {
    if (requirePeer(t, "ssh") === undefined || requirePeer(t, "python3") === undefined) return;
    const errors: unknown[] = [];
    await using ssh = new Server({ allowAnyone: true, log: false });
    ssh.onUser("command", async (client, _, context) => {
      await app(client, context);
    });
    ssh.onUser("error", (_, error) => void errors.push(error));
    const over = { over: "ssh", timeout: TIMEOUT } as const;
    await using alice = await openTerminal(ssh, {
      ...over,
      username: "alice",
      columns: 100,
      rows: 30,
      term: "xterm-kitty",
    });
    await using bob = await openTerminal(ssh, {
      ...over,
      username: "bob",
      columns: 50,
      rows: 15,
      term: "xterm-16color",
    });
    const play = async (visitor: Visitor, name: string): Promise<void> => {
      await visitor.waitFor("> ");
      visitor.type("go\r");
      await script(visitor, name);
      await visitor.waitFor((screen) => screen.beforeCursor === "> " || undefined);
    };
    await Promise.all([play(alice, "alice"), play(bob, "bob"), together?.(alice, bob)]);
    assert.deepEqual(errors, []);
  });
}

/** The colours of a visitor's terminal, as the screen names them: what `truecolor` has become for each. */
export function colourOf(name: string, alice: string, bob: string): string {
  return name === "alice" ? alice : bob;
}
