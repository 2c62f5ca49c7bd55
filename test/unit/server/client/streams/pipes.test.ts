import assert from "node:assert/strict";
import { finished, pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import test from "node:test";
import { serve, settle } from "../../fake-door.ts";

test("a pipeline into stdout arrives whole", async (t) => {
  const { exec } = await serve(t, (server) => {
    server.onUser("command", async (client) => {
      await pipeline(Readable.from(Array.from({ length: 1000 }, () => new Uint8Array(16_384))), client.stdout);
      return 9;
    });
  });
  const session = await exec("x");
  for (let turn = 0; turn < 100; turn++) await settle();
  assert.equal(session.bytesOut, 16_384_000);
  assert.deepEqual(session.calls, ["exit 9", "end", "close"]);
});

test("a visitor who stops to read stops the writer", async (t) => {
  const chunk = new Uint8Array(16_384);
  let produced = 0;
  const { visitor } = await serve(t, (server) => {
    server.onUser("command", async (client) => {
      for (; produced < 1000; produced++) {
        if (!client.stdout.write(chunk)) await new Promise((resolve) => client.stdout.once("drain", resolve));
      }
    });
  });
  const session = await visitor();
  session.isStuck = true;
  session.events.exec("x");
  for (let turn = 0; turn < 20; turn++) await settle();
  assert.ok(produced < 20, `${produced} chunks were taken`);
  session.read();
  for (let turn = 0; turn < 200; turn++) await settle();
  assert.equal(session.bytesOut, 16_384_000);
  assert.deepEqual(session.calls, ["exit 0", "end", "close"]);
});

test("a writer who does not wait loses the session, and memory stays bounded", async (t) => {
  let written = 0;
  const { visitor, log } = await serve(t, (server) => {
    server.onUser("command", (client) => {
      const chunk = new Uint8Array(16_384);
      for (; written < 10_000 && client.endReason === undefined; written++) client.stdout.write(chunk);
      return new Promise<void>(() => undefined);
    });
  });
  const session = await visitor();
  session.isStuck = true;
  session.events.exec("x");
  await settle();
  assert.ok(written < 200, `${written} chunks were taken`);
  assert.deepEqual(session.calls, ["exit 1", "abort"]);
  assert.equal(log.at(-1)?.event, "session ended");
});

test("end() finishes the stream and leaves the session open; a late write is swallowed and called back", async (t) => {
  let isCalledBack = false;
  const { terminal } = await serve(t, (server) => {
    server.onUser("command", async (client, command) => {
      if (command === "end") {
        client.stdout.end("bye\n");
        await finished(client.stdout);
        client.stdout.destroy();
      }
      client.sendln("still here");
    });
    server.onUser("disconnected", (client) => {
      client.stderr.write("late", () => (isCalledBack = true));
    });
  });
  const session = await terminal();
  session.type("end\r");
  await settle();
  assert.match(session.stdout, /bye\r\nstill here\r\n> $/);
  session.hangUp();
  await settle();
  assert.equal(isCalledBack, true);
  assert.doesNotMatch(session.stdout, /late/);
});

test("stdin takes from the visitor only what its reader has room for", async (t) => {
  const { visitor } = await serve(t, (server) => {
    server.onUser("command", async (client, _, { signal }) => {
      client.stdin.once("readable", () => undefined);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    });
  });
  const session = await visitor();
  session.events.exec("x");
  await settle();
  for (let chunk = 0; chunk < 100; chunk++) {
    session.type("x".repeat(10_000));
    await settle();
  }
  assert.ok(session.consumedBytes <= 40_000, `${session.consumedBytes} bytes were taken`);
});

test("without a reader nothing is taken from the visitor", async (t) => {
  const { exec } = await serve(t, (server) => server.onUser("command", () => new Promise(() => undefined)));
  const session = await exec("x");
  session.type("x".repeat(100_000));
  await settle();
  assert.equal(session.consumedBytes, 0);
});

test("stdin carries bytes as they are, and ends with the input", async (t) => {
  const chunks: Uint8Array[] = [];
  const { exec } = await serve(t, (server) => {
    server.onUser("exec", async (client) => {
      for await (const bytes of client.stdin) chunks.push(bytes as Uint8Array);
    });
  });
  const session = await exec("x");
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  session.events.input(all.subarray(0, 100));
  session.events.input(all.subarray(100));
  session.events.eof();
  await settle();
  assert.deepEqual(Uint8Array.from(Buffer.concat(chunks)), all);
  assert.deepEqual(session.calls, ["exit 0", "end", "close"]);
});

test("a reader of stdin hears of a hang-up as an end", async (t) => {
  let hasEnded = false;
  const { exec } = await serve(t, (server) => {
    server.onUser("exec", async (client) => {
      for await (const _ of client.stdin) void _;
      hasEnded = true;
    });
  });
  const session = await exec("x");
  session.hangUp();
  await settle();
  assert.equal(hasEnded, true);
});

test("stdout brings the cursor back on a terminal, also when a pair is cut in two", async (t) => {
  const { terminal } = await serve(t, (server) => {
    server.onUser("command", (client) => {
      client.stdout.write("a\nb\r");
      client.stdout.write("\nc\n");
    });
  });
  const session = await terminal();
  session.type("x\r");
  await settle();
  assert.match(session.stdout, /> x\r\na\r\nb\r\nc\r\n> $/);
});
