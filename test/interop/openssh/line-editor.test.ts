import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { SubjectOptions } from "../harness/index.ts";
import { startSubject, Terminal, until } from "../harness/index.ts";
import { Screen } from "../../unit/terminal/editor/screen.ts";
import { requirePeer } from "../peers.ts";
import { sshArguments } from "./client.ts";

const UP = "\x1b[A";
const CTRL_R = "\x12";

/** `ssh` on a terminal, and what its user sees. */
interface Seat {
  readonly type: (text: string) => void;
  readonly resize: (columns: number, rows: number) => void;
  /** Waits until the last rows that have something are these. */
  readonly shows: (...rows: string[]) => Promise<void>;
  /** The lines that were entered. */
  readonly entered: readonly string[];
}

async function sit(t: TestContext, options: SubjectOptions, columns = 60, rows = 20): Promise<Seat | undefined> {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return undefined;
  const subject = await startSubject(t, options);
  const entered: string[] = [];
  subject.server.onUser("beforecommand", (_, line) => void entered.push(line));
  const terminal = new Terminal(columns, rows, ssh, ["-tt", ...sshArguments(subject)]);
  t.after(() => terminal.kill());
  const screen = new Screen({ columns, rows });
  let written = 0;
  const look = (): string[] => {
    const text = terminal.output.slice(written);
    written += text.length;
    screen.write(text);
    return screen.allRows.filter((row) => row !== "");
  };
  return {
    type: (text) => terminal.type(text),
    resize: (columns, rows) => {
      screen.resize(columns, rows);
      terminal.resize(columns, rows);
    },
    shows: async (...rows) => {
      let last: string[] = [];
      await until(`${JSON.stringify(rows)} at the end of the screen`, () => {
        last = look().slice(-rows.length);
        return JSON.stringify(last) === JSON.stringify(rows);
      }).catch(() => undefined);
      assert.deepEqual(last, rows);
    },
    entered,
  };
}

test("in ssh, Tab completes and opens a menu, and the arrows and Enter choose from it", async (t) => {
  const seat = await sit(t, { complete: ["status", "start", "stop"] });
  if (seat === undefined) return;
  await seat.shows(">");
  seat.type("st\t");
  await seat.shows("> st", "status  start   stop");
  seat.type("a\t");
  await seat.shows("> status", "status  start");
  seat.type("\x1b[B");
  await seat.shows("> start", "status  start");
  seat.type("\r");
  await seat.shows("> start");
  seat.type("now\r");
  await until("the command", () => seat.entered.length === 1);
  assert.deepEqual(seat.entered, ["start now"]);
});

test("in ssh, Ctrl-R finds a line, Up recalls one that begins so, and a suggestion is taken by End", async (t) => {
  const seat = await sit(t, {});
  if (seat === undefined) return;
  await seat.shows(">");
  seat.type("echo one\r");
  await until("the first command", () => seat.entered.length === 1);
  seat.type("make two\r");
  await until("the second command", () => seat.entered.length === 2);
  seat.type(`${CTRL_R}ech`);
  await seat.shows("(search) ech: echo one");
  seat.type("\r");
  await until("the command found", () => seat.entered.length === 3);
  seat.type(`ma${UP}`);
  await seat.shows("> make two");
  seat.type("\x15");
  await seat.shows(">");
  seat.type("ma");
  await seat.shows("> make two");
  seat.type("\x1b[F\r");
  await until("the command suggested", () => seat.entered.length === 4);
  assert.deepEqual(seat.entered.slice(2), ["echo one", "make two"]);
});

test("in ssh, a paste of several lines is one command, also through a change of the window's size", async (t) => {
  const seat = await sit(t, {});
  if (seat === undefined) return;
  await seat.shows(">");
  seat.type("\x1b[200~first row that is as long as it takes to wrap 日本語\nsecond\n\x1b[201~");
  await seat.shows("> first row that is as long as it takes to wrap 日本語", "second");
  seat.resize(20, 20);
  await seat.shows("> first row that is", "as long as it takes", "to wrap 日本語", "second");
  seat.type(" row");
  await seat.shows("> first row that is", "as long as it takes", "to wrap 日本語", "second row");
  seat.type("\r");
  await until("the command", () => seat.entered.length === 1);
  assert.deepEqual(seat.entered, ["first row that is as long as it takes to wrap 日本語\nsecond row"]);
});

test("in ssh, a megabyte that is pasted does not submit, and the session goes on", async (t) => {
  const seat = await sit(t, {});
  if (seat === undefined) return;
  await seat.shows(">");
  seat.type(`\x1b[200~${"x".repeat(1_000_000)}\n\x1b[201~`);
  seat.type("\x03\x1b[200~y\nz\x1b[201~!");
  await seat.shows("> y", "z!");
  assert.deepEqual(seat.entered, []);
});
