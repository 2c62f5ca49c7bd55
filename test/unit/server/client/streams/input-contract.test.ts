/** The four lines of the contract of the input stream: docs/decisions/0011. */
import assert from "node:assert/strict";
import { once } from "node:events";
import test from "node:test";
import { settle } from "../../fake-door.ts";
import { screenOf } from "../../screen.ts";
import { acting, onTerminal, staying } from "./visitors.ts";

test("input 1: it is a terminal, has no file descriptor, and can be raw", async (t) => {
  const { client } = await staying(t);
  const { stdin } = client;
  assert.equal(client.stdin, stdin);
  assert.deepEqual([stdin.isTTY, stdin.isRaw, "fd" in stdin], [true, false, false]);
  assert.equal(stdin.setRawMode(true), stdin);
  assert.equal(stdin.isRaw, true);
  assert.equal(stdin.setRawMode(false).isRaw, false);
  assert.equal(stdin.ref(), stdin);
  assert.equal(stdin.unref(), stdin);
});

test("input 1: raw, every byte comes as it is typed, Ctrl-C as well, which interrupts nothing", async (t) => {
  const { client, session, signal } = await staying(t);
  const chunks: Buffer[] = [];
  client.stdin.setRawMode(true).on("data", (bytes: Buffer) => chunks.push(bytes));
  await settle();
  const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 0x1a));
  session.events.input(all.subarray(0, 10));
  session.events.input(all.subarray(10));
  await settle();
  assert.deepEqual(Buffer.concat(chunks), all);
  assert.equal(signal.aborted, false);
  assert.equal(session.stdout, "");
  assert.equal(session.consumedBytes, 255);
});

test("input 2: not raw, lines come that the visitor sees and corrects", async (t) => {
  const lines: string[] = [];
  const subject = await acting(t, async (client) => {
    client.stdout.write("Name: ");
    for await (const line of client.stdin) {
      lines.push(String(line));
      client.stdout.write(`You said ${String(line)}`);
    }
  });
  const session = await onTerminal(subject);
  for (const byte of Buffer.from("四x\x7fa\rx\x15two words\x17lines\r")) {
    session.events.input(Uint8Array.of(byte));
    await settle();
  }
  assert.deepEqual(lines, ["四a\n", "two lines\n"]);
  assert.deepEqual(await screenOf(session), ["Name: 四a", "You said 四a", "two lines", "You said two lines"]);
  session.type("\x04");
  await settle();
  assert.deepEqual(session.calls, ["exit 0", "end", "close"]);
  assert.equal(session.consumedBytes, Buffer.byteLength("四x\x7fa\rx\x15two words\x17lines\r\x04"));
});

test("input 2: not raw, Ctrl-C gives up what was typed and interrupts the command", async (t) => {
  const { client, session, signal } = await staying(t);
  const lines: string[] = [];
  client.stdin.on("data", (line) => lines.push(String(line)));
  await settle();
  session.type("one\r");
  await settle();
  session.type("half\x03");
  await settle();
  assert.deepEqual(lines, ["one\n"]);
  assert.equal(signal.aborted, true);
  assert.deepEqual(await screenOf(session), ["one", "half^C"]);
});

test("input 2: the line discipline has the modes of the client's terminal", async (t) => {
  const { client, session } = await staying(t, { modes: new Map(Object.entries({ VERASE: 0x23, ECHO: 0 })) });
  const lines: string[] = [];
  client.stdin.on("data", (line) => lines.push(String(line)));
  await settle();
  session.type("onx#e\r");
  await settle();
  assert.deepEqual(lines, ["one\n"]);
  assert.equal(session.stdout, "");
});

test("input 3: Ctrl-Z is dropped, unless it is asked for", async (t) => {
  const { client, session } = await staying(t);
  let typed = "";
  client.stdin.setRawMode(true).on("data", (bytes) => (typed += String(bytes)));
  await settle();
  session.type("a\x1a\x1ab");
  await settle();
  client.stdin.setRawMode(true, { suspend: true });
  session.type("c\x1ad");
  await settle();
  client.stdin.setRawMode(false);
  session.type("e\x1af\r");
  client.stdin.setRawMode(true);
  session.type("g\x1ah");
  await settle();
  assert.equal(typed, "abc\x1adef\ngh");
  assert.equal(session.consumedBytes, 14);
});

test("input 4: on a hang-up come Ctrl-C, the end, the signal, the close", async (t) => {
  const { client, session, signal } = await staying(t);
  const order: string[] = [];
  client.stdin.setRawMode(true).on("data", (bytes) => order.push(JSON.stringify(String(bytes))));
  client.stdin.on("end", () => order.push("end")).on("close", () => order.push("close"));
  signal.addEventListener("abort", () => order.push("signal of the command"));
  client.signal.addEventListener("abort", () => order.push("signal of the client"));
  await settle();
  session.hangUp();
  await settle();
  assert.deepEqual(order, ['"\\u0003"', "end", "signal of the command", "signal of the client", "close"]);
  assert.equal(client.stdin.destroyed, true);
});

test("input 4: who reads lines hears no Ctrl-C, and who reads nothing only the signal and the close", async (t) => {
  for (const isRead of [true, false]) {
    const { client, session, signal } = await staying(t);
    const order: string[] = [];
    const { stdin } = client;
    stdin.on("end", () => order.push("end")).on("close", () => order.push("close"));
    if (isRead) stdin.on("data", (bytes) => order.push(String(bytes)));
    else stdin.setRawMode(true);
    signal.addEventListener("abort", () => order.push("signal"));
    await settle();
    session.type("half");
    session.hangUp();
    await settle();
    assert.deepEqual(order, isRead ? ["end", "signal", "close"] : ["signal", "close"]);
  }
});

test("input 4: a loop over it ends, also one that reads slowly and one that has not begun", async (t) => {
  const { client, session } = await staying(t);
  const { stdin } = client;
  const read = async (): Promise<string> => {
    for await (const _ of stdin) await settle();
    return "over";
  };
  const reading = read();
  await settle();
  session.type("one\rtwo\r");
  session.hangUp();
  assert.equal(await reading, "over");
  assert.equal(await read(), "over");
});

test("destroy() and a loop that is left early leave the stream to the next reader", async (t) => {
  const { client, session, signal } = await staying(t);
  const { stdin } = client;
  const line = async (): Promise<string> => {
    for await (const bytes of stdin) return String(bytes);
    return "";
  };
  const first = line();
  await settle();
  session.type("one\rtwo\r");
  assert.equal(await first, "one\n");
  await settle();
  const closed = once(stdin, "close");
  stdin.destroy();
  await closed;
  assert.equal(await line(), "two\n");
  const failed = once(stdin, "error");
  stdin.destroy(new Error("on purpose"));
  await failed;
  const third = line();
  session.type("three\r");
  assert.equal(await third, "three\n");
  assert.deepEqual([signal.aborted, stdin.destroyed], [false, false]);
});
