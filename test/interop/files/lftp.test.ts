import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { requirePeer } from "../peers.ts";
import { lftp } from "./clients.ts";
import { testFilePeer } from "./file-peer.ts";
import { startFiles } from "./ground.ts";

testFilePeer({
  name: "lftp",
  put: async (ground, local, remote) => void (await lftp(ground, [`put "${local}" -o "${remote}"`])),
  get: async (ground, local, remote) => void (await lftp(ground, [`get "${remote}" -o "${local}"`])),
  resumePut: async (ground, local, remote) => void (await lftp(ground, [`put -c "${local}" -o "${remote}"`])),
  resumeGet: async (ground, local, remote) => void (await lftp(ground, [`get -c "${remote}" -o "${local}"`])),
});

test("lftp mirrors a tree up and down by five connections, and finds nothing to do the second time", async (t) => {
  if (requirePeer(t, "lftp") === undefined) return;
  const ground = await startFiles(t);
  const tree = join(ground.here, "tree");
  for (let folder = 0; folder < 5; folder++) {
    mkdirSync(join(tree, String(folder)), { recursive: true });
    for (let file = 0; file < 40; file++) writeFileSync(join(tree, String(folder), `f${file}`), `${folder} ${file}\n`);
  }
  const back = join(ground.here, "back");
  await lftp(ground, [`mirror -R --parallel=5 "${tree}" /tree`, `mirror --parallel=5 /tree "${back}"`]);
  for (let folder = 0; folder < 5; folder++) {
    assert.equal(readdirSync(join(back, String(folder))).length, 40);
    assert.equal(readFileSync(join(back, String(folder), "f7"), "utf8"), `${folder} 7\n`);
  }
  const again = await lftp(ground, [`mirror -R -v "${tree}" /tree`]);
  assert.doesNotMatch(again.stdout, /Transferring/);
  await ground.allClosed();
});
