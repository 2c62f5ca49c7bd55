import assert from "node:assert/strict";
import { once } from "node:events";
import { createReadStream, createWriteStream, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { test } from "node:test";
import { promisify } from "node:util";
import { Client } from "ssh2";
import type { ConnectConfig, SFTPWrapper } from "ssh2";
import SftpClient from "ssh2-sftp-client";
import { userKeyFile } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";
import { testFilePeer } from "./file-peer.ts";
import { sizeOf, startFiles } from "./ground.ts";
import type { Ground } from "./ground.ts";

function configuration({ port }: Ground): ConnectConfig {
  return { host: "127.0.0.1", port, username: "alice", privateKey: readFileSync(userKeyFile("ed25519")) };
}

/** Does something with ssh2's own client of SFTP. */
async function session<Value>(ground: Ground, use: (sftp: SFTPWrapper) => Promise<Value>): Promise<Value> {
  const client = new Client();
  client.connect(configuration(ground));
  await once(client, "ready");
  try {
    return await use(await promisify(client.sftp.bind(client))());
  } finally {
    client.end();
    await once(client, "close");
  }
}

/** The same with ssh2-sftp-client. */
async function wrapped<Value>(ground: Ground, use: (sftp: SftpClient) => Promise<Value>): Promise<Value> {
  const sftp = new SftpClient();
  await sftp.connect(configuration(ground));
  try {
    return await use(sftp);
  } finally {
    await sftp.end();
  }
}

testFilePeer({
  name: "ssh2",
  put: (ground, local, remote) =>
    session(
      ground,
      (sftp) => new Promise((done, fail) => sftp.fastPut(local, remote, (error) => (error ? fail(error) : done()))),
    ),
  get: (ground, local, remote) =>
    session(
      ground,
      (sftp) => new Promise((done, fail) => sftp.fastGet(remote, local, (error) => (error ? fail(error) : done()))),
    ),
  resumePut: (ground, local, remote) =>
    session(ground, (sftp) => {
      const start = sizeOf(join(ground.root, remote));
      return pipeline(createReadStream(local, { start }), sftp.createWriteStream(remote, { flags: "r+", start }));
    }),
  resumeGet: (ground, local, remote) =>
    session(ground, (sftp) =>
      pipeline(
        sftp.createReadStream(remote, { start: sizeOf(local) }),
        createWriteStream(local, { flags: "a" }) as Writable,
      ),
    ),
});

testFilePeer({
  name: "ssh2-sftp-client",
  put: (ground, local, remote) => wrapped(ground, async (sftp) => void (await sftp.fastPut(local, remote))),
  get: (ground, local, remote) => wrapped(ground, async (sftp) => void (await sftp.get(remote, local))),
  resumePut: (ground, local, remote) =>
    wrapped(ground, async (sftp) => {
      const start = sizeOf(join(ground.root, remote));
      await sftp.append(createReadStream(local, { start }), remote);
    }),
});

test("ssh2-sftp-client does all that it has methods for", async (t) => {
  if (requirePeer(t, "ssh2-sftp-client") === undefined) return;
  const ground = await startFiles(t);
  await wrapped(ground, async (sftp) => {
    assert.equal(await sftp.cwd(), "/");
    await sftp.mkdir("/a/b/c", true);
    await sftp.put(Buffer.from("hello"), "/a/b/f");
    assert.equal(await sftp.exists("/a/b"), "d");
    assert.equal(await sftp.exists("/a/none"), false);
    const sizes = (await sftp.list("/a/b")).map(({ name, type, size }) => [`${type}${name}`, size] as const);
    assert.equal(Object.fromEntries(sizes)["-f"], 5);
    assert.deepEqual(sizes.map(([name]) => name).toSorted(), ["-f", "dc"]);
    await sftp.chmod("/a/b/f", 0o600);
    assert.equal((await sftp.stat("/a/b/f")).mode & 0o777, 0o600);
    await sftp.rename("/a/b/f", "/a/g");
    await sftp.posixRename("/a/g", "/a/h");
    await sftp.rcopy("/a/h", "/a/copy");
    assert.deepEqual(await sftp.get("/a/copy"), Buffer.from("hello"));
    await sftp.uploadDir(join(import.meta.dirname), "/up");
    assert.equal((await sftp.list("/up")).length, readdirSync(import.meta.dirname).length);
    await sftp.downloadDir("/up", join(ground.here, "down"));
    const [sent, back] = [import.meta.filename, join(ground.here, "down", "ssh2.test.ts")];
    assert.equal(statSync(back).size, statSync(sent).size);
    await sftp.rmdir("/up", true);
    await sftp.rmdir("/a", true);
  });
  assert.deepEqual(readdirSync(ground.root), []);
  await ground.allClosed();
});
