import assert from "node:assert/strict";
import test from "node:test";
import { memory } from "../../../../src/files/index.ts";
import type { FileSystem } from "../../../../src/files/index.ts";
import { OpenBit, Packet, Status } from "../../../../src/files/sftp/wire/numbers.ts";
import { string, u32, u64 } from "../../../sftp/index.ts";
import { openSftp } from "./door.ts";

const { READ, WRITE, CREAT } = OpenBit;

test("a file system that can do all has all of OpenSSH's extensions", async () => {
  const users: Pick<FileSystem, "userName" | "groupName"> = { userName: () => "ada", groupName: () => "staff" };
  const { client } = await openSftp(Object.assign(memory(), users));
  assert.equal(client.version, 3);
  assert.deepEqual(Object.fromEntries(client.extensions), {
    "posix-rename@openssh.com": "1",
    "statvfs@openssh.com": "2",
    "fstatvfs@openssh.com": "2",
    "hardlink@openssh.com": "1",
    "fsync@openssh.com": "1",
    "lsetstat@openssh.com": "1",
    "limits@openssh.com": "1",
    "expand-path@openssh.com": "1",
    "copy-data": "1",
    "home-directory": "1",
    "users-groups-by-id@openssh.com": "1",
  });
});

test("statvfs and fstatvfs tell how full it is", async () => {
  const { client } = await openSftp(memory({ files: { "/a": "x".repeat(10_000) }, maxBytes: 2 ** 20, maxEntries: 10 }));
  const { handle } = await client.open("/a", READ);
  for (const reply of [
    await client.extended("statvfs@openssh.com", string("/")),
    await client.extended("fstatvfs@openssh.com", string(handle)),
  ]) {
    const from = reply.extended;
    const fields = Array.from({ length: 11 }, () => Number(from.uint64()));
    assert.equal(from.left, 0);
    // f_bsize, f_frsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_favail, f_fsid, f_flag (ST_NOSUID), f_namemax
    assert.deepEqual(fields, [4096, 4096, 256, 253, 253, 10, 9, 9, 0, 2, 255]);
  }
});

test("hardlink gives a file a second name", async () => {
  const { client } = await openSftp(memory({ files: { "/a": "abc" } }));
  assert.equal((await client.extended("hardlink@openssh.com", string("/a"), string("/b"))).status, Status.OK);
  assert.equal(await client.status(Packet.REMOVE, string("/a")), Status.OK);
  assert.equal(String(await client.content("/b")), "abc");
  assert.equal((await client.extended("hardlink@openssh.com", string("/a"), string("/c"))).status, Status.NO_SUCH_FILE);
});

test("fsync waits for the file, and is unsupported where there is nothing to wait for", async () => {
  const fileSystem = memory({ files: { "/a": "abc" } });
  const { client } = await openSftp(fileSystem);
  const { handle } = await client.open("/a", WRITE);
  assert.equal((await client.extended("fsync@openssh.com", string(handle))).status, Status.OK);
  const without = Object.assign(memory(), {
    open: () => ({ read: () => 0, stat: () => fileSystem.stat("/a"), close: () => undefined }),
  });
  const other = await openSftp(without);
  const opened = await other.client.open("/a", READ);
  const reply = await other.client.extended("fsync@openssh.com", string(opened.handle));
  assert.equal(reply.status, Status.OP_UNSUPPORTED);
});

test("limits are those that hold", async () => {
  const { client } = await openSftp(memory());
  const from = (await client.extended("limits@openssh.com")).extended;
  assert.deepEqual([from.uint64(), from.uint64(), from.uint64(), from.uint64()], [262_144n, 261_120n, 261_120n, 128n]);
});

test("expand-path and home-directory know one home, and nobody else's", async () => {
  const { client } = await openSftp(memory({ files: { "/home/ada/a": "" } }), { home: "/home/ada" });
  for (const [path, expected] of [
    ["~", "/home/ada"],
    ["~/a", "/home/ada/a"],
    ["~//a", "/home/ada/a"],
    ["~ada/../x", "/home/x"],
    ["a", "/home/ada/a"],
    ["/~", "/~"],
  ] as const) {
    assert.equal((await client.extended("expand-path@openssh.com", string(path))).path, expected, path);
  }
  assert.equal((await client.extended("expand-path@openssh.com", string("~bob/a"))).status, Status.NO_SUCH_FILE);
  for (const name of ["", "ada"]) {
    assert.equal((await client.extended("home-directory", string(name))).path, "/home/ada");
  }
  assert.equal((await client.extended("home-directory", string("root"))).status, Status.NO_SUCH_FILE);
});

