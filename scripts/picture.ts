/**
 * Makes docs/demo.svg from a real session: two visitors log in to the demo, and what their terminals show is drawn.
 *
 *     npm run picture
 */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import xterm from "@xterm/headless";
import ssh2 from "ssh2";
import type { Window } from "./terminal-svg.ts";
import { drawWindows } from "./terminal-svg.ts";

const PICTURE = new URL("../docs/demo.svg", import.meta.url);
const DEMO = new URL("../examples/demo.ts", import.meta.url).pathname;
const ROWS = 19;
/** How the demo begins each picture of its sky, and which of them is shown: one with the comet in the middle. */
const FRAME = "\x1b[48;5;17m\x1b[1;1H";
const FRAME_SHOWN = 22;

/** A visitor with a terminal. */
interface Visitor {
  readonly name: string;
  readonly columns: number;
  /** All that the terminal was sent. */
  output: string;
  type(text: string): void;
  leave(): void;
}

const folder = mkdtempSync(join(tmpdir(), "sallyport-picture-"));
const demo = spawn(process.execPath, ["--conditions=sallyport-source", DEMO], {
  cwd: folder, // its host key is not for keeping
  env: { ...process.env, PORT: "0" },
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const port = await portOf(demo);
  const bob = await visit(port, "bob", 46);
  const alice = await visit(port, "alice", 54);
  alice.type("hello\r");
  await shows(alice, "world!");
  bob.type("a comet! come up and see\r");
  await shows(alice, "come up and see");
  bob.type("sky\r");
  const carol = await visit(port, "carol", 80);
  carol.type("good evening, castle\r");
  await shows(alice, "good evening");
  alice.type("wait, I'll get my telesc");
  await shows(alice, "telesc");
  await shows(bob, FRAME, FRAME_SHOWN + 1);
  for (const visitor of [alice, bob, carol]) visitor.leave();
  const inTheSky = bob.output
    .split(FRAME)
    .slice(0, FRAME_SHOWN + 1)
    .join(FRAME);
  const windows = [await windowOf(alice, alice.output), await windowOf(bob, inTheSky)];
  writeFileSync(PICTURE, drawWindows(windows, "Two visitors of the demo: one chats in the hall, one watches the sky"));
} finally {
  demo.kill();
  rmSync(folder, { recursive: true, force: true });
}

function portOf(server: ChildProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let output = "";
  server.stdout?.on("data", (bytes: Buffer) => {
    output += bytes.toString();
    const [, port] = /ssh -p (\d+)/.exec(output) ?? [];
    if (port !== undefined) resolve(Number(port));
  });
  server.once("close", () => reject(new Error("The demo ended before it listened.")));
  return promise;
}

async function visit(port: number, name: string, columns: number): Promise<Visitor> {
  const client = new ssh2.Client();
  const { promise, resolve, reject } = Promise.withResolvers<ssh2.ClientChannel>();
  client.once("error", reject).once("ready", () => {
    client.shell({ term: "xterm-256color", cols: columns, rows: ROWS }, (error, channel) => {
      if (error === undefined) resolve(channel);
      else reject(error);
    });
  });
  client.connect({ host: "127.0.0.1", port, username: name });
  const channel = await promise;
  const visitor: Visitor = {
    name,
    columns,
    output: "",
    type: (text) => void channel.write(text),
    leave: () => client.end(),
  };
  channel.on("data", (bytes: Buffer) => (visitor.output += bytes.toString()));
  await shows(visitor, "»");
  return visitor;
}

/** Waits until a visitor has been sent a text so many times. */
async function shows(visitor: Visitor, text: string, times = 1): Promise<void> {
  for (let patience = 600; visitor.output.split(text).length <= times; patience--) {
    if (patience === 0) throw new Error(`${visitor.name} waited in vain for ${JSON.stringify(text)}.`);
    await sleep(50);
  }
}

async function windowOf({ name, columns }: Visitor, output: string): Promise<Window> {
  const terminal = new xterm.Terminal({ cols: columns, rows: ROWS, allowProposedApi: true });
  await new Promise<void>((resolve) => {
    terminal.write(output, resolve);
  });
  const cursor = output.lastIndexOf("\x1b[?25l") <= output.lastIndexOf("\x1b[?25h");
  return { terminal, title: `ssh -p 2222 ${name}@localhost`, cursor };
}
