import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { isDeepStrictEqual } from "node:util";
import xterm from "@xterm/headless";
import type { Capabilities, Client } from "../../../src/index.ts";
import { answersTo, TERMINALS } from "../../unit/terminal/capabilities/scripted-terminal.ts";
import type { Answers } from "../../unit/terminal/capabilities/scripted-terminal.ts";
import { startSubject, Terminal, until } from "../harness/index.ts";
import type { Subject } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";
import { config, sshArguments } from "./client.ts";

const COLUMNS = 100;
const ROWS = 30;

/** A shell by OpenSSH whose server has asked the terminal before the first prompt. */
interface Visit {
  readonly subject: Subject;
  readonly terminal: Terminal;
  readonly client: () => Client;
  readonly detected: () => Promise<Capabilities>;
}

/** @param env of `ssh`, sent along as far as the names are known. */
async function visit(t: TestContext, env: Record<string, string>): Promise<Visit | undefined> {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return undefined;
  const subject = await startSubject(t, { acceptEnv: ["LANG", "LC_*", "COLORTERM", "NO_COLOR", "TERM_PROGRAM*"] });
  let client: Client | undefined;
  let detected: Capabilities | undefined;
  subject.server.onUser("preshell", async (visitor) => {
    client = visitor;
    detected = await visitor.detectTerminal();
    visitor.sendln("asked");
  });
  const options = config({ SendEnv: "LANG LC_* COLORTERM NO_COLOR TERM_PROGRAM*" });
  const terminal = new Terminal(COLUMNS, ROWS, ssh, ["-tt", ...options, ...sshArguments(subject)], {
    LANG: "C.UTF-8",
    LC_ALL: "",
    LC_CTYPE: "",
    ...env,
  });
  t.after(() => terminal.kill());
  return {
    subject,
    terminal,
    client: () => client ?? assert.fail("nobody has come"),
    detected: async () => {
      await until("an end of the questions", () => detected !== undefined);
      return detected ?? assert.fail();
    },
  };
}

/** Has a terminal answer what it is asked, from what it got to show. */
function script(t: TestContext, terminal: Terminal, answers: Answers, type: (answer: string) => void): void {
  let read = 0;
  const timer = setInterval(() => {
    // A question that is not there as a whole yet is read later.
    const end = terminal.output.lastIndexOf("\x1b[c") + 3;
    if (end < 3 || end <= read) return;
    const output = terminal.output.slice(read, end);
    read = end;
    type(answersTo(output, answers));
  }, 5);
  t.after(() => clearInterval(timer));
}

/** That the visitor's terminal is as if nobody had asked it anything: a line is typed, and echoed, and run. */
async function assertUndisturbed({ terminal, subject }: Visit): Promise<void> {
  terminal.type("hallo\r");
  await terminal.sees("> hallo\r\nhallo\r\n");
  assert.deepEqual(
    subject.seen.filter((line) => line.startsWith("log ")),
    [],
  );
  terminal.type("\x04");
  assert.equal(await terminal.ends(), 0);
}

for (const [term, name, expected] of [
  ["xterm-kitty", "kitty", { colors: 24, kittyKeyboard: true, images: "kitty", background: "dark" }],
  ["xterm-256color", "kitty", { colors: 24, kittyKeyboard: true, images: "kitty", background: "dark" }],
  ["foot", "foot", { colors: 24, kittyKeyboard: true, images: "sixel", background: "dark" }],
  ["xterm-256color", "xterm", { colors: 24, synchronizedOutput: false, background: "light" }],
  ["xterm-256color", "vte", { colors: 24, hyperlinks: true, synchronizedOutput: true }],
  ["xterm-256color", "appleTerminal", { colors: 8, synchronizedOutput: false, background: "light" }],
  ["xterm-256color", "windowsTerminal", { colors: 24, synchronizedOutput: true, images: "sixel" }],
  ["alacritty", "alacritty", { colors: 24, kittyKeyboard: true, synchronizedOutput: true }],
  ["tmux-256color", "tmux", { colors: 8, kittyKeyboard: false }],
  ["putty", "putty", { colors: 4, background: undefined }],
] as const) {
  test(`${name} behind TERM=${term} tells what it can do, and its prompt is as ever`, async (t) => {
    const shell = await visit(t, { TERM: term });
    if (shell === undefined) return;
    script(t, shell.terminal, TERMINALS[name], (answer) => shell.terminal.type(answer));
    await shell.detected();
    // Answers that take longer than the server waits, on a busy machine, count all the same.
    const told = (): unknown => {
      const { terminal } = shell.client();
      return Object.fromEntries(Object.keys(expected).map((key) => [key, terminal[key as keyof Capabilities]]));
    };
    await until("the answers", () => isDeepStrictEqual(told(), expected)).catch(() => undefined);
    assert.deepEqual(told(), expected);
    await assertUndisturbed(shell);
  });
}

test("answers that come in single bytes, with typing between them, are told from it", async (t) => {
  const shell = await visit(t, { TERM: "xterm-256color" });
  if (shell === undefined) return;
  script(t, shell.terminal, TERMINALS.kitty, (answer) => {
    for (const character of answer) shell.terminal.type(character);
    shell.terminal.type("x");
  });
  await shell.detected();
  await until("the answers", () => shell.client().terminal.images === "kitty");
  await shell.terminal.sees("> xx");
  shell.terminal.type("\x15");
  shell.terminal.type("hallo\r");
  await shell.terminal.sees("hallo\r\nhallo\r\n");
});

