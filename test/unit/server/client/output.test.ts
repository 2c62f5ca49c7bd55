import assert from "node:assert/strict";
import test from "node:test";
import * as fc from "fast-check";
import { Output } from "../../../../src/server/client/output.ts";
import { FakeSession, serve, settle } from "../fake-door.ts";

test("what is written in one turn leaves as one piece", async (t) => {
  const { exec } = await serve(t, (server) => {
    server.onUser("command", (client) => {
      for (let line = 0; line < 1000; line++) client.sendln(String(line));
    });
  });
  const session = await exec("x");
  assert.equal(session.stdout.split("\n").length, 1001);
  assert.equal(session.writes, 1);
});

test("newlines bring the cursor back on a terminal, once, wherever the text is cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.stringMatching(/^[a\r\n]{0,6}$/)), async (pieces) => {
      const session = new FakeSession();
      const output = new Output(session, 1_000_000, () => assert.fail());
      output.isTerminal = true;
      for (const piece of pieces) output.write(piece);
      await settle();
      assert.equal(session.stdout.replaceAll("\r\n", "\n"), pieces.join("").replaceAll("\r\n", "\n"));
      assert.doesNotMatch(session.stdout.replaceAll("\r\n", ""), /\n/);
    }),
    { numRuns: 200 },
  );
});

test("without a terminal text is sent as it is, and stderr is a stream of its own in the order of writing", async () => {
  const session = new FakeSession();
  const order: string[] = [];
  session.write = (bytes, stream) => {
    order.push(`${stream} ${Buffer.from(bytes).toString()}`);
    return true;
  };
  const output = new Output(session, 1_000_000, () => assert.fail());
  output.write("a\n");
  output.write("b", "stderr");
  output.writeBytes(Buffer.from("c"), "stderr");
  output.write("d");
  await settle();
  assert.deepEqual(order, ["stdout a\n", "stderr bc", "stdout d"]);
});

test("what a visitor does not read waits here, and a writer who waits goes on when it has been read", async () => {
  const session = new FakeSession();
  session.isStuck = true;
  const output = new Output(session, 1_000_000, () => assert.fail());
  output.write("x".repeat(100_000));
  let isDrained = false;
  const drained = output.drained().then(() => (isDrained = true));
  await settle();
  assert.equal(isDrained, false);
  output.write("more");
  await settle();
  assert.equal(session.writes, 1);
  session.isStuck = false;
  output.handleDrained();
  await drained;
  assert.equal(session.bytesOut, 100_004);
  assert.equal(output.unsent, 0);
});

test("too much unread output is dropped and gives the session up, once", async () => {
  const session = new FakeSession();
  session.isStuck = true;
  let overflows = 0;
  const output = new Output(session, 100_000, () => overflows++);
  for (let piece = 0; piece < 100; piece++) output.write("x".repeat(10_000));
  await settle();
  assert.equal(overflows, 1);
  assert.equal(output.unsent, 0);
  await output.drained();
});

test("after the end nothing is written, and nobody waits for ever", async () => {
  const session = new FakeSession();
  session.isStuck = true;
  const output = new Output(session, 1_000_000, () => assert.fail());
  output.write("x".repeat(100_000));
  const waiting = output.drained();
  await settle();
  output.write("last");
  output.end();
  output.write("late");
  output.writeBytes(Buffer.from("late"));
  output.control("late");
  await waiting;
  await settle();
  assert.equal(session.stdout.slice(-5), "xlast");
});
