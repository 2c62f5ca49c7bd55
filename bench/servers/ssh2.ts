// The bench service on ssh2: ssh2.ts PORT HOST_KEY_FILE AUTHORIZED_KEY_FILE
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";

import type ssh2 from "ssh2";
import type { AuthContext, Connection, ParsedKey, ServerChannel, Session } from "ssh2";

import { serveFiles } from "./ssh2-files.ts";

const chunk = Buffer.alloc(64 * 1024);
const [port, hostKeyFile, authorizedKeyFile] = process.argv.slice(2) as [string, string, string];

// BENCH_SSH2 names a folder with another copy of ssh2, one with its native addon built.
const require = createRequire(
  process.env["BENCH_SSH2"] ? `${process.env["BENCH_SSH2"]}/package.json` : import.meta.url,
);
const { Server, utils } = require("ssh2") as typeof ssh2;

const authorized = parseAuthorizedKey(readFileSync(authorizedKeyFile));
const authorizedBlob = authorized.getPublicSSH();

new Server({ hostKeys: [readFileSync(hostKeyFile)] }, (connection) => {
  connection.on("authentication", (context) => {
    if (mayLogIn(context)) context.accept();
    else context.reject(["publickey"]);
  });
  // ssh2 leaves Nagle's algorithm on, and an application cannot reach the socket but through this private field.
  if (process.env["BENCH_SSH2_NODELAY"]) (connection as unknown as { _sock: Socket })._sock.setNoDelay(true);
  connection.on("ready", () => acceptSessions(connection));
  connection.on("error", () => {});
}).listen(Number(port), "127.0.0.1");

function mayLogIn(context: AuthContext): boolean {
  if (context.method !== "publickey" || context.username !== "bench") return false;
  if (!context.key.data.equals(authorizedBlob)) return false;
  // The first request of a key only asks whether it would do: RFC 4252 §7.
  if (!context.signature || !context.blob) return true;
  return authorized.verify(context.blob, context.signature, context.hashAlgo);
}

function parseAuthorizedKey(line: Buffer): ParsedKey {
  const key = utils.parseKey(line);
  if (key instanceof Error) throw key;
  return key;
}

function acceptSessions(connection: Connection): void {
  connection.on("session", (accept) => {
    const session: Session = accept();
    session.on("pty", (acceptPty) => acceptPty?.());
    session.on("shell", (acceptShell) => (process.env["BENCH_EDITOR"] ? edit : echo)(acceptShell()));
    session.on("sftp", (acceptSftp) => serveFiles(acceptSftp()));
    session.on("exec", (acceptExec, rejectExec, info) => {
      const [name, count] = info.command.split(" ");
      if (name === "down") down(acceptExec(), Number(count));
      else if (name === "up") up(acceptExec());
      else rejectExec();
    });
  });
}

function echo(shell: ServerChannel): void {
  shell.on("data", (data: Buffer) => shell.write(data));
}

/** A prompt, and nothing for what is entered. */
function edit(shell: ServerChannel): void {
  const terminal = Object.assign(shell, { columns: 80, rows: 24, isTTY: true });
  const readline = createInterface({ input: shell, output: terminal, terminal: true, prompt: "> ", historySize: 100 });
  readline.on("line", () => readline.prompt());
  readline.prompt();
}

function down(channel: ServerChannel, mebibytes: number): void {
  let left = (mebibytes * 1024 * 1024) / chunk.length;
  const write = (): void => {
    while (left > 0) {
      left -= 1;
      if (!channel.write(chunk)) {
        channel.once("drain", write);
        return;
      }
    }
    channel.exit(0);
    channel.end();
  };
  write();
}

function up(channel: ServerChannel): void {
  let received = 0;
  channel.on("data", (data: Buffer) => (received += data.length));
  channel.on("end", () => {
    channel.write(`${received}\n`);
    channel.exit(0);
    channel.end();
  });
}
