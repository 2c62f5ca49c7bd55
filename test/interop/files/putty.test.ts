import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { requirePeer } from "../peers.ts";
import { psftp, puttyOptions, succeed } from "./clients.ts";
import { testFilePeer } from "./file-peer.ts";
import type { Ground } from "./ground.ts";
import { startFiles, writeNoise } from "./ground.ts";

testFilePeer({
  name: "psftp",
  put: async (ground, local, remote) => void (await psftp(ground, [`put "${local}" "${remote}"`])),
  get: async (ground, local, remote) => void (await psftp(ground, [`get "${remote}" "${local}"`])),
  resumePut: async (ground, local, remote) => void (await psftp(ground, [`reput "${local}" "${remote}"`])),
  resumeGet: async (ground, local, remote) => void (await psftp(ground, [`reget "${remote}" "${local}"`])),
});

const pscp = async (ground: Ground, from: string, to: string): Promise<void> => {
  const { args, env } = puttyOptions(ground);
  await succeed("pscp", ["-sftp", "-q", ...args, from, to], { env });
};

testFilePeer({
  name: "pscp",
  title: "pscp -sftp",
  put: (ground, local, remote) => pscp(ground, local, `127.0.0.1:${remote}`),
  get: (ground, local, remote) => pscp(ground, `127.0.0.1:${remote}`, local),
});

test("psftp makes, lists, moves and removes", async (t) => {
  if (requirePeer(t, "psftp") === undefined) return;
  const ground = await startFiles(t);
  const file = await writeNoise(join(ground.here, "file"), 1000);
  const { stdout } = await psftp(ground, [
    "mkdir d",
    "cd d",
    "pwd",
    `put "${file}" a`,
    "chmod 600 a",
    "mv a b",
    `put "${file}" c`,
    "ls",
    "del c",
    "mkdir e",
    "rmdir e",
  ]);
  assert.match(stdout, /Remote directory is \/d/);
  assert.match(stdout, /-rw------- .* 1000 .* b/);
  assert.deepEqual(readdirSync(join(ground.root, "d")), ["b"]);
  await ground.allClosed();
});
