/** Security bar, part C: what SFTP version 3 and OpenSSH's extensions ask of a server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { memory } from "../../src/files/index.ts";
import type { FileSystem } from "../../src/files/index.ts";
import { OpenBit, Packet, Status } from "../../src/files/sftp/wire/numbers.ts";
import { attrs, init, packet, string, u32, u64 } from "../sftp/index.ts";
import { Bar, SftpPeer } from "./harness/index.ts";

const { READ, WRITE, CREAT, TRUNC, EXCL, APPEND } = OpenBit;

async function open(t: TestContext, fileSystem: FileSystem = memory({ files: { "/a": "0123456789" } })) {
  const bar = await Bar.open(t);
  const sftp = await SftpPeer.open(bar, fileSystem);
  const { client } = sftp;
  const call = (type: number, ...fields: readonly Uint8Array[]) => sftp.wait(client.call(type, ...fields));
  const status = async (type: number, ...fields: readonly Uint8Array[]) => (await call(type, ...fields)).status;
  const extended = (name: string, ...fields: readonly Uint8Array[]) => sftp.wait(client.extended(name, ...fields));
  const opened = (path: string, bits: number) => sftp.wait(client.open(path, bits));
  const content = async (path: string) => String(await sftp.wait(client.content(path)));
  return { sftp, client, call, status, extended, opened, content };
}

test("C78: INIT comes first, and VERSION 3 offers what is served, and no more", async (t) => {
  const bar = await Bar.open(t);
  const plain: FileSystem = {
    stat: () => ({ type: "directory", size: 0, mode: 0o755 }),
    readdir: () => [],
    open: () => assert.fail(),
  };
  for (const first of [packet(Packet.REALPATH, u32(1), string(".")), packet(Packet.INIT)]) {
    const early = await SftpPeer.open(bar, plain, { greet: false });
    await early.raw(first).ended();
    assert.equal(early.peer.output().length, 0);
  }
  const sftp = await SftpPeer.open(bar, plain, { greet: false });
  sftp.raw(init(6));
  await sftp.wait(sftp.client.call(Packet.REALPATH, string(".")));
  assert.equal(sftp.client.version, 3);
  assert.deepEqual(
    [...sftp.client.extensions.keys()],
    ["limits@openssh.com", "expand-path@openssh.com", "home-directory"],
  );
});

test("C79: each of many requests is answered once, by its id", async (t) => {
  const { sftp, client, opened } = await open(t);
  const { handle } = await opened("/a", READ);
  const requests = Array.from({ length: 500 }, (_, at) =>
    client.request(Packet.READ, string(handle), u64(at % 10), u32(1)),
  );
  sftp.raw(Buffer.concat(requests.map(({ bytes }) => bytes)));
  const replies = await sftp.wait(Promise.all(requests.map(({ reply }) => reply)));
  assert.deepEqual(
    replies.map(({ data }) => String(data)),
    Array.from({ length: 500 }, (_, at) => String(at % 10)),
  );
  assert.equal(new Set(client.answered).size, client.answered.length);
});

test("C79: requests come byte by byte, or many in one piece", async (t) => {
  const { sftp, client } = await open(t);
  const one = client.request(Packet.REALPATH, string("."));
  for (const byte of one.bytes) sftp.raw(Uint8Array.of(byte));
  assert.equal((await sftp.wait(one.reply)).path, "/");
});

test("C80: reading past the end is EOF, and a short read is one", async (t) => {
  const { sftp, client, opened } = await open(t);
  const { handle } = await opened("/a", READ);
  assert.equal(String((await sftp.wait(client.read(handle, 7, 100))).data), "789");
  for (const position of [10, 11, 2 ** 40]) {
    assert.equal((await sftp.wait(client.read(handle, position, 1))).status, Status.EOF);
  }
});

test("C81: SYMLINK takes the target and then the link, as OpenSSH has it", async (t) => {
  const { call, status, content } = await open(t);
  assert.equal(await status(Packet.SYMLINK, string("a"), string("/link")), Status.OK);
  assert.equal((await call(Packet.READLINK, string("/link"))).path, "a");
  assert.equal(await content("/link"), "0123456789");
});

test("C82: RENAME fails where something has the name, posix-rename replaces it", async (t) => {
  const { status, extended, content } = await open(t, memory({ files: { "/a": "a", "/b": "b" } }));
  assert.equal(await status(Packet.RENAME, string("/a"), string("/b")), Status.FAILURE);
  assert.equal(await content("/b"), "b");
  assert.equal((await extended("posix-rename@openssh.com", string("/a"), string("/b"))).status, Status.OK);
  assert.equal(await content("/b"), "a");
  assert.equal(await status(Packet.RENAME, string("/b"), string("/c")), Status.OK);
});

test("C83: unknown requests and extensions are unsupported", async (t) => {
  const { status, extended } = await open(t);
  for (const type of [0, 21, 99, 150, 255]) assert.equal(await status(type, string("x")), Status.OP_UNSUPPORTED);
  for (const name of ["bogus@example.com", "constructor", "__proto__", "toString", ""]) {
    assert.equal((await extended(name, Buffer.alloc(8))).status, Status.OP_UNSUPPORTED);
  }
});

test("C84: limits@openssh.com tells the limits that hold", async (t) => {
  const { extended } = await open(t);
  const from = (await extended("limits@openssh.com")).extended;
  assert.deepEqual([from.uint64(), from.uint64(), from.uint64(), from.uint64()], [262_144n, 261_120n, 261_120n, 128n]);
});

test("C85: OPEN makes, empties and appends as its flags say, and refuses those that there are not", async (t) => {
  const { sftp, client, opened, content, status } = await open(t);
  assert.equal((await opened("/none", READ)).status, Status.NO_SUCH_FILE);
  assert.equal((await opened("/none", WRITE)).status, Status.NO_SUCH_FILE);
  assert.equal((await opened("/a", WRITE | CREAT | EXCL)).status, Status.FAILURE);
  assert.equal((await opened("/a", WRITE | CREAT)).type, Packet.HANDLE);
  assert.equal(await content("/a"), "0123456789");
  const { handle } = await opened("/a", WRITE | APPEND);
  await sftp.wait(client.write(handle, 0, "!"));
  assert.equal(await content("/a"), "0123456789!");
  assert.equal((await opened("/a", WRITE | TRUNC)).type, Packet.HANDLE);
  assert.equal(await content("/a"), "");
  assert.equal((await opened("/a", READ | TRUNC)).status, Status.PERMISSION_DENIED);
  assert.equal((await opened("/a", READ | 64)).status, Status.BAD_MESSAGE);
  assert.equal((await opened("/a", 0)).status, Status.BAD_MESSAGE);
  assert.equal(await status(Packet.OPEN, string("/a"), u32(READ), u32(16)), Status.BAD_MESSAGE);
});

test("C86: statvfs, fstatvfs, fsync, hardlink, lsetstat, expand-path, home-directory and copy-data do what OpenSSH says", async (t) => {
  const { sftp, client, call, extended, opened, content } = await open(t);
  const { handle } = await opened("/a", READ | WRITE);
  for (const [name, field] of [
    ["statvfs@openssh.com", string("/")],
    ["fstatvfs@openssh.com", string(handle)],
  ] as const) {
    assert.equal((await extended(name, field)).extended.left, 11 * 8);
  }
  assert.equal((await extended("fsync@openssh.com", string(handle))).status, Status.OK);
  assert.equal((await extended("hardlink@openssh.com", string("/a"), string("/hard"))).status, Status.OK);
  assert.equal(await content("/hard"), "0123456789");
  await call(Packet.SYMLINK, string("a"), string("/link"));
  const times = attrs({ atime: 5, mtime: 6 });
  assert.equal((await extended("lsetstat@openssh.com", string("/link"), times)).status, Status.OK);
  assert.equal((await call(Packet.LSTAT, string("/link"))).attributes.mtime, 6);
  assert.notEqual((await call(Packet.STAT, string("/link"))).attributes.mtime, 6);
  assert.equal((await extended("expand-path@openssh.com", string("~/x"))).path, "/x");
  assert.equal((await extended("home-directory", string(""))).path, "/");
  const target = (await opened("/copy", READ | WRITE | CREAT)).handle;
  const copied = await extended("copy-data", string(handle), u64(2), u64(3), string(target), u64(1));
  assert.equal(copied.status, Status.OK);
  assert.equal(String((await sftp.wait(client.read(target, 0, 100))).data), "\u0000234");
});

test("C86: users-groups-by-id gives the names of those who have one", async (t) => {
  const named = { userName: (uid: number) => (uid === 7 ? "ada" : undefined), groupName: () => "staff" };
  const { extended } = await open(t, Object.assign(memory(), named));
  const reply = await extended(
    "users-groups-by-id@openssh.com",
    string(Buffer.concat([u32(7), u32(8)])),
    string(u32(9)),
  );
  const from = reply.extended;
  assert.deepEqual(Buffer.from(from.string()), Buffer.concat([string("ada"), string("")]));
  assert.deepEqual(Buffer.from(from.string()), Buffer.from(string("staff")));
});
