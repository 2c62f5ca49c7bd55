import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { pipeline } from "node:stream/promises";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { Server } from "../../../src/index.ts";
import type { Client } from "../../../src/index.ts";
import { run, Terminal } from "../harness/index.ts";
import { hostKeyFile } from "../harness/keys.ts";
import { requirePeer } from "../peers.ts";
import { sshArguments } from "./client.ts";

type Programs = Readonly<Record<string, (client: Client, signal: AbortSignal) => Promise<unknown>>>;

/** A server of programs that live on their streams. */
async function serve(t: TestContext, programs: Programs): Promise<readonly string[]> {
  const server = new Server({ port: 0, hostKeys: hostKeyFile("ed25519"), allowAnyone: true, log: false });
  server.onUser("command", async (client, command, { signal }) => void (await programs[command]?.(client, signal)));
  const { port } = await server.run();
  t.after(() => server.close());
  return sshArguments({ port }, { key: null });
}

test("two visitors on ssh at once have streams of their own: size, colours, keys", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const args = await serve(t, {
    async app({ stdin, stdout }, signal) {
      const tell = (): void =>
        void stdout.write(`${stdout.columns} by ${stdout.rows}, ${stdout.getColorDepth()} bits\n`);
      stdout.on("resize", tell);
      tell();
      stdout.write("\x1b[38;2;255;0;0mred\x1b[m\n");
      const reader = createInterface({ input: stdin, output: stdout });
      stdout.write(`Hello, ${await reader.question("Name? ", { signal })}!\n`);
      reader.close();
      stdin.setRawMode(true);
      stdout.write("Now keys.\n");
      for await (const key of stdin) {
        stdout.write(`<${(key as Buffer).toString("hex")}>`);
        if (String(key) === "q") return;
      }
    },
  });
  const wide = new Terminal(100, 30, ssh, ["-tt", ...args, "app"], { TERM: "xterm-256color" });
  const narrow = new Terminal(40, 10, ssh, ["-tt", ...args, "app"], { TERM: "linux" });
  t.after(() => [wide, narrow].forEach((terminal) => terminal.kill()));
  await wide.sees("100 by 30, 8 bits\r\n\x1b[38;5;196mred\x1b[m\r\n");
  await narrow.sees("40 by 10, 4 bits\r\n\x1b[91mred\x1b[m\r\n");
  narrow.resize(50, 11);
  await narrow.sees("50 by 11, 4 bits");
  for (const [terminal, name] of [
    [wide, "Ada"],
    [narrow, "Bob"],
  ] as const) {
    terminal.type(`${name}\r`);
    await terminal.sees(`Hello, ${name}!\r\nNow keys.\r\n`);
    terminal.type("\u001b[A");
    await terminal.sees("<1b5b41>");
    terminal.type("\u0003");
    await terminal.sees("<03>");
    terminal.type("\u001aq");
    await terminal.sees("<71>");
    assert.equal(await terminal.ends(), 0);
  }
  assert.doesNotMatch(wide.output, /50 by 11/);
});

test("lines are edited by the server where the program asks for no keys, with the erase key of the client's terminal", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const args = await serve(t, {
    async upper({ stdin, stdout }) {
      const upper = async function* (lines: AsyncIterable<unknown>): AsyncGenerator<string> {
        for await (const line of lines) yield String(line).toUpperCase();
      };
      stdout.write("Ready.\n");
      await pipeline(stdin, upper, stdout);
      stdout.write("That was all.\n");
    },
  });
  const terminal = new Terminal(80, 24, "sh", ["-c", `stty erase '#'; exec "$@"`, "sh", ssh, "-tt", ...args, "upper"]);
  t.after(() => terminal.kill());
  await terminal.sees("Ready.\r\n");
  terminal.type("hellx#o, 四#world\r");
  await terminal.sees("HELLO, WORLD\r\n");
  terminal.type("\u0004");
  await terminal.sees("That was all.\r\n");
  assert.equal(await terminal.ends(), 0);
});

test("Ctrl-C in ssh interrupts a program that reads lines, and bytes pass unchanged where there is no terminal", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const args = await serve(t, {
    wait({ stdin, stdout }, signal) {
      stdin.on("data", () => undefined);
      stdout.write("Ready.\n");
      return new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
    cat: ({ stdin, stdout }) => pipeline(stdin, stdout),
  });
  const terminal = new Terminal(80, 24, ssh, ["-tt", ...args, "wait"]);
  t.after(() => terminal.kill());
  await terminal.sees("Ready.\r\n");
  terminal.type("half\u0003");
  await terminal.sees("half^C\r\n");
  assert.equal(await terminal.ends(), 130);
  const input = `\u001b[38;2;1;2;3m\n\u001a\u0003\u0004${"é\n".repeat(200_000)}`;
  const { status, digest } = await run(ssh, [...args, "cat"], { input });
  assert.equal(status, 0);
  assert.equal(digest, createHash("sha256").update(input).digest("hex"));
});
