/** A small app, for the tests of the tests. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Server } from "../../../src/index.ts";
import type { Client, ServerOptions } from "../../../src/index.ts";
import { TestingError } from "../../../src/testing/index.ts";

export interface Seen {
  seen: string[];
}

type Run = (client: Client<Seen>, signal: AbortSignal) => unknown;

const commands: Readonly<Record<string, Run>> = {
  hello: (client) => client.sendln("\x1b[32mworld!\x1b[m"),
  exit: (client) => client.exit(7),
  long: (client) => {
    for (let line = 1; line <= 50; line++) client.sendln(`line ${line} ${"=".repeat(60)}`);
  },
  silent: () => undefined,
  clear: (client) => client.clear(),
  ask: async (client) => client.sendln(`you are ${await client.ask("Who? ")}`),
  wait: (_client, signal) => sleep(1_000_000, undefined, { signal }),
  keys: async (client) => {
    for (;;) {
      const { name } = await client.key();
      client.sendln(`key ${name}`);
      if (name === "q") return;
    }
  },
  mouse: async (client) => {
    client.send("\x1b[?1000;1006h[OK]\n");
    while ((await client.key()).name !== "q");
  },
  who: (client) =>
    client.sendln(JSON.stringify([client.username, client.user, client.peer.address, client.env["GREETING"]])),
  flood: async (client) => {
    for (let line = 0; line < 20_000; line++) {
      client.sendln(`${line} ${"~".repeat(200)}`);
      await client.drained();
      client.state.seen.push("written");
    }
  },
};

/** A server that is not run: everybody may come in, and what happens is in `client.state.seen`. */
export function makeApp(options: Partial<ServerOptions<Seen>> = {}): Server<Seen> {
  const server = new Server<Seen>({
    allowAnyone: true,
    acceptEnv: ["GREETING"],
    log: false,
    state: () => ({ seen: [] }),
    ...options,
  });
  server.onUser("connect", (client) => client.sendln(`Welcome, ${client.username}!`));
  server.onUser("resized", (client, { width, height }) => client.sendln(`now ${width}×${height}`));
  server.onUser("rawtype", (client, bytes) => void client.state.seen.push(Buffer.from(bytes).toString()));
  server.onUser("signal", (client, name) => client.sendln(`signal ${name}`));
  server.onUser("command", async (client, line, { signal }) => {
    const command = commands[line];
    if (command !== undefined) {
      await command(client, signal);
      return 0;
    }
    client.stderr.write(`no ${line}\n`);
    return 127;
  });
  server.subsystem("upper", async (client) => {
    for await (const chunk of client.stdin) client.send(String(chunk).toUpperCase());
    return 3;
  });
  return server;
}

/** Checks the code of a TestingError, and what its message says. */
export function isError(code: string, message: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof TestingError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}
