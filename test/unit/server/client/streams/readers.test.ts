/** Node's own readers of terminals, on the streams of a session. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { clearLine, createInterface, cursorTo, emitKeypressEvents } from "node:readline";
import { createInterface as createPromises } from "node:readline/promises";
import { start } from "node:repl";
import { PassThrough, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import test from "node:test";
import { styleText } from "node:util";
import type { Client } from "../../../../../src/server/index.ts";
import { settle } from "../../fake-door.ts";
import { screenOf } from "../../screen.ts";
import { acting, onTerminal, staying } from "./visitors.ts";

test("readline asks on a terminal, with its own editing, and hands the terminal back", async (t) => {
  const answers: string[] = [];
  const subject = await acting(t, async (client) => {
    const reader = createPromises({ input: client.stdin, output: client.stdout });
    answers.push(await reader.question("Name? "));
    reader.close();
    assert.equal(client.stdin.isRaw, false);
    answers.push(await client.ask("Age? "));
  });
  const session = await subject.terminal();
  session.type("go\r");
  await settle();
  for (const key of ["bxb", "\x1b[D", "\x7f", "o", "\r"]) {
    session.type(key);
    await settle();
  }
  session.type("7\r");
  await settle();
  assert.deepEqual(answers, ["bob", "7"]);
  assert.deepEqual(await screenOf(session), ["> go", "Name? bob", "Age? 7", ">"]);
});

test("readline reads lines where there is no terminal", async (t) => {
  const subject = await acting(t, async (client) => {
    assert.equal(client.stdin.isTTY, undefined);
    assert.equal("setRawMode" in client.stdin, false);
    for await (const line of createInterface({ input: client.stdin })) client.stdout.write(`<${line}>`);
    return 5;
  });
  const session = await subject.exec("x");
  session.type("one\ntwo\nthr");
  await settle();
  session.type("ee");
  session.events.eof();
  await settle();
  assert.equal(session.stdout, "<one><two><three>");
  assert.deepEqual(session.calls, ["exit 5", "end", "close"]);
});

test("a listener that throws before it has read on is called for the next key all the same", async (t) => {
  const { client, session } = await staying(t);
  const read: string[] = [];
  client.stdin.setRawMode(true).setEncoding("utf8");
  client.stdin.on("readable", () => {
    for (let key = client.stdin.read() as string | null; key !== null; key = client.stdin.read() as string | null) {
      read.push(key);
      if (key === "b") throw new Error("of the app");
    }
  });
  for (const key of ["a", "b", "c"]) {
    session.type(key);
    await settle();
  }
  assert.deepEqual(read, ["a", "b", "c"]);
});

test("readline leaves Ctrl-Z alone: the server is not stopped", async (t) => {
  const stopped = t.mock.method(process, "kill", () => true);
  const { client, session } = await staying(t);
  const reader = createInterface({ input: client.stdin, output: client.stdout, terminal: true });
  const line = once(reader, "line");
  await settle();
  session.type("a\x1ab\r");
  assert.deepEqual(await line, ["ab"]);
  assert.equal(stopped.mock.callCount(), 0);
  reader.close();
});

test("readline hears of a new size, and its cursor moves on this terminal", async (t) => {
  const { client, session } = await staying(t, { width: 10, height: 5 });
  const reader = createInterface({ input: client.stdin, output: client.stdout, terminal: true, prompt: "> " });
  reader.prompt();
  await settle();
  session.type("0123456789");
  session.events.resized({ width: 40, height: 5, pixelwidth: 0, pixelheight: 0 });
  await settle();
  assert.equal(reader.getCursorPos().rows, 0);
  cursorTo(client.stdout, 0);
  clearLine(client.stdout, 0);
  await settle();
  reader.close();
});

const hangUps: Readonly<Record<string, (client: Client, signal: AbortSignal) => Promise<unknown>>> = {
  "a question of readline with a signal": (client, signal) =>
    createPromises({ input: client.stdin, output: client.stdout }).question("? ", { signal }),
  "readline's close": async (client) => {
    const reader = createInterface({ input: client.stdin, output: client.stdout, terminal: true });
    reader.prompt();
    await once(reader, "close");
  },
  "a loop over readline's lines": async (client) => {
    for await (const _ of createInterface({ input: client.stdin, output: client.stdout })) void _;
  },
  "repl's exit": async (client) => {
    await once(start({ input: client.stdin, output: client.stdout, terminal: true, prompt: "> " }), "exit");
  },
  // As the npm package prompts does it: neither end nor close is heard, only the key.
  "a prompt that knows Ctrl-C alone": async (client) => {
    emitKeypressEvents(client.stdin);
    client.stdin.setRawMode(true).resume();
    for (;;) {
      const [, key] = (await once(client.stdin, "keypress")) as [string, { ctrl: boolean; name: string }];
      if (key.ctrl && key.name === "c") break;
    }
    client.stdin.setRawMode(false);
  },
  "a pipeline from it": async (client) => {
    await pipeline(client.stdin, new PassThrough().resume());
  },
  "a pipeline into it": async (client) => {
    await pipeline(new PassThrough(), client.stdout);
  },
};

for (const [what, wait] of Object.entries(hangUps)) {
  test(`a hang-up settles ${what}`, async (t) => {
    let isSettled = false;
    const subject = await acting(t, async (client, signal) => {
      await wait(client, signal).catch(() => undefined);
      isSettled = true;
    });
    const session = await onTerminal(subject);
    await settle();
    assert.equal(isSettled, false);
    session.hangUp();
    await settle();
    assert.equal(isSettled, true);
  });
}

test("repl evaluates what is typed, and ends with Ctrl-D", async (t) => {
  const subject = await acting(t, async (client) => {
    const repl = start({
      input: client.stdin,
      output: client.stdout,
      terminal: true,
      prompt: "js> ",
      useColors: false,
      preview: false,
    });
    repl.context["answer"] = 42;
    await once(repl, "exit");
  });
  const session = await subject.terminal();
  session.type("repl\r");
  await settle();
  session.type("answer + 1\r");
  await settle();
  session.type("\x04");
  await settle();
  const rows = await screenOf(session);
  assert.deepEqual(rows, ["> repl", "js> answer + 1", "43", "js>", ">"]);
});

test("a pipeline goes from one end to the other, by lines, until Ctrl-D", async (t) => {
  const subject = await acting(t, async (client) => {
    const upper = new Transform({
      transform: (chunk, _encoding, done) => done(null, String(chunk).toUpperCase()),
    });
    await pipeline(client.stdin, upper, client.stdout);
    client.stdout.write("done\n");
  });
  const session = await subject.terminal();
  session.type("up\r");
  await settle();
  session.type("one\r");
  await settle();
  session.type("two\r\x04");
  await settle();
  session.type("up\r");
  await settle();
  session.type("three\r\x04");
  await settle();
  assert.deepEqual(await screenOf(session), [
    "> up",
    "one",
    "ONE",
    "two",
    "TWO",
    "done",
    "> up",
    "three",
    "THREE",
    "done",
    ">",
  ]);
});

test("styleText asks the session's stream for its colours", async (t) => {
  const { client } = await staying(t);
  assert.equal(styleText("red", "x", { stream: client.stdout }), "\x1b[31mx\x1b[39m");
});
