import { createCipheriv, createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Client, Server } from "../../src/index.ts";

const MIB = 1024 ** 2;
const CHUNK = 64 * 1024;

/** What `ssh host NAME ARGUMENT` runs; it gives the exit status, 0 by default. */
type Program = (client: Client, argument: string, signal: AbortSignal) => Promise<number | void> | number | void;

const programs: Readonly<Record<string, Program>> = {
  /** Echoes what comes until its end. */
  async cat(client) {
    for await (const bytes of client.stdin) await send(client, bytes as Uint8Array);
  },
  /** Writes so many MiB of zeros. */
  async down(client, count, signal) {
    const zeros = new Uint8Array(CHUNK);
    for (let left = Number(count) * MIB; left > 0 && !signal.aborted; left -= CHUNK) await send(client, zeros);
  },
  /** Reads to the end and prints the number of bytes. */
  async up(client) {
    let length = 0;
    for await (const bytes of client.stdin) length += (bytes as Uint8Array).length;
    client.sendln(String(length));
  },
  /** Writes so many MiB of {@link noise}. */
  async noise(client, count, signal) {
    for (const bytes of noise(Number(count))) {
      if (signal.aborted) return;
      await send(client, bytes);
    }
  },
  /** Reads to the end and prints the SHA-256 of what came. */
  async digest(client) {
    const hash = createHash("sha256");
    for await (const bytes of client.stdin) hash.update(bytes as Uint8Array);
    client.sendln(hash.digest("hex"));
  },
  exit: (_client, status) => Number(status),
  env: (client, name) => client.sendln(client.env[name] ?? ""),
  async sleep(_client, seconds, signal) {
    await delay(Number(seconds) * 1000, undefined, { signal });
  },
  fail() {
    throw new Error("It was asked to fail.");
  },
};

/** Gives a server its commands: a shell that echoes each line, and the programs of `ssh host NAME ARGUMENT`. */
export function install(server: Server): void {
  server.onUser("command", (client, line) => client.sendln(line));
  server.onUser("exec", (client, command, { signal }) => {
    const [name = "", argument = ""] = command.split(" ", 2);
    if (Object.hasOwn(programs, name)) return programs[name]?.(client, argument, signal);
    client.stderr.write("unknown command\n");
    return 127;
  });
}

/** So many MiB that look random and are always the same, so that a lost, repeated or swapped piece shows in their hash. */
export function* noise(mebibytes: number): Generator<Uint8Array> {
  const stream = createCipheriv("aes-128-ctr", new Uint8Array(16), new Uint8Array(16));
  const zeros = new Uint8Array(CHUNK);
  for (let left = mebibytes * MIB; left > 0; left -= CHUNK) yield stream.update(zeros);
}

/** Sends, and waits while the visitor does not read. */
async function send(client: Client, bytes: Uint8Array): Promise<void> {
  client.send(bytes);
  await client.drained();
}
