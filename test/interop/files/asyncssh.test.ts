import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { requirePeer } from "../peers.ts";
import { python } from "./clients.ts";
import { testFilePeer } from "./file-peer.ts";
import { startFiles } from "./ground.ts";

testFilePeer({
  name: "asyncssh",
  put: async (ground, ...paths) => void (await python("asyncssh", ground, "put", ...paths)),
  get: async (ground, ...paths) => void (await python("asyncssh", ground, "get", ...paths)),
  resumePut: async (ground, ...paths) => void (await python("asyncssh", ground, "resume-put", ...paths)),
  resumeGet: async (ground, ...paths) => void (await python("asyncssh", ground, "resume-get", ...paths)),
});

test("asyncssh does all that it has methods for", async (t) => {
  if (requirePeer(t, "asyncssh") === undefined) return;
  const ground = await startFiles(t);
  await python("asyncssh", ground, "everything");
  assert.deepEqual(readdirSync(ground.root), []);
  await ground.allClosed();
});

test("asyncssh writes and reads 500 files, fifty of them at once in one session", async (t) => {
  if (requirePeer(t, "asyncssh") === undefined) return;
  const ground = await startFiles(t);
  await python("asyncssh", ground, "many", ground.here);
  assert.equal(readdirSync(ground.root).length, 500);
  await ground.allClosed();
});
