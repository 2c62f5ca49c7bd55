import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { AbortError } from "../../../src/index.ts";
import type { Client } from "../../../src/index.ts";
import { Screen } from "../../unit/terminal/editor/screen.ts";
import { run, startSubject, Terminal, until } from "../harness/index.ts";
import type { Subject } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";
import { sshArguments } from "./client.ts";

const SIZE = { columns: 60, rows: 16 };

interface Asked {
  readonly subject: Subject;
  readonly ssh: string;
  readonly answers: unknown[];
}

/** A server that asks whoever runs a command. */
async function startAsking(t: TestContext, ask: (client: Client) => Promise<unknown>): Promise<Asked | undefined> {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return undefined;
  const answers: unknown[] = [];
  const subject = await startSubject(t);
  subject.server.program("ask", async (client) => {
    try {
      answers.push(await ask(client));
    } catch (error) {
      answers.push(error);
      throw error;
    }
  });
  return { subject, ssh, answers };
}

function open(t: TestContext, { ssh, subject }: Asked): Terminal {
  const terminal = new Terminal(SIZE.columns, SIZE.rows, ssh, ["-tt", ...sshArguments(subject), "ask"]);
  t.after(() => terminal.kill());
  return terminal;
}

/** What the terminal shows by now. */
function shown(terminal: Terminal, size = SIZE): string[] {
  const screen = new Screen(size);
  screen.write(terminal.output);
  return screen.rows.filter((row) => row !== "");
}

/** Waits until the screen of a terminal shows a text. */
async function sees(terminal: Terminal, text: string): Promise<void> {
  const isThere = (): boolean => shown(terminal).some((row) => row.includes(text));
  await until(text, isThere).catch(() => undefined);
  assert.ok(isThere(), `${text} on ${JSON.stringify(shown(terminal))}`);
}

