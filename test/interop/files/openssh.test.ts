import assert from "node:assert/strict";
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { requirePeer } from "../peers.ts";
import { scp, sftp } from "./clients.ts";
import { testFilePeer } from "./file-peer.ts";
import { digestOf, startFiles, writeNoise } from "./ground.ts";

testFilePeer({
  name: "sftp",
  put: async (ground, local, remote) => void (await sftp(ground, [`put "${local}" "${remote}"`])),
  get: async (ground, local, remote) => void (await sftp(ground, [`get "${remote}" "${local}"`])),
  resumePut: async (ground, local, remote) => void (await sftp(ground, [`reput "${local}" "${remote}"`])),
  resumeGet: async (ground, local, remote) => void (await sftp(ground, [`reget "${remote}" "${local}"`])),
});

testFilePeer({
  name: "scp",
  put: async (ground, local, remote) => void (await scp(ground, local, `127.0.0.1:${remote}`)),
  get: async (ground, local, remote) => void (await scp(ground, `127.0.0.1:${remote}`, local)),
});

test("sftp does all that it has commands for", async (t) => {
  if (requirePeer(t, "sftp") === undefined) return;
  const ground = await startFiles(t);
  const { root, here } = ground;
  const file = await writeNoise(join(here, "file"), 100_000);
  utimesSync(file, 1_500_000_000, 1_600_000_000);
  const { stdout } = await sftp(ground, [
    "mkdir d",
    "cd d",
    "pwd",
    `put -p "${file}" f`,
    "chmod 640 f",
    "ln -s f link",
    "ln f hard",
    "symlink /d/f absolute",
    "rename hard renamed",
    "cp f copy",
    "ls -l",
    "df /",
    "rm link",
    "mkdir empty",
    "rmdir empty",
    "-rmdir /d",
    "-get nowhere",
    "-ln -s ../../../etc/passwd out",
  ]);
  assert.match(stdout, /Remote working directory: \/d/);
  assert.match(stdout, /-rw-r-----.* 100000 .* f\n/);
  assert.match(stdout, /lrwxrwxrwx.* link/);
  const there = statSync(join(root, "d", "f"));
  assert.deepEqual([there.mtimeMs, there.mode & 0o777, there.nlink], [1_600_000_000_000, 0o640, 2]);
  assert.deepEqual(readdirSync(join(root, "d")).toSorted(), ["absolute", "copy", "f", "renamed"]);
  assert.equal(await digestOf(join(root, "d", "copy")), await digestOf(file));
  assert.ok(lstatSync(join(root, "d", "absolute")).isSymbolicLink());
  await ground.allClosed();
});

test("sftp takes names with spaces, quotes, umlauts and bytes that are not UTF-8", async (t) => {
  if (requirePeer(t, "sftp") === undefined) return;
  const ground = await startFiles(t);
  const latin = Buffer.from("caf\xe9", "latin1");
  writeFileSync(Buffer.concat([Buffer.from(`${ground.root}/`), latin]), "coffee");
  writeFileSync(join(ground.root, "grüße 'n' so"), "hello");
  const back = join(ground.here, "back");
  await sftp(ground, [`lcd "${ground.here}"`, "get caf*", `get "grüße 'n' so" "${back}"`]);
  assert.deepEqual(
    readdirSync(ground.here, { encoding: "buffer" }).toSorted((a, b) => Buffer.compare(a, b)),
    [Buffer.from("back"), latin],
  );
  assert.equal(readFileSync(back, "utf8"), "hello");
});

test("sftp and scp move 10,000 small files up and down, with their times", async (t) => {
  if (requirePeer(t, "sftp") === undefined || requirePeer(t, "scp") === undefined) return;
  const ground = await startFiles(t);
  const tree = join(ground.here, "tree");
  for (let folder = 0; folder < 10; folder++) {
    mkdirSync(join(tree, String(folder)), { recursive: true });
    for (let file = 0; file < 1000; file++)
      writeFileSync(join(tree, String(folder), `f${file}`), `${folder} ${file}\n`);
  }
  await sftp(ground, [`put -R "${tree}" /tree`]);
  await scp(ground, "-r", "-p", "127.0.0.1:/tree", join(ground.here, "back"));
  for (let folder = 0; folder < 10; folder++) {
    assert.equal(readdirSync(join(ground.here, "back", String(folder))).length, 1000);
    for (const file of [0, 499, 999]) {
      const path = join(String(folder), `f${file}`);
      assert.equal(readFileSync(join(ground.here, "back", path), "utf8"), `${folder} ${file}\n`);
      const [there, here] = [statSync(join(ground.root, "tree", path)), statSync(join(ground.here, "back", path))];
      assert.equal(here.mtimeMs, Math.floor(there.mtimeMs / 1000) * 1000);
    }
  }
  await ground.allClosed();
});

test("sftp moves 1 GiB up and down", async (t) => {
  if (requirePeer(t, "sftp") === undefined) return;
  const ground = await startFiles(t);
  t.after(() => [ground.root, ground.here].forEach((folder) => rmSync(folder, { recursive: true, force: true })));
  const sent = await writeNoise(join(ground.here, "sent"), 1024 ** 3);
  const digest = await digestOf(sent);
  const before = process.memoryUsage().rss;
  await sftp(ground, [`put "${sent}" /file`]);
  rmSync(sent);
  assert.equal(await digestOf(join(ground.root, "file")), digest);
  await sftp(ground, [`get /file "${sent}"`]);
  assert.equal(await digestOf(sent), digest);
  t.diagnostic(`${((process.memoryUsage().rss - before) / 1024 ** 2).toFixed(0)} MiB more memory than before`);
  assert.ok(process.memoryUsage().rss - before < 256 * 1024 ** 2);
  await ground.allClosed();
});

test("eight clients of sftp at once move files up and down, each its own", async (t) => {
  if (requirePeer(t, "sftp") === undefined) return;
  const ground = await startFiles(t);
  await Promise.all(
    Array.from({ length: 8 }, async (_, number) => {
      const sent = await writeNoise(join(ground.here, `sent-${number}`), (number + 1) * 1_000_003);
      const back = join(ground.here, `back-${number}`);
      await sftp(ground, [`put "${sent}" /${number}`, "ls -l", `get /${number} "${back}"`, `put "${sent}" /${number}`]);
      const digest = await digestOf(sent);
      assert.equal(await digestOf(back), digest);
      assert.equal(await digestOf(join(ground.root, String(number))), digest);
    }),
  );
  assert.equal(readdirSync(ground.root).length, 8);
  await ground.allClosed();
});
