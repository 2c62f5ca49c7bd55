import assert from "node:assert/strict";
import test from "node:test";
import { FileError, hooks, memory, quota } from "../../../../src/files/index.ts";
import { OpenBit, Packet, Status } from "../../../../src/files/sftp/wire/numbers.ts";
import { attrs, string } from "../../../sftp/index.ts";
import { openSftp } from "../sftp/door.ts";

const { READ, WRITE, CREAT } = OpenBit;

async function setUp(refuse?: (what: string) => void) {
  const told: unknown[] = [];
  const tell =
    (what: string) =>
    (fact: object): Promise<void> => {
      told.push([what, fact]);
      refuse?.(what);
      return Promise.resolve();
    };
  const inner = memory({ files: { "/a": "content" } });
  const names = ["onUpload", "onDownload", "onDelete", "onRename", "onMakeDirectory", "onLink", "onChange"] as const;
  const files = hooks(inner, Object.fromEntries(names.map((name) => [name, tell(name)])));
  return { told, inner, ...(await openSftp(files)) };
}

test("an app hears of uploads and downloads when they are closed", async () => {
  const { client, told } = await setUp();
  const { handle } = await client.open("/new", WRITE | CREAT);
  await client.write(handle, 0, "12345");
  await client.write(handle, 3, "xyz");
  assert.deepEqual(told, []);
  await client.close(handle);
  await client.content("/a");
  assert.deepEqual(told, [
    ["onUpload", { path: "/new", bytes: 8, size: 6, isComplete: true }],
    ["onDownload", { path: "/a", bytes: 7, size: 7, isComplete: true }],
  ]);
});

test("an empty upload is one, and a file that was opened and left alone is none", async () => {
  const { client, told } = await setUp();
  await client.close((await client.open("/empty", WRITE | CREAT)).handle);
  await client.close((await client.open("/a", WRITE)).handle);
  await client.close((await client.open("/a", READ)).handle);
  assert.deepEqual(told, [["onUpload", { path: "/empty", bytes: 0, size: 0, isComplete: true }]]);
});

test("a transfer that the client did not close is told as a part", async () => {
  const { client, session, told } = await setUp();
  await client.write((await client.open("/new", WRITE | CREAT)).handle, 0, "half");
  session.closed();
  await session.finished;
  assert.deepEqual(told, [["onUpload", { path: "/new", bytes: 4, size: 4, isComplete: false }]]);
});

test("an app hears of names that come, change and go, and not of what failed", async () => {
  const { client, told } = await setUp();
  await client.call(Packet.RENAME, string("/a"), string("/b"));
  await client.call(Packet.MKDIR, string("/dir"), attrs());
  await client.extended("hardlink@openssh.com", string("/b"), string("/dir/c"));
  await client.call(Packet.SYMLINK, string("b"), string("/link"));
  await client.call(Packet.SETSTAT, string("/b"), attrs({ mode: 0o600 }));
  await client.call(Packet.REMOVE, string("/dir/c"));
  await client.call(Packet.REMOVE, string("/none"));
  await client.call(Packet.RMDIR, string("/dir"));
  assert.deepEqual(told, [
    ["onRename", { path: "/a", to: "/b" }],
    ["onMakeDirectory", { path: "/dir" }],
    ["onLink", { path: "/b", to: "/dir/c" }],
    ["onLink", { path: "/link" }],
    ["onChange", { path: "/b" }],
    ["onDelete", { path: "/dir/c" }],
    ["onDelete", { path: "/dir" }],
  ]);
});

test("what a hook throws is what the client hears, and what has happened stays", async () => {
  const { client, faults, inner } = await setUp((what) => {
    if (what === "onUpload") throw new FileError("PERMISSION_DENIED", "There is a virus in it");
    throw new Error("a fault");
  });
  const { handle } = await client.open("/new", WRITE | CREAT);
  const closed = await client.close(handle);
  assert.deepEqual([closed.status, closed.message], [Status.PERMISSION_DENIED, "There is a virus in it"]);
  assert.equal(inner.stat("/new").size, 0);
  assert.equal((await client.close(handle)).status, Status.FAILURE);
  assert.equal(await client.status(Packet.REMOVE, string("/new")), Status.FAILURE);
  assert.equal(faults.length, 1);
});

test("what is done by an open file is heard of: cut off it is an upload, and a mode or a time is a change", async () => {
  const { client, told } = await setUp();
  const cut = await client.open("/a", WRITE);
  assert.equal(await client.status(Packet.FSETSTAT, string(cut.handle), attrs({ size: 3 })), Status.OK);
  // A part of the upload.
  assert.equal(await client.status(Packet.FSETSTAT, string(cut.handle), attrs({ mode: 0o600 })), Status.OK);
  await client.close(cut.handle);
  const read = await client.open("/a", READ);
  assert.equal(await client.status(Packet.FSETSTAT, string(read.handle), attrs({ mode: 0o644 })), Status.OK);
  await client.close(read.handle);
  assert.deepEqual(told, [
    ["onUpload", { path: "/a", bytes: 0, size: 3, isComplete: true }],
    ["onChange", { path: "/a" }],
  ]);
});

test("an upload of which a write was refused is told as a part", async () => {
  const told: unknown[] = [];
  const files = hooks(quota(memory(), { maxBytes: 10 }), { onUpload: (transfer) => void told.push(transfer) });
  const { client } = await openSftp(files);
  const { handle } = await client.open("/new", WRITE | CREAT);
  await client.write(handle, 0, "12345");
  assert.equal((await client.write(handle, 5, "1234567890")).status, Status.FAILURE);
  await client.close(handle);
  assert.deepEqual(told, [{ path: "/new", bytes: 5, size: 5, isComplete: false }]);
});