test("answers that come when nobody waits any more count, and are not typed", async (t) => {
  const shell = await visit(t, { TERM: "xterm-256color" });
  if (shell === undefined) return;
  assert.equal((await shell.detected()).kittyKeyboard, false);
  await shell.terminal.sees("> ");
  shell.terminal.type("hal");
  await shell.terminal.sees("hal");
  script(t, shell.terminal, TERMINALS.kitty, (answer) => shell.terminal.type(answer));
  await until("the late answers", () => shell.client().terminal.images === "kitty");
  assert.equal(shell.client().terminal.kittyKeyboard, true);
  shell.terminal.type("lo\r");
  await shell.terminal.sees("lo\r\nhallo\r\n");
});

test("a terminal that never answers gets its prompt all the same", async (t) => {
  const shell = await visit(t, { TERM: "xterm-256color" });
  if (shell === undefined) return;
  assert.equal((await shell.detected()).colors, 8);
  await assertUndisturbed(shell);
});

test("a terminal that answers nonsense gets its prompt all the same", async (t) => {
  const shell = await visit(t, { TERM: "xterm-256color" });
  if (shell === undefined) return;
  const nonsense = { "\x1b[c": `\x1b]11;rgb:zz\x07\x1bP>|${"x".repeat(5000)}\x1b\\\x1b[?2026;9$y\x1b[?;;;c` };
  script(t, shell.terminal, nonsense, (answer) => shell.terminal.type(answer));
  assert.equal((await shell.detected()).background, undefined);
  await assertUndisturbed(shell);
});

for (const term of ["dumb", "linux", "vt100"]) {
  test(`TERM=${term} is asked nothing`, async (t) => {
    const shell = await visit(t, { TERM: term });
    if (shell === undefined) return;
    await shell.detected();
    await assertUndisturbed(shell);
    assert.equal(shell.terminal.output.includes("\x1b[c"), false);
  });
}

for (const [env, expected] of [
  [{ COLORTERM: "truecolor" }, { colors: 24, unicode: true }],
  [
    { COLORTERM: "truecolor", NO_COLOR: "1" },
    { colors: 1, unicode: true },
  ],
  [{ LC_ALL: "de_DE.ISO-8859-1" }, { colors: 8, unicode: false }],
  [
    { LC_TERMINAL: "iTerm2", LC_TERMINAL_VERSION: "3.5.0" },
    { colors: 24, unicode: true },
  ],
] as const) {
  test(`the variables ${JSON.stringify(env)} count, when they are sent and taken`, async (t) => {
    const shell = await visit(t, { TERM: "xterm-256color", ...env });
    if (shell === undefined) return;
    const { colors, unicode } = await shell.detected();
    assert.deepEqual({ colors, unicode }, expected);
  });
}

for (const term of ["x".repeat(10_000), "no such thing", "../../etc/passwd"]) {
  test(`TERM=${term.slice(0, 20)} (${term.length} characters) is no terminal to the server, and lines work`, async (t) => {
    const ssh = requirePeer(t, "ssh");
    if (ssh === undefined) return;
    const subject = await startSubject(t);
    const terminal = new Terminal(COLUMNS, ROWS, ssh, sshArguments(subject), { TERM: term });
    t.after(() => terminal.kill());
    await terminal.sees("PTY allocation request failed");
    terminal.type("hallo\n");
    // Once as the visitor's own machine echoes it, once as the answer.
    await terminal.sees("hallo\r\nhallo\r\n");
    terminal.type("\x04");
    assert.equal(await terminal.ends(), 0);
    assert.equal(terminal.output.includes("\x1b"), false);
  });
}

test("the emulator of the npm package @xterm/headless answers, and shows nothing of the questions", async (t) => {
  const shell = await visit(t, { TERM: "xterm-256color" });
  if (shell === undefined) return;
  const emulator = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });
  t.after(() => emulator.dispose());
  emulator.onData((data) => shell.terminal.type(data));
  let shown = 0;
  const timer = setInterval(() => {
    emulator.write(shell.terminal.output.slice(shown));
    shown = shell.terminal.output.length;
  }, 5);
  t.after(() => clearInterval(timer));
  assert.equal((await shell.detected()).kittyKeyboard, false);
  const row = (y: number): string => emulator.buffer.active.getLine(y)?.translateToString(true) ?? "";
  await until("the prompt on the screen", () => row(1) === "> ");
  assert.deepEqual([row(0), row(1), row(2)], ["asked", "> ", ""]);
});

test("the mouse is reported while somebody waits, through ssh", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  subject.server.onUser("preshell", async (client) => {
    const { action, button, x, y } = await client.mouse();
    client.sendln(`${action} ${button} ${x} ${y}`);
    for await (const event of client.input({ mouse: "drag" })) {
      client.sendln(event.type === "mouse" ? `${event.action} ${event.x} ${event.y}` : event.name);
      if (event.type === "key" && event.name === "q") break;
    }
  });
  const terminal = new Terminal(COLUMNS, ROWS, ssh, ["-tt", ...sshArguments(subject)]);
  t.after(() => terminal.kill());
  await terminal.sees("\x1b[?1000h");
  terminal.type("\x1b[<0;5;6M");
  await terminal.sees("press left 4 5\r\n");
  await terminal.sees("\x1b[?1002h");
  terminal.type("\x1b[<32;100;30M");
  await terminal.sees("drag 99 29\r\n");
  terminal.type("\x1b[<0;9999;9999m\x1b[A");
  await terminal.sees("release 99 29\r\n");
  await terminal.sees("up\r\n");
  terminal.type("q");
  await terminal.sees("> ");
  await terminal.sees("\x1b[?1002l");
  terminal.type("hallo\r");
  await terminal.sees("hallo\r\nhallo\r\n");
});
