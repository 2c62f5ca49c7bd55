/** Clients that are killed in the middle, and what is left of their files. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { once } from "node:events";
import { test } from "node:test";
import { until } from "../harness/index.ts";
import { peer, requirePeer } from "../peers.ts";
import { openSshOptions, scp, sftp } from "./clients.ts";
import { digestOf, sizeOf, startFiles, writeNoise } from "./ground.ts";
import type { Ground } from "./ground.ts";

const LENGTH = 24 * 1024 ** 2;

/** Starts a transfer by `sftp` at about 8 MB/s and kills the client as soon as `isUnderWay`. */
async function killInTheMiddle(ground: Ground, command: string, isUnderWay: () => boolean): Promise<void> {
  const args = [...openSshOptions(ground), "-q", "-l", String(64 * 1024), "-b", "-", "127.0.0.1"];
  const client = spawn(peer("sftp") ?? "sftp", args, { stdio: ["pipe", "ignore", "ignore"] });
  client.stdin.end(`${command}\n`);
  await until("the transfer to be under way", isUnderWay);
  const gone = once(client, "exit");
  client.kill("SIGKILL");
  await gone;
  await ground.allClosed();
}

const isTemporary = (name: string): boolean => name.startsWith(".sallyport-upload-");

test("sftp is killed in the middle of a new file: its beginning stays, and is gone on with", async (t) => {
  if (requirePeer(t, "sftp") === undefined) return;
  const ground = await startFiles(t);
  const sent = await writeNoise(join(ground.here, "sent"), LENGTH);
  const there = join(ground.root, "file");
  await killInTheMiddle(ground, `put "${sent}" /file`, () => sizeOf(there) > 1024 ** 2);
  const beginning = readFileSync(there);
  t.diagnostic(`${beginning.length} of ${LENGTH} bytes had come`);
  assert.ok(beginning.length < LENGTH);
  // Without a hole, whatever order the pieces came in.
  assert.deepEqual(beginning, readFileSync(sent).subarray(0, beginning.length));
  await sftp(ground, [`reput "${sent}" /file`]);
  assert.equal(await digestOf(there), await digestOf(sent));
  assert.deepEqual(readdirSync(ground.root), ["file"]);
  await ground.allClosed();
});

test("sftp is killed in the middle of a file that replaces another: the old one stays, and nothing else", async (t) => {
  if (requirePeer(t, "sftp") === undefined) return;
  const ground = await startFiles(t);
  const old = await writeNoise(join(ground.root, "file"), 1_000_000);
  const digest = await digestOf(old);
  const sent = await writeNoise(join(ground.here, "sent"), LENGTH);
  await killInTheMiddle(ground, `put "${sent}" /file`, () =>
    readdirSync(ground.root).some((name) => isTemporary(name) && sizeOf(join(ground.root, name)) > 1024 ** 2),
  );
  assert.equal(await digestOf(old), digest);
  assert.deepEqual(readdirSync(ground.root), ["file"]);
});

test("scp, which empties no file that it writes to, leaves one part new and part old when it is killed", async (t) => {
  const program = requirePeer(t, "scp");
  if (program === undefined) return;
  const ground = await startFiles(t);
  const file = await writeNoise(join(ground.root, "file"), LENGTH);
  const old = readFileSync(file);
  const sent = join(ground.here, "sent");
  writeFileSync(sent, Buffer.alloc(LENGTH - 1_000_000, "new"));
  const client = spawn(program, [...openSshOptions(ground), "-l", String(64 * 1024), sent, "127.0.0.1:/file"], {
    stdio: "ignore",
  });
  await until("the transfer to be under way", () => readFileSync(file).subarray(0, 3).equals(Buffer.from("new")));
  const gone = once(client, "exit");
  client.kill("SIGKILL");
  await gone;
  await ground.allClosed();
  const left = readFileSync(file);
  assert.deepEqual(left.subarray(-1_000_000), old.subarray(-1_000_000));
  assert.deepEqual(readdirSync(ground.root), ["file"]);
  // Whole, it has the new length.
  await scp(ground, sent, "127.0.0.1:/file");
  assert.equal(await digestOf(file), await digestOf(sent));
});

test("sftp is killed in the middle of a download, which is gone on with", async (t) => {
  if (requirePeer(t, "sftp") === undefined) return;
  const ground = await startFiles(t);
  const there = await writeNoise(join(ground.root, "file"), LENGTH);
  const back = join(ground.here, "back");
  await killInTheMiddle(ground, `get /file "${back}"`, () => sizeOf(back) > 1024 ** 2);
  assert.ok(sizeOf(back) < LENGTH);
  await sftp(ground, [`reget /file "${back}"`]);
  assert.equal(await digestOf(back), await digestOf(there));
  await ground.allClosed();
});

test("twenty clients are killed one after the other: no handle of theirs stays open", async (t) => {
  if (requirePeer(t, "sftp") === undefined) return;
  const ground = await startFiles(t);
  const sent = await writeNoise(join(ground.here, "sent"), LENGTH);
  for (let number = 0; number < 20; number++) {
    const there = join(ground.root, String(number % 4));
    const started = (): boolean => readdirSync(ground.root).some(isTemporary) || sizeOf(there) > 0;
    await killInTheMiddle(ground, `put "${sent}" /${number % 4}`, started);
  }
  assert.deepEqual(readdirSync(ground.root).toSorted(), ["0", "1", "2", "3"]);
  await until("every session to have ended", () => ground.server.clients.size === 0);
});
