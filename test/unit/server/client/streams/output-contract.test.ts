/** The eight lines of the contract of the output stream: docs/decisions/0011. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { PassThrough, Readable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import test from "node:test";
import { Output } from "../../../../../src/server/client/output.ts";
import { AbortError } from "../../../../../src/server/index.ts";
import { OutputStream } from "../../../../../src/terminal/index.ts";
import { FakeSession, serve, settle } from "../../fake-door.ts";
import { screenOf } from "../../screen.ts";
import { acting, onTerminal, staying } from "./visitors.ts";

test("output 1: it is a terminal that lasts, has no file descriptor, and is never 0 cells wide or high", async (t) => {
  const { client, session } = await staying(t, { width: 0, height: 0 });
  for (const stream of [client.stdout, client.stderr]) {
    assert.equal(stream.isTTY, true);
    assert.equal((stream as unknown as { _isStdio: unknown })._isStdio, true);
    assert.equal("fd" in stream, false);
    assert.deepEqual([stream.columns, stream.rows], [80, 24]);
  }
  session.events.resized({ width: 0, height: 0, pixelwidth: 0, pixelheight: 0 });
  assert.deepEqual([client.stdout.columns, client.stdout.rows], [80, 24]);
  session.events.resized({ width: 100_000, height: 0xffff_ffff, pixelwidth: 0, pixelheight: 0 });
  assert.deepEqual([client.stdout.columns, client.stdout.rows], [65_535, 65_535]);
});

test("output 2: size, cursor and clear methods are those of a tty.WriteStream", async (t) => {
  const { client, session } = await staying(t, { width: 40, height: 10 });
  const { stdout } = client;
  assert.deepEqual(stdout.getWindowSize(), [40, 10]);
  stdout.write("one\ntwo\nthree");
  stdout.cursorTo(0, 0);
  stdout.clearLine(0);
  stdout.write("1");
  stdout.moveCursor(3, 1);
  stdout.clearScreenDown();
  let isCalledBack = false;
  stdout.cursorTo(2, () => (isCalledBack = true));
  assert.equal(stdout.ref(), stdout);
  assert.equal(stdout.unref(), stdout);
  await settle();
  assert.equal(isCalledBack, true);
  assert.deepEqual(await screenOf(session), ["1", "two"]);
});

test("output 2: resize comes on a change only, when the new size can be read", async (t) => {
  const { client, session } = await staying(t, { width: 40, height: 10 });
  const sizes: [number, number][] = [];
  client.stdout.on("resize", () => sizes.push(client.stdout.getWindowSize()));
  client.stderr.on("resize", () => sizes.push(client.stderr.getWindowSize()));
  const size = { width: 40, height: 10, pixelwidth: 0, pixelheight: 0 };
  session.events.resized(size);
  session.events.resized({ ...size, pixelwidth: 100 });
  session.events.resized({ ...size, width: 41 });
  session.events.resized({ ...size, width: 41 });
  assert.deepEqual(sizes, [
    [41, 10],
    [41, 10],
  ]);
});

test("output 3: end() flushes, finishes, and leaves session and stream open; as often as somebody pipes into it", async (t) => {
  const { client, session } = await staying(t);
  for (const text of ["one\n", "two\n"]) await pipeline(Readable.from([text]), client.stdout);
  new PassThrough().end("three\n").pipe(client.stdout);
  await once(client.stdout, "finish");
  const done = finished(client.stdout);
  await new Promise<void>((resolve) => client.stdout.end("four\n", resolve));
  await done;
  await new Promise<void>((resolve) => client.stdout.end(resolve));
  client.stdout.end("Zml2ZQo=", "base64");
  assert.equal(client.stdout.write("six\n"), true);
  await settle();
  assert.equal(session.stdout, "one\r\ntwo\r\nthree\r\nfour\r\nfive\r\nsix\r\n");
  assert.deepEqual(session.calls, []);
});

test("output 3: destroy() does nothing until the session closes, but whoever waits for it goes on", async (t) => {
  const { client, session } = await staying(t);
  const { stdout } = client;
  await assert.rejects(pipeline(createReadStream("/no such file"), stdout), { code: "ENOENT" });
  const other = pipeline(new PassThrough(), stdout);
  stdout.destroy();
  await assert.rejects(other, { code: "ERR_STREAM_PREMATURE_CLOSE" });
  assert.deepEqual([stdout.destroyed, stdout.writable], [false, true]);
  stdout.write("still here");
  await settle();
  assert.equal(session.stdout, "still here");
  assert.deepEqual(session.calls, []);
  session.hangUp();
  await settle();
  assert.equal(stdout.destroyed, true);
});

test("output 4: a newline brings the cursor back, wherever text and bytes are cut, in raw mode too", async (t) => {
  const { client, session } = await staying(t);
  client.stdin.setRawMode(true);
  client.stdout.write("a\nb\r");
  client.stdout.write("\nc");
  client.stdout.write(Buffer.from("\nd\r"));
  client.stderr.write(Buffer.from("\ne\r"));
  client.send("\nf\n");
  client.stdout.write(Buffer.from("\n\r\n"));
  await settle();
  assert.equal(session.stdout, "a\r\nb\r\nc\r\nd\r\ne\r\nf\r\n\r\n\r\n");
});

test("output 4: setRawOutput writes what a terminal has made as it is, until the command is over", async (t) => {
  const subject = await acting(t, (client, _, command) => {
    if (command === "raw") client.stdout.setRawOutput(true);
    assert.equal(client.stdout.isRawOutput, command === "raw");
    client.stdout.write("a\nb");
    client.stdout.write(Buffer.from("\nc"));
  });
  const session = await subject.terminal();
  session.type("raw\rcooked\r");
  await settle();
  const [, raw, cooked] = session.stdout.split(/> (?:raw|cooked)\r\n/);
  assert.match(raw ?? "", /^a\nb\nc\r\n/);
  assert.match(cooked ?? "", /^a\r\nb\r\nc\r\n/);
});

test("output 5: what is written in one turn leaves in one piece, as text and as bytes", async (t) => {
  const { client, session } = await staying(t);
  for (let count = 0; count < 20_000; count++) client.stdout.write("x");
  for (let count = 0; count < 20_000; count++) client.stdout.write(Buffer.from("y"));
  await settle();
  assert.equal(session.bytesOut, 40_000);
  assert.equal(session.writes, 1);
});

test("output 6: the write callback waits for the channel, and so does drain", async (t) => {
  const { client, session } = await staying(t);
  session.isStuck = true;
  const order: string[] = [];
  const isMore = client.stdout.write("x".repeat(200_000), () => order.push("text"));
  client.stdout.write(new Uint8Array(100_000), () => order.push("bytes"));
  client.stdout.once("drain", () => order.push("drain"));
  await settle();
  assert.equal(isMore, false);
  assert.deepEqual(order, []);
  assert.ok(session.bytesOut < 150_000);
  for (let turn = 0; turn < 10; turn++) {
    session.events.drained();
    await settle();
  }
  assert.deepEqual(order, ["text", "drain", "bytes"]);
  assert.equal(session.bytesOut, 300_000);
});

test("output 6: bytes may be written over once they are called back", async () => {
  const session = new FakeSession();
  const seen: string[] = [];
  session.write = (bytes) => {
    seen.push(`${bytes.length} of ${bytes[0]}`);
    return true;
  };
  const output = new Output(session, 1_000_000, () => assert.fail());
  const stream = new OutputStream({
    write: (chunk) => output.writeBytes(chunk as Uint8Array),
    get isFull() {
      return output.isFull;
    },
    whenDrained: (goOn) => output.whenDrained(goOn),
    whenLeft: (goOn) => output.whenLeft(goOn),
    overflowed: () => assert.fail(),
    failed: () => assert.fail(),
    maxUnsent: 1_000_000,
  });
  for (const size of [10, 10_000]) {
    const bytes = new Uint8Array(size).fill(1);
    await new Promise((resolve) => stream.write(bytes, resolve));
    bytes.fill(2);
    await settle();
  }
  assert.deepEqual(seen, ["10 of 1", "10000 of 1"]);
});

test("output 6: a megabyte in one write is no fault, and is taken as the visitor reads", async (t) => {
  const { client, session } = await staying(t);
  session.isStuck = true;
  client.stdout.write("é".repeat(3_000_000));
  await settle();
  assert.ok(session.bytesOut < 200_000);
  assert.equal(client.endReason, undefined);
  session.isStuck = false;
  session.read();
  for (let turn = 0; turn < 100; turn++) await settle();
  assert.equal(session.stdout, "é".repeat(3_000_000));
});

test("output 6: a producer who ignores false loses the session, not the server its memory", async (t) => {
  const { client, session } = await staying(t);
  session.isStuck = true;
  let written = 0;
  for (; written < 10_000 && client.endReason === undefined; written++) client.stdout.write("x".repeat(10_000));
  assert.equal(client.endReason, "overflow");
  assert.ok(written < 200, `${written} were taken`);
  let isCalledBack = false;
  client.stdout.write("more", () => (isCalledBack = true));
  await settle();
  assert.equal(isCalledBack, true);
});

test("output 7: after the end writes are swallowed and called back, without an error, and nobody waits for ever", async (t) => {
  const { client, session } = await staying(t);
  const { stdout } = client;
  session.isStuck = true;
  const order: string[] = [];
  stdout.write("x".repeat(200_000), () => order.push("pending"));
  session.hangUp();
  await settle();
  const errors: unknown[] = [];
  stdout.on("error", (error) => errors.push(error));
  assert.equal(
    stdout.write("late", (error) => order.push(`late ${error}`)),
    true,
  );
  assert.equal(
    stdout.write("bGF0ZQ==", "base64", () => order.push("encoded")),
    true,
  );
  stdout.end("later", () => order.push("end"));
  stdout.once("finish", () => order.push("finish"));
  stdout.destroy();
  await settle();
  assert.deepEqual(order, ["pending", "late undefined", "encoded", "finish", "end"]);
  assert.deepEqual(errors, []);
  assert.doesNotMatch(session.stdout, /late/);
});

test("output 7: a pipe into it ends with the session, by an AbortError that is no fault of the handler's", async (t) => {
  let error: unknown;
  const subject = await acting(t, async (client) => {
    const source = Readable.from(
      (async function* ticks() {
        for (;;) {
          yield "tick\n";
          await settle();
        }
      })(),
    );
    await pipeline(source, client.stdout).catch((reason: unknown) => {
      error = reason;
      throw reason;
    });
  });
  const session = await onTerminal(subject);
  session.hangUp();
  await settle();
  await settle();
  assert.ok(error instanceof AbortError);
  assert.match(error.message, /^The session has ended/);
  assert.deepEqual(
    subject.log.filter(({ event }) => event === "handler failed"),
    [],
  );
});

test("output 7: there is no limit of listeners, and no error without a listener brings the process down", async (t) => {
  const warnings: Error[] = [];
  const warn = (warning: Error): void => void warnings.push(warning);
  process.on("warning", warn);
  t.after(() => process.off("warning", warn));
  const { client, session } = await staying(t);
  for (const stream of [client.stdin, client.stdout, client.stderr]) {
    for (let count = 0; count < 50; count++) {
      for (const event of ["error", "close", "drain", "data"]) stream.on(event, () => undefined);
    }
    stream.destroy(new Error("on purpose"));
  }
  session.hangUp();
  await settle();
  assert.deepEqual(warnings, []);
});

test("a callback that throws becomes the error event and ends nothing", async (t) => {
  const errors: string[] = [];
  const subject = await serve(t, (server) => {
    server.onUser("error", (_, error) => void errors.push((error as Error).message));
    server.onUser("command", async (client, _, { signal }) => {
      const fail = (name: string) => (): void => {
        throw new Error(name);
      };
      client.stdout.write("x", fail("write"));
      client.stdout.write("x".repeat(200_000), "utf8", fail("large write"));
      client.stdout.end("x", fail("end"));
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      client.stdout.write("x", fail("which is logged, as the client is gone"));
    });
  });
  const session = await onTerminal(subject);
  await settle();
  session.hangUp();
  await settle();
  assert.deepEqual(errors, ["write", "large write", "end"]);
});

test("what was written and not waited for leaves before the session ends", async (t) => {
  const subject = await acting(t, (client) => {
    for (const letter of ["a", "b", "c"]) client.stdout.write(letter.repeat(100_000));
    client.stdout.cork();
    client.stderr.write(Buffer.from("d".repeat(100_000)));
    client.stdout.write("e");
    return 3;
  });
  const session = await subject.visitor();
  session.events.exec("x");
  await settle();
  assert.equal(session.stdout, `${"a".repeat(100_000)}${"b".repeat(100_000)}${"c".repeat(100_000)}e`);
  assert.equal(session.stderr, "d".repeat(100_000));
  assert.deepEqual(session.calls, ["exit 3", "end", "close"]);
});
