import assert from "node:assert/strict";
import test from "node:test";
import type { Client, ServerCore } from "../../../../src/server/index.ts";
import { serve, settle } from "../fake-door.ts";
import { screenOf } from "../screen.ts";

/** A command that fills the window until a key comes, and cleans up when it may. */
async function fullScreen(client: Client): Promise<void> {
  client.send("\x1b[?1049h\x1b[?25l\x1b[H\x1b[44mall blue");
  try {
    await client.key();
  } finally {
    client.send("\x1b[?25h\x1b[?1049l");
  }
}

function register(server: ServerCore): void {
  server.onUser("command", (client, command) => (command === "big" ? fullScreen(client) : client.sendln("small")));
}

test("a session that the server ends gets its first screen and its cursor back, and the reason on it", async (t) => {
  const { server, terminal } = await serve(t, register);
  const session = await terminal();
  session.type("big\r");
  await settle();
  server.kickAll("Out with you.");
  await settle();
  assert.deepEqual(await screenOf(session), ["> big", "Out with you."]);
  assert.match(session.stdout, /\x1b\[m\x1b\[\?25h\x1b\[\?1049l(?!.*\x1b\[\?25l)/s);
});

test("after a command that showed the second screen the prompt is where the first screen was left", async (t) => {
  const { terminal } = await serve(t, register);
  const session = await terminal();
  session.type("big\r");
  await settle();
  session.type("x");
  await settle();
  session.type("y\r");
  await settle();
  assert.deepEqual(await screenOf(session), ["> big", "> y", "small", ">"]);
});

test("bytes that are written to the stream change the screen too", async (t) => {
  const { server, terminal } = await serve(t, (server) => {
    server.onUser("command", async (client) => {
      client.stdout.write("\x1b[?1049hfull");
      await client.key();
    });
  });
  const session = await terminal();
  session.type("big\r");
  await settle();
  await server.close({ message: "Closed." });
  assert.deepEqual(await screenOf(session), ["> big", "Closed."]);
});
