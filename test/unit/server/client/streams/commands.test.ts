/** Who gets what is typed while commands that read it come and go. */
import assert from "node:assert/strict";
import test from "node:test";
import { serve, settle } from "../../fake-door.ts";
import { screenOf } from "../../screen.ts";
import { acting, onTerminal, staying } from "./visitors.ts";

test("each command finds a stream of its own: cooked, without an encoding, not ended", async (t) => {
  const seen: unknown[] = [];
  const subject = await acting(t, async (client, _, command) => {
    const { stdin } = client;
    const before = [stdin.isRaw, stdin.readableEncoding, stdin.readableEnded];
    if (command === "raw") stdin.setRawMode(true).setEncoding("utf8");
    for await (const chunk of stdin.iterator({ destroyOnReturn: false })) {
      seen.push([...before, typeof chunk, String(chunk)]);
      return;
    }
  });
  const session = await subject.terminal();
  for (const typed of ["raw\r", "a", "cooked\r", "b\r", "cooked\r", "c\r"]) {
    session.type(typed);
    await settle();
  }
  assert.deepEqual(seen, [
    [false, null, false, "string", "a"],
    [false, null, false, "object", "b\n"],
    [false, null, false, "object", "c\n"],
  ]);
});

test("a reader that its command left behind hears of the end, and the prompt has the keys", async (t) => {
  const order: string[] = [];
  const subject = await acting(t, (client, _, command) => {
    if (command !== "read") return;
    client.stdin.setRawMode(true).on("data", (bytes) => order.push(String(bytes)));
    client.stdin.on("end", () => order.push("end")).on("close", () => order.push("close"));
  });
  const session = await subject.terminal();
  session.type("read\r");
  await settle();
  session.type("hello\r");
  await settle();
  assert.deepEqual(order, ["end", "close"]);
  assert.deepEqual(await screenOf(session), ["> read", "> hello", ">"]);
});

test("what was typed before somebody reads goes to the reader", async (t) => {
  const read: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const subject = await acting(t, async (client) => {
    await promise;
    for await (const line of client.stdin) read.push(String(line));
  });
  const session = await subject.terminal();
  session.type("go\rone\r\x1b[Atw");
  session.type("\x1b[200~x\ny\x1b[201~");
  await settle();
  resolve();
  await settle();
  session.type("o\r\x04");
  await settle();
  assert.deepEqual(read, ["one\n", "\x1b[Atwx\n", "yo\n"]);
});

test("what a reader has not taken goes to the prompt, to a question, and to the next reader", async (t) => {
  const taken: string[] = [];
  const subject = await acting(t, async (client, _, command) => {
    if (command !== "go") {
      taken.push(`command ${command}`);
      return;
    }
    for (let count = 0; count < 2; count++) {
      for await (const line of client.stdin) {
        taken.push(`line ${String(line)}`);
        break;
      }
    }
    taken.push(`answer ${await client.ask("? ")}`);
    for await (const line of client.stdin) {
      taken.push(`line ${String(line)}`);
      return;
    }
  });
  const session = await subject.terminal();
  session.type("go\r");
  await settle();
  session.type("one\rtwo\rthree\rfour\rfive\rsix");
  await settle();
  assert.deepEqual(taken, ["line one\n", "line two\n", "answer three", "line four\n", "command five"]);
  assert.equal((await screenOf(session)).at(-1), "> six");
  assert.equal(session.consumedBytes, 30);
});

test("a question comes before a reader, who has the keys again when it is answered", async (t) => {
  const { client, session } = await staying(t);
  const lines: string[] = [];
  client.stdin.on("data", (line) => lines.push(String(line)));
  await settle();
  session.type("one\r");
  await settle();
  const answer = client.ask("? ");
  session.type("two\rthree\r");
  assert.equal(await answer, "two");
  await settle();
  assert.deepEqual(lines, ["one\n", "three\n"]);
});

