import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { requirePeer } from "../peers.ts";
import { curl, url } from "./clients.ts";
import { testFilePeer } from "./file-peer.ts";
import { digestOf, startFiles } from "./ground.ts";

testFilePeer({
  name: "curl",
  put: async (ground, local, remote) => void (await curl(ground, "-T", local, url(ground, remote))),
  get: async (ground, local, remote) => void (await curl(ground, "-o", local, url(ground, remote))),
  resumePut: async (ground, local, remote) => void (await curl(ground, "-C", "-", "-T", local, url(ground, remote))),
  resumeGet: async (ground, local, remote) => void (await curl(ground, "-C", "-", "-o", local, url(ground, remote))),
});

test("curl sends commands before and after, makes missing directories, and lists", async (t) => {
  if (requirePeer(t, "curl") === undefined) return;
  const ground = await startFiles(t);
  await curl(
    ground,
    "-Q",
    "-rename /a/b/temporary /a/b/file",
    "--ftp-create-dirs",
    "-T",
    "/etc/hostname",
    url(ground, "/a/b/temporary"),
  );
  assert.equal(await digestOf(join(ground.root, "a", "b", "file")), await digestOf("/etc/hostname"));
  const { stdout } = await curl(ground, url(ground, "/a/b/"));
  assert.match(stdout, / file\n$/);
  await ground.allClosed();
});