test("users-groups-by-id gives names, and nothing for who has none", async () => {
  const users: Pick<FileSystem, "userName" | "groupName"> = {
    userName: (uid) => (uid === 7 ? "ada" : undefined),
    groupName: (gid) => Promise.resolve(gid === 8 ? "x".repeat(65) : "staff"),
  };
  const { client } = await openSftp(Object.assign(memory(), users));
  const ask = (uids: Uint8Array, gids: Uint8Array) =>
    client.extended("users-groups-by-id@openssh.com", string(uids), string(gids));
  const from = (await ask(Buffer.concat([u32(7), u32(1)]), Buffer.concat([u32(8), u32(9)]))).extended;
  assert.deepEqual(Buffer.from(from.string()), Buffer.concat([string("ada"), string("")]));
  assert.deepEqual(Buffer.from(from.string()), Buffer.concat([string(""), string("staff")]));
  assert.equal((await ask(u32(7), Uint8Array.of(1, 2, 3))).status, Status.BAD_MESSAGE);
  assert.equal((await ask(Buffer.alloc(4 * 1025), Buffer.alloc(0))).status, Status.BAD_MESSAGE);
});

async function withTwo(content = "0123456789") {
  const subject = await openSftp(memory({ files: { "/a": content } }));
  const { client } = subject;
  const [source, target] = [
    (await client.open("/a", READ)).handle,
    (await client.open("/b", READ | WRITE | CREAT)).handle,
  ];
  const copy = (from: Uint8Array, at: number, length: number, to: Uint8Array, where: number) =>
    client.extended("copy-data", string(from), u64(at), u64(length), string(to), u64(where));
  return { ...subject, source, target, copy };
}

test("copy-data copies a part, or all there is", async () => {
  const { client, source, target, copy } = await withTwo();
  assert.equal((await copy(source, 2, 3, target, 0)).status, Status.OK);
  assert.equal(String(await client.content("/b")), "234");
  assert.equal((await copy(source, 5, 0, target, 3)).status, Status.OK);
  assert.equal(String(await client.content("/b")), "23456789");
  assert.equal((await copy(source, 100, 0, target, 0)).status, Status.OK);
  assert.equal((await copy(target, 0, 1, source, 0)).status, Status.PERMISSION_DENIED);
  const large = await withTwo("large".repeat(200_000));
  assert.equal((await large.copy(large.source, 0, 0, large.target, 0)).status, Status.OK);
  assert.equal(String(await large.client.content("/b")), "large".repeat(200_000));
});

test("copy-data does not copy a file onto itself, under whatever name", async () => {
  const { client, source, copy } = await withTwo();
  await client.extended("hardlink@openssh.com", string("/a"), string("/second"));
  for (const path of ["/a", "/second"]) {
    const same = (await client.open(path, READ | WRITE)).handle;
    assert.equal((await copy(source, 0, 0, same, 10)).status, Status.BAD_MESSAGE);
    assert.equal((await copy(same, 0, 5, same, 10)).status, Status.BAD_MESSAGE);
  }
  assert.equal(String(await client.content("/a")), "0123456789");
});

test("copy-data ends also where the source grows", async () => {
  const { fileSystem, client, copy } = await (async () => {
    const fileSystem = memory({ files: { "/a": "0123456789" } });
    const subject = await openSftp({
      stat: (path) => fileSystem.stat(path),
      readdir: (path) => fileSystem.readdir(path),
      unlink: (path) => fileSystem.unlink(path),
      open(path, flags, attributes) {
        const handle = fileSystem.open(path, flags, attributes);
        return {
          ...handle,
          stat: () => handle.stat(),
          close: () => handle.close(),
          write: (bytes, position) => handle.write?.(bytes, position),
          read: (buffer) => buffer.length,
        };
      },
    });
    const copy = async () => {
      const source = (await subject.client.open("/a", READ)).handle;
      const target = (await subject.client.open("/b", WRITE | CREAT)).handle;
      return subject.client.extended("copy-data", string(source), u64(0), u64(0), string(target), u64(0));
    };
    return { ...subject, fileSystem, copy };
  })();
  assert.equal((await copy()).status, Status.OK);
  assert.equal(fileSystem.stat("/b").size, 10);
  assert.ok(client);
});

test("an extension or a request that there is not is unsupported", async () => {
  const { client } = await openSftp(memory());
  for (const name of ["bogus@example.com", "constructor", "__proto__", "", "x".repeat(100_000)]) {
    assert.equal((await client.extended(name, Buffer.alloc(8))).status, Status.OP_UNSUPPORTED, name.slice(0, 20));
  }
  for (const type of [0, 2, 21, 99, 101, 150, 199, 201, 255]) {
    assert.equal(await client.status(type, string("x")), Status.OP_UNSUPPORTED, String(type));
  }
});