test("who pauses is not flooded: nothing is lost, and what he has not taken is not consumed", async (t) => {
  const { client, session } = await staying(t);
  let length = 0;
  client.stdin.setRawMode(true).on("data", (bytes: Buffer) => {
    length += bytes.length;
    client.stdin.pause();
  });
  await settle();
  for (let chunk = 0; chunk < 100; chunk++) session.events.input(new Uint8Array(10_000).fill(0x78));
  await settle();
  assert.equal(length, 10_000);
  assert.ok(session.consumedBytes <= 20_000, `${session.consumedBytes} bytes were taken`);
  for (let turn = 0; turn < 100; turn++) {
    client.stdin.resume();
    await settle();
  }
  assert.equal(length, 1_000_000);
  assert.equal(session.consumedBytes, 1_000_000);
});

test("a megabyte of lines that nobody reads is not consumed, and not kept twice", async (t) => {
  const { client, session } = await staying(t);
  client.stdin.on("data", () => client.stdin.pause());
  await settle();
  for (let chunk = 0; chunk < 100; chunk++) {
    session.type("line\r".repeat(2000));
    await settle();
  }
  assert.ok(session.consumedBytes < 20, `${session.consumedBytes} bytes were taken`);
});

test("Ctrl-C interrupts a command whose raw reader is gone", async (t) => {
  const { client, session, signal } = await staying(t);
  client.stdin.setRawMode(true).once("data", () => client.stdin.pause());
  await settle();
  session.type("a");
  await settle();
  session.type("b\x03");
  await settle();
  assert.equal(signal.aborted, true);
});

test("the end of the input ends every stream, after what was typed", async (t) => {
  const lines: string[] = [];
  const subject = await acting(t, async (client) => {
    for (let round = 0; round < 2; round++) for await (const line of client.stdin) lines.push(String(line));
  });
  const session = await onTerminal(subject);
  session.type("one\rha");
  session.type("lf");
  session.events.eof();
  await settle();
  assert.deepEqual(lines, ["one\n", "half"]);
  assert.deepEqual(session.calls, ["exit 0", "end", "close"]);
});

test("what is pasted is marked for the prompt, and not for who reads bytes", async (t) => {
  const subject = await acting(t, async (client) => {
    for await (const _ of client.stdin) return;
  });
  const session = await subject.terminal();
  session.type("go\r");
  await settle();
  assert.match(session.stdout, /^\x1b\[\?2004h> go\r\n\x1b\[\?2004l$/);
  session.type("x\r");
  await settle();
  assert.match(session.stdout, /x\r\n\x1b\[\?2004h> $/);
});

test("without a terminal, lines that a command has not read are commands", async (t) => {
  const taken: string[] = [];
  const subject = await acting(t, async (client, _, command) => {
    taken.push(command);
    if (command !== "read") return;
    for await (const bytes of client.stdin) {
      taken.push(`read ${String(bytes)}`);
      return;
    }
  });
  const session = await subject.pipe();
  session.type("read\n");
  await settle();
  session.type("one\n");
  session.type("two\n");
  await settle();
  assert.deepEqual(taken, ["read", "read one\n", "two"]);
});

test("without a terminal the signal comes before the end: what was cut off does not look whole", async (t) => {
  const order: string[] = [];
  const subject = await acting(t, async (client, signal) => {
    signal.addEventListener("abort", () => order.push("signal"));
    for await (const bytes of client.stdin) order.push(String(bytes));
    order.push(`end ${signal.aborted}`);
  });
  const session = await subject.exec("x");
  session.type("half");
  await settle();
  session.hangUp();
  await settle();
  assert.deepEqual(order, ["half", "signal", "end true"]);
});

test("the streams are not there before the client has asked for anything, which an error says", async (t) => {
  const errors: unknown[] = [];
  const { terminal } = await serve<object>(
    t,
    (server) => server.onUser("connect", (client) => void client.stdout.write("x")),
    {
      state: (client) => {
        for (const name of ["stdin", "stdout", "stderr"] as const) {
          try {
            void client[name];
          } catch (error) {
            errors.push((error as Error).message);
          }
        }
        return {};
      },
    },
  );
  await terminal();
  assert.equal(errors.length, 3);
  assert.match(String(errors[0]), /once it has asked for something/);
});
