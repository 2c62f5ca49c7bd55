import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { generatePrivateKey } from "../../src/crypto/index.ts";
import { Server } from "../../src/index.ts";
import type { LogEntry } from "../../src/index.ts";
import { Client } from "../client/index.ts";

/** Completes a key exchange and leaves; gives how many there were: 1, or 0 where the server did not speak at all. */
function exchangeKeys(port: number, kex: string): Promise<number> {
  const client = new Client({ kex: [kex] });
  const socket = connect(port, "127.0.0.1");
  const send = (): void => void socket.write(client.pull());
  socket.on("connect", send);
  socket.on("data", (bytes) => {
    client.receive(bytes);
    if (client.exchanges > 0) socket.destroy();
    else send();
  });
  // A refusal is a reset: it costs the server least.
  socket.on("error", () => undefined);
  return new Promise((resolve) => socket.once("close", () => resolve(client.exchanges)));
}

// Security bar A1 17: the work of key exchanges that one source can ask for.
test("a source that exchanges keys and never logs in is soon kept out, before any work is done for it", async (t) => {
  const log: LogEntry[] = [];
  const server = new Server({
    port: 0,
    allowAnyone: true,
    hostKeys: generatePrivateKey("ed25519"),
    penalties: { noauth: 5, min: 15, exempt: [] },
    log: (entry) => void log.push(entry),
  });
  const { port } = await server.run();
  t.after(() => server.close());
  const counts: number[] = [];
  // The costliest of all: 3 ms, where curve25519 takes 0.1 ms.
  for (let i = 0; i < 20; i++) counts.push(await exchangeKeys(port, "ecdh-sha2-nistp521"));
  const answered = counts.reduce((sum, count) => sum + count);
  assert.ok(answered >= 3 && answered < 10, `${answered} of ${counts.length}: ${counts.join("")}`);
  assert.equal(counts.at(-1), 0);
  const refusals = log.filter(({ event }) => event === "connection refused");
  // The log tells of refusals once a second, not of each.
  assert.ok(refusals.length > 0 && refusals.length < counts.length - answered);
});
