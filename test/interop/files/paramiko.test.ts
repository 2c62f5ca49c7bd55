import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { requirePeer } from "../peers.ts";
import { python } from "./clients.ts";
import { testFilePeer } from "./file-peer.ts";
import { startFiles } from "./ground.ts";

testFilePeer({
  name: "paramiko",
  put: async (ground, ...paths) => void (await python("paramiko", ground, "put", ...paths)),
  get: async (ground, ...paths) => void (await python("paramiko", ground, "get", ...paths)),
  resumePut: async (ground, ...paths) => void (await python("paramiko", ground, "resume-put", ...paths)),
  resumeGet: async (ground, ...paths) => void (await python("paramiko", ground, "resume-get", ...paths)),
});

test("paramiko does all that it has methods for", async (t) => {
  if (requirePeer(t, "paramiko") === undefined) return;
  const ground = await startFiles(t);
  await python("paramiko", ground, "everything");
  assert.deepEqual(readdirSync(ground.root), []);
  await ground.allClosed();
});
