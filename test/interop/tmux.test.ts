import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { Capabilities } from "../../src/index.ts";
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
