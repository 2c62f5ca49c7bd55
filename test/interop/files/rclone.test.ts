import assert from "node:assert/strict";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { requirePeer } from "../peers.ts";
import { rclone } from "./clients.ts";
import { testFilePeer } from "./file-peer.ts";
import { startFiles } from "./ground.ts";

testFilePeer({
  name: "rclone",
  put: async (ground, local, remote) => void (await rclone(ground, "copyto", local, `:sftp:${remote}`)),
  get: async (ground, local, remote) => void (await rclone(ground, "copyto", `:sftp:${remote}`, local)),
});

test("rclone syncs 1,000 small files by eight transfers at once, compares them by what it downloads, and removes", async (t) => {
  if (requirePeer(t, "rclone") === undefined) return;
  const ground = await startFiles(t);
  const tree = join(ground.here, "tree");
  for (let folder = 0; folder < 10; folder++) {
    mkdirSync(join(tree, String(folder)), { recursive: true });
    for (let file = 0; file < 100; file++) writeFileSync(join(tree, String(folder), `f${file}`), `${folder} ${file}\n`);
  }
  await rclone(ground, "sync", tree, ":sftp:/tree", "--transfers", "8", "--checkers", "8");
  const [here, there] = [join(tree, "3", "f7"), join(ground.root, "tree", "3", "f7")];
  assert.equal(Math.floor(statSync(there).mtimeMs / 1000), Math.floor(statSync(here).mtimeMs / 1000));
  const checked = await rclone(ground, "check", "--download", tree, ":sftp:/tree", "--checkers", "8");
  assert.match(checked.stderr, /0 differences found/);
  await rclone(ground, "moveto", ":sftp:/tree/1", ":sftp:/moved");
  await rclone(ground, "purge", ":sftp:/tree");
  assert.deepEqual(readdirSync(ground.root), ["moved"]);
  assert.match((await rclone(ground, "about", ":sftp:/")).stdout, /Total:/);
  await ground.allClosed();
});
