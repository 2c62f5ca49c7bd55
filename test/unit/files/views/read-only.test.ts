import assert from "node:assert/strict";
import test from "node:test";
import { memory, readOnly } from "../../../../src/files/index.ts";
import { OpenBit, Packet, Status } from "../../../../src/files/sftp/wire/numbers.ts";
import { attrs, string, u64 } from "../../../sftp/index.ts";
import { openSftp } from "../sftp/door.ts";

const { READ, WRITE, CREAT, TRUNC, APPEND } = OpenBit;

async function setUp() {
  const files = memory({ files: { "/file": "content", "/dir/below": "" } });
  files.symlink("file", "/link");
  const subject = await openSftp(readOnly(files));
  const { handle } = await subject.client.open("/file", READ);
  return { files, handle, ...subject };
}

test("everything can be looked at and read", async () => {
  const { client } = await setUp();
  assert.equal(String(await client.content("/file")), "content");
  assert.equal(String(await client.content("/link")), "content");
  assert.deepEqual(
    (await client.list("/")).map(({ name }) => String(name)),
    ["file", "dir", "link"],
  );
  assert.equal((await client.call(Packet.LSTAT, string("/link"))).attributes.mode, 0o120777);
  assert.equal((await client.call(Packet.READLINK, string("/link"))).path, "file");
  assert.equal((await client.call(Packet.REALPATH, string("/link"))).path, "/file");
});

test("nothing can be changed, by whatever request", async () => {
  const { client, files, handle } = await setUp();
  const before = JSON.stringify([...files.readdir("/")]);
  for (const bits of [
    WRITE,
    READ | WRITE,
    READ | TRUNC,
    READ | CREAT,
    READ | CREAT | TRUNC,
    WRITE | APPEND,
    WRITE | CREAT,
  ]) {
    for (const path of ["/file", "/new"]) {
      assert.equal((await client.open(path, bits)).status, Status.PERMISSION_DENIED, `${path} ${bits}`);
    }
  }
  const times = attrs({ atime: 1, mtime: 1 });
  for (const [type, ...fields] of [
    [Packet.WRITE, string(handle), u64(0), string("x")],
    [Packet.FSETSTAT, string(handle), attrs({ size: 0 })],
    [Packet.FSETSTAT, string(handle), times],
    [Packet.SETSTAT, string("/file"), attrs({ size: 0 })],
    [Packet.SETSTAT, string("/file"), attrs({ mode: 0o777 })],
    [Packet.REMOVE, string("/file")],
    [Packet.RENAME, string("/file"), string("/renamed")],
    [Packet.MKDIR, string("/made"), attrs()],
    [Packet.RMDIR, string("/dir")],
    [Packet.SYMLINK, string("/file"), string("/made")],
  ] as const) {
    assert.equal(await client.status(type, ...fields), Status.PERMISSION_DENIED, String(type));
  }
  for (const [name, ...fields] of [
    ["posix-rename@openssh.com", string("/file"), string("/renamed")],
    ["hardlink@openssh.com", string("/file"), string("/made")],
    ["lsetstat@openssh.com", string("/link"), times],
    ["fsync@openssh.com", string(handle)],
    ["copy-data", string(handle), u64(0), u64(0), string(handle), u64(0)],
  ] as const) {
    assert.equal((await client.extended(name, ...fields)).status, Status.PERMISSION_DENIED, name);
  }
  assert.equal(JSON.stringify([...files.readdir("/")]), before);
  assert.equal(String(await client.content("/file")), "content");
});

test("statvfs says that it is read-only", async () => {
  const { client, handle } = await setUp();
  for (const reply of [
    await client.extended("statvfs@openssh.com", string("/")),
    await client.extended("fstatvfs@openssh.com", string(handle)),
  ]) {
    const from = reply.extended;
    const fields = Array.from({ length: 11 }, () => Number(from.uint64()));
    assert.equal(fields[9], 1 | 2);
  }
});

test("a process may read the directory behind it, and where there is none, or none for processes, none", async () => {
  const local = { path: "/srv", close: () => undefined };
  const files = (found: typeof local | undefined) => readOnly(Object.assign(memory(), { localDirectory: () => found }));
  const { path, readOnly: isReadOnly } = (await files(local).localDirectory?.("/")) ?? {};
  assert.deepEqual([path, isReadOnly], ["/srv", true]);
  assert.equal(await files(undefined).localDirectory?.("/"), undefined);
  assert.equal("localDirectory" in readOnly(memory()), false);
});
