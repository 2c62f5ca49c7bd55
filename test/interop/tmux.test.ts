import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { Capabilities, Key, Mouse } from "../../src/index.ts";
import { makeFolder, run, startSubject, until } from "./harness/index.ts";
import { sshArguments } from "./openssh/client.ts";
import { peer, requirePeer, versionOf } from "./peers.ts";

/** An `ssh` in tmux, on a screen of 80 by 24. */
interface Pane {
  /** The rows of the screen that are not empty. */
  screen(): Promise<string[]>;
  /** Presses keys, by the names that tmux has for them. */
  press(...keys: readonly string[]): Promise<void>;
}

async function openPane(t: TestContext, port: number): Promise<Pane> {
  const socket = join(makeFolder(), "tmux");
  const tmux = async (...args: readonly string[]): Promise<string> => {
    const { status, stdout, stderr } = await run(peer("tmux") ?? "tmux", ["-S", socket, "-f", "/dev/null", ...args]);
    if (status !== 0) throw new Error(`tmux ${args.join(" ")}: ${stderr}`);
    return stdout;
  };
  t.after(() => tmux("kill-server").catch(() => undefined));
  await tmux("new-session", "-d", "-x", "80", "-y", "24", peer("ssh") ?? "ssh", ...sshArguments({ port }));
  return {
    screen: async () => (await tmux("capture-pane", "-p")).split("\n").filter((row) => row !== ""),
    press: async (...keys) => void (await tmux("send-keys", ...keys)),
  };
}

test("tmux tells what it is, and shows nothing of the questions", async (t) => {
  if (requirePeer(t, "tmux") === undefined || requirePeer(t, "ssh") === undefined) return;
  t.diagnostic(versionOf("tmux"));
  const subject = await startSubject(t);
  const terminal = (): Capabilities | undefined => [...subject.server.clients][0]?.terminal;
  subject.server.onUser("preshell", async (client) => {
    await client.detectTerminal();
    client.sendln("asked");
  });
  const pane = await openPane(t, subject.port);
  await until("the answers", () => terminal()?.name === "tmux");
  assert.match(terminal()?.version ?? "", /^\d/);
  assert.equal(terminal()?.kittyKeyboard, false);
  await pane.press("h", "i", "Enter");
  let rows: string[] = [];
  for (const end = Date.now() + 30_000; rows.length < 4 && Date.now() < end;) rows = await pane.screen();
  assert.deepEqual(rows, ["asked", "> hi", "hi", ">"]);
});

test("the keys that tmux sends are known by their names", async (t) => {
  if (requirePeer(t, "tmux") === undefined || requirePeer(t, "ssh") === undefined) return;
  const subject = await startSubject(t);
  const seen: string[] = [];
  let isListening = false;
  subject.server.onUser("preshell", async (client) => {
    const events = client.input();
    isListening = true;
    for await (const event of events) seen.push(nameOf(event));
  });
  const pane = await openPane(t, subject.port);
  await until("the server to listen", () => isListening);
  const keys = {
    a: "a",
    B: "shift+b",
    é: "é",
    "C-a": "ctrl+a",
    "M-b": "alt+b",
    "C-M-d": "ctrl+alt+d",
    Tab: "tab",
    BTab: "shift+tab",
    Enter: "return",
    BSpace: "backspace",
    Space: "space",
    Up: "up",
    "S-Down": "shift+down",
    "C-Left": "ctrl+left",
    "M-Right": "alt+right",
    "C-M-S-Up": "ctrl+alt+shift+up",
    Home: "home",
    End: "end",
    PPage: "pageup",
    NPage: "pagedown",
    IC: "insert",
    "C-DC": "ctrl+delete",
    F1: "f1",
    F5: "f5",
    "S-F5": "shift+f5",
    F12: "f12",
    Escape: "escape",
  };
  // One by one: what Escape is followed by at once is Alt.
  for (const [index, [key]] of Object.entries(keys).entries()) {
    await pane.press(key);
    await until(`the key ${key}`, () => seen.length > index);
  }
  assert.deepEqual(seen, Object.values(keys));
});

function nameOf(event: Key | Mouse): string {
  if (event.type === "mouse") return event.action;
  return `${event.ctrl ? "ctrl+" : ""}${event.alt ? "alt+" : ""}${event.shift ? "shift+" : ""}${event.name}`;
}
