import assert from "node:assert/strict";
import { test } from "node:test";
import { assertSeen, startSubject, Terminal, until } from "../harness/index.ts";
import type { Subject } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";
import { sshArguments } from "./client.ts";

/** `ssh` on a terminal of 100 columns and 30 rows. */
function openTerminal(
  t: { after: (end: () => void) => void },
  ssh: string,
  subject: Subject,
  ...command: string[]
): Terminal {
  const terminal = new Terminal(100, 30, ssh, ["-tt", ...sshArguments(subject), ...command]);
  t.after(() => terminal.kill());
  return terminal;
}

test("ssh on a terminal gets a prompt, an echo of what is typed and the answers", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  const terminal = openTerminal(t, ssh, subject);
  await terminal.sees("> ");
  terminal.type("hallo Welt\r");
  await terminal.sees("hallo Welt\r\nhallo Welt\r\n");
  await terminal.sees("> ");
  terminal.type("\u0004");
  assert.equal(await terminal.ends(), 0);
  await assertSeen(subject, ["pty xterm-256color 100x30", "login alice by publickey", "left exit"]);
});

test("ssh tells that its terminal has another size", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  const terminal = openTerminal(t, ssh, subject);
  await terminal.sees("> ");
  terminal.resize(132, 43);
  await terminal.sees("now 132 by 43");
  terminal.resize(40, 10);
  await terminal.sees("now 40 by 10");
  const sizes = subject.seen.filter((line) => line.startsWith("resized"));
  assert.deepEqual(sizes, ["resized 132x43", "resized 40x10"]);
});

test("ssh sends a break by ~B", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  const terminal = openTerminal(t, ssh, subject);
  await terminal.sees("> ");
  terminal.type("\r~B");
  await terminal.sees("got BREAK");
});

test("Ctrl-C in ssh interrupts the command that runs", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  const terminal = openTerminal(t, ssh, subject, "sleep", "600");
  await until("the command", () => subject.seen.length === 2);
  terminal.type("\u0003");
  assert.equal(await terminal.ends(), 130);
});

test("ssh that is killed leaves nothing behind", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  const terminal = openTerminal(t, ssh, subject);
  await terminal.sees("> ");
  terminal.kill();
  await until("the end of the session", () => subject.seen.includes("left disconnected"));
  assert.equal([...subject.server.clients].length, 0);
});