test("ssh on a terminal chooses, ticks, fills in a form, leafs through a text, and watches bars", async (t) => {
  const asked = await startAsking(t, async (client) => {
    const answers = [
      await client.choose("Which?", ["red", "green", "日本"]),
      await client.checkbox("On it?", ["ham", "cheese"]),
      await client.form({ name: { type: "text", label: "Name" }, milk: { type: "confirm", label: "Milk" } }),
      await client.menu("Drinks", [{ label: "hot", items: ["tea", "coffee"] }, "water"]),
      await client.dialog({ title: "Really?", text: "It is the last one.", buttons: ["Yes", "No"] }),
      await client.page(Array.from({ length: 100 }, (_, index) => `line ${index}`)),
      await client.confirm("Sure?"),
    ];
    using bar = client.progress({ label: "bar", total: 10 });
    using spinner = client.spinner("spins");
    client.sendln("above both");
    bar.update(5);
    await client.key();
    bar.done("bar is full");
    spinner.succeed();
    return answers;
  });
  if (asked === undefined) return;
  const terminal = open(t, asked);
  for (const [text, keys] of [
    ["❯ 1) red", "\x1b[B\x1b[B"],
    ["❯ 3) 日本", "\r"],
    ["❯ ○ ham", "a"],
    ["● cheese", "\r"],
    ["❯ Name", "Jürgen\t\x1b[C\t\r"],
    ["❯ 1) hot", "\r"],
    ["Drinks › hot", "\x1b[B\r"],
    ["It is the last one.", "\x1b[C\r"],
    ["lines 1-15", "G"],
    ["lines 86-100 of 100", "/line 42\r"],
    ["lines 43-", "q"],
    ["Sure? [y/N]", "y"],
    ["50%", "x"],
  ] as const) {
    await sees(terminal, text);
    terminal.type(keys);
  }
  assert.equal(await terminal.ends(), 0);
  const form = { name: "Jürgen", milk: true };
  assert.deepEqual(asked.answers, [["日本", ["ham", "cheese"], form, "coffee", "No", undefined, true]]);
  const rows = shown(terminal);
  assert.deepEqual(rows.slice(0, 9), [
    "Which? 日本",
    "On it? ham, cheese",
    "  Name  Jürgen",
    "  Milk  yes",
    "Drinks › hot coffee",
    "Sure? yes",
    "above both",
    "✔ bar is full",
    "✔ spins",
  ]);
  assert.doesNotMatch(terminal.output, /\x1b\[\?25l(?!.*\x1b\[\?25h)/s, "the cursor is back");
});

test("the window of ssh changes its size while a list is open", async (t) => {
  const items = Array.from({ length: 30 }, (_, index) => `entry ${index} which is a rather long one`);
  const asked = await startAsking(t, (client) => client.choose("Which?", items));
  if (asked === undefined) return;
  const terminal = open(t, asked);
  await sees(terminal, "❯ entry 0");
  terminal.resize(24, 6);
  const small = { columns: 24, rows: 6 };
  await until("the list in its new size", () => shown(terminal, small).includes("❯ entry 0 which is a ra…"));
  terminal.type("2\x1b[B\r");
  assert.equal(await terminal.ends(), 0);
  assert.deepEqual(asked.answers, ["entry 12 which is a rather long one"]);
});

test("Ctrl-C in ssh calls a question off, and the terminal is as it was", async (t) => {
  for (const [text, ask] of [
    ["❯ 1) a", (client: Client) => client.choose("Which?", ["a", "b"])],
    ["[ OK ]", (client: Client) => client.alert("Beware!")],
    ["lines 1-", (client: Client) => client.page("line\n".repeat(100))],
  ] as const) {
    const asked = await startAsking(t, ask);
    if (asked === undefined) return;
    const terminal = open(t, asked);
    await sees(terminal, text);
    terminal.type("\x03");
    assert.equal(await terminal.ends(), 130);
    assert.ok(asked.answers[0] instanceof AbortError);
    for (const [on, off] of [
      ["\x1b[?25l", "\x1b[?25h"],
      ["\x1b[?1049h", "\x1b[?1049l"],
      ["\x1b[?7l", "\x1b[?7h"],
    ] as const) {
      assert.equal(terminal.output.lastIndexOf(on) <= terminal.output.lastIndexOf(off), true, text);
    }
  }
});

test("a question of an ssh that is killed rejects", async (t) => {
  const asked = await startAsking(t, (client) => client.form({ name: { type: "text", label: "Name" } }));
  if (asked === undefined) return;
  const terminal = open(t, asked);
  await sees(terminal, "❯ Name");
  terminal.kill();
  await until("the end of the question", () => asked.answers.length === 1);
  assert.ok(asked.answers[0] instanceof AbortError && asked.answers[0].reason === "disconnected");
});

test("ssh -T is asked on lines, and told of progress on stderr", async (t) => {
  const asked = await startAsking(t, async (client) => {
    const answers = [
      await client.choose("Which?", ["red", "green"]),
      await client.checkbox("On it?", ["ham", "cheese"]),
      await client.form({ name: { type: "text", label: "Name" }, pin: { type: "password", label: "PIN" } }),
    ];
    await client.page("one\ntwo");
    using bar = client.progress({ label: "bar", total: 2 });
    bar.increment();
    bar.done("full");
    return answers;
  });
  if (asked === undefined) return;
  const input = "gre\n1 2\nAda\n1234\n";
  const { status, stdout, stderr } = await run(asked.ssh, ["-T", ...sshArguments(asked.subject), "ask"], { input });
  assert.equal(status, 0);
  assert.deepEqual(asked.answers, [["green", ["ham", "cheese"], { name: "Ada", pin: "1234" }]]);
  assert.match(stdout, /^Which\?\n {2}1\) red\n {2}2\) green\n1-2: On it\?\n.*Name: PIN: one\ntwo\n$/s);
  assert.equal(Buffer.from(stderr, "latin1").toString(), "bar  50%\n✔ full\n");
});
