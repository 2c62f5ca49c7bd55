/** Security bar, part A4: SFTP, and its limits. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { memory, readOnly } from "../../src/files/index.ts";
import type { FileSystem } from "../../src/files/index.ts";
import { OpenBit, Packet, Status } from "../../src/files/sftp/wire/numbers.ts";
import { attrs, init, packet, string, u32, u64 } from "../sftp/index.ts";
import { Bar, SftpPeer } from "./harness/index.ts";

const { READ, WRITE, CREAT, TRUNC, APPEND } = OpenBit;
const MIB = 1024 ** 2;

async function open(t: TestContext, fileSystem: FileSystem = memory({ files: { "/a": "content" } })) {
  const bar = await Bar.open(t);
  const sftp = await SftpPeer.open(bar, fileSystem);
  const { client } = sftp;
  const call = (type: number, ...fields: readonly Uint8Array[]) => sftp.wait(client.call(type, ...fields));
  const status = async (type: number, ...fields: readonly Uint8Array[]) => (await call(type, ...fields)).status;
  const handleOf = async (path: string, bits: number) => (await sftp.wait(client.open(path, bits))).handle;
  return { bar, sftp, client, call, status, handleOf };
}

/** What the process has taken since, as far as the collector has let go of the rest. */
function memoryTaken(): () => number {
  const { rss } = process.memoryUsage();
  return () => process.memoryUsage().rss - rss;
}

test("A82: nothing can be changed where files are served read-only, by path, by handle, by flag or by extension", async (t) => {
  const inner = memory({ files: { "/a": "content", "/dir/b": "" } });
  const { sftp, client, status, handleOf } = await open(t, readOnly(inner));
  const handle = await handleOf("/a", READ);
  for (const bits of [WRITE, READ | WRITE, READ | TRUNC, READ | CREAT | TRUNC, WRITE | APPEND, READ | CREAT]) {
    for (const path of ["/a", "/new"]) {
      assert.equal((await sftp.wait(client.open(path, bits))).status, Status.PERMISSION_DENIED, `${path} ${bits}`);
    }
  }
  for (const [type, ...fields] of [
    [Packet.FSETSTAT, string(handle), attrs({ size: 0 })],
    [Packet.FSETSTAT, string(handle), attrs({ atime: 1, mtime: 1 })],
    [Packet.SETSTAT, string("/a"), attrs({ size: 0 })],
    [Packet.SETSTAT, string("/a"), attrs({ mode: 0o777 })],
    [Packet.WRITE, string(handle), u64(0), string("x")],
    [Packet.REMOVE, string("/a")],
    [Packet.RENAME, string("/a"), string("/r")],
    [Packet.MKDIR, string("/d"), attrs()],
    [Packet.RMDIR, string("/dir")],
    [Packet.SYMLINK, string("/a"), string("/l")],
    [Packet.EXTENDED, string("posix-rename@openssh.com"), string("/a"), string("/r")],
    [Packet.EXTENDED, string("hardlink@openssh.com"), string("/a"), string("/h")],
    [Packet.EXTENDED, string("lsetstat@openssh.com"), string("/a"), attrs({ atime: 1, mtime: 1 })],
    [Packet.EXTENDED, string("fsync@openssh.com"), string(handle)],
    [Packet.EXTENDED, string("copy-data"), string(handle), u64(0), u64(0), string(handle), u64(0)],
  ] as const) {
    assert.equal(await status(type, ...fields), Status.PERMISSION_DENIED, `request ${type}`);
  }
  assert.equal(String(await sftp.wait(client.content("/a"))), "content");
  assert.deepEqual(
    [...inner.readdir("/")].map(({ name }) => name),
    ["a", "dir"],
  );
});

test("A83, B SFTP handle length / path: handles that were invented, closed, or are another channel's open nothing", async (t) => {
  const { sftp, client, status, handleOf } = await open(t);
  const closed = await handleOf("/a", READ | WRITE);
  assert.equal(await status(Packet.CLOSE, string(closed)), Status.OK);
  const other = await SftpPeer.on(sftp.peer, 1);
  await other.wait(other.client.begin());
  const foreign = (await other.wait(other.client.open("/a", READ | WRITE))).handle;
  assert.ok(foreign.length <= 256);
  const invented = ["", "\0", "A".repeat(256), "A".repeat(257), "A".repeat(30_000), "__proto__", "0"].map((text) =>
    Buffer.from(text),
  );
  for (const handle of [closed, foreign, u32(2 ** 31), u32(2 ** 32 - 1), ...invented]) {
    for (const [type, ...fields] of [
      [Packet.CLOSE],
      [Packet.READ, u64(0), u32(10)],
      [Packet.WRITE, u64(0), string("x")],
      [Packet.FSTAT],
      [Packet.FSETSTAT, attrs()],
      [Packet.READDIR],
    ] as const) {
      // The first handles of two channels are the same number: only what this channel has open counts.
      assert.equal(
        await status(type, string(handle), ...fields),
        Status.FAILURE,
        `${type} ${String(handle).slice(0, 10)}`,
      );
    }
  }
  assert.equal(String(await sftp.wait(client.content("/a"))), "content");
});

test("A83, B SFTP handles / requests in flight: 100,000 opens in a row are 128 handles, each of which can be closed", async (t) => {
  const { sftp, client } = await open(t);
  const taken = memoryTaken();
  const handles: Uint8Array[] = [];
  for (let sent = 0; sent < 100_000; sent += 1000) {
    const requests = Array.from({ length: 1000 }, () => client.request(Packet.OPEN, string("/a"), u32(READ), attrs()));
    sftp.raw(Buffer.concat(requests.map(({ bytes }) => bytes)));
    const replies = await sftp.wait(Promise.all(requests.map(({ reply }) => reply)));
    handles.push(...replies.filter(({ type }) => type === Packet.HANDLE).map(({ handle }) => handle));
    assert.ok(replies.every(({ type, status }) => type === Packet.HANDLE || status === Status.FAILURE));
  }
  assert.equal(handles.length, 128);
  assert.ok(taken() < 200 * MIB, `${taken()} bytes`);
  for (const handle of handles) assert.equal((await sftp.wait(client.close(handle))).status, Status.OK);
});

test("A84, B SFTP packet / read / write: a READ takes memory for 255 KiB at most, whatever it asks for", async (t) => {
  const { sftp, client, handleOf } = await open(t, memory({ files: { "/a": "x".repeat(600_000) } }));
  const handle = await handleOf("/a", READ);
  const taken = memoryTaken();
  for (const length of [2 ** 32 - 1, 2 ** 31 - 1, MIB]) {
    assert.equal((await sftp.wait(client.read(handle, 0, length))).data.length, 261_120);
  }
  for (const position of [600_000n, 2n ** 40n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]) {
    assert.equal((await sftp.wait(client.read(handle, position, 100))).status, Status.EOF);
  }
  const requests = Array.from({ length: 64 }, () =>
    client.request(Packet.READ, string(handle), u64(0), u32(2 ** 32 - 1)),
  );
  sftp.raw(Buffer.concat(requests.map(({ bytes }) => bytes)));
  await sftp.wait(Promise.all(requests.map(({ reply }) => reply)));
  assert.ok(taken() < 160 * MIB, `${taken()} bytes`);
});

test("A85, B SFTP packet / read / write: a packet of a length that there is not ends its channel, and no other", async (t) => {
  const bar = await Bar.open(t);
  const files = memory({ files: { "/a": "content" } });
  const good = await SftpPeer.open(bar, files);
  const taken = memoryTaken();
  for (const length of [0, 262_145, 2 ** 28, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]) {
    const sftp = await SftpPeer.open(bar, files);
    await sftp.raw(Buffer.concat([u32(length), Buffer.alloc(2000, "x")])).ended();
    await sftp.peer.settled();
  }
  assert.ok(taken() < 64 * MIB, `${taken()} bytes`);
  assert.equal(String(await good.wait(good.client.content("/a"))), "content");
});

test("A85: the end of the input in the middle of a packet ends the channel", async (t) => {
  const bar = await Bar.open(t);
  const sftp = await SftpPeer.open(bar, memory());
  await sftp
    .raw(Buffer.concat([u32(1000), Buffer.from("\x03abc")]))
    .eof()
    .ended();
});

test("A86: as many extended attributes as there are bytes for, whatever the count says", async (t) => {
  const { status } = await open(t);
  for (const fields of [
    [u32(2 ** 31), u32(2 ** 32 - 1)],
    [u32(2 ** 31), u32(2 ** 28), string("a"), string("b")],
    [u32(2 ** 32 - 1)],
    [u32(1), Uint8Array.of(0)],
  ]) {
    assert.equal(await status(Packet.SETSTAT, string("/a"), ...fields), Status.BAD_MESSAGE);
  }
});

test("A87: a file is not copied onto itself, also under another handle and another name", async (t) => {
  const files = memory({ files: { "/a": "x".repeat(30_000) } });
  files.link("/a", "/b");
  const { status, handleOf } = await open(t, files);
  const source = await handleOf("/a", READ | WRITE);
  for (const target of [source, await handleOf("/a", READ | WRITE), await handleOf("/b", WRITE)]) {
    for (const length of [0, 30_000]) {
      const fields = [string(source), u64(0), u64(length), string(target), u64(30_000)];
      assert.equal(await status(Packet.EXTENDED, string("copy-data"), ...fields), Status.BAD_MESSAGE);
    }
  }
  assert.equal(files.stat("/a").size, 30_000);
});

test("A88, B SFTP handle length / path: paths above 4096 bytes, components above 255 and any NUL are refused", async (t) => {
  const { status } = await open(t);
  for (const path of [
    "/a\0",
    "/a\0.txt",
    "/a\0/x",
    `/${"n".repeat(256)}`,
    "/x".repeat(2049),
    `/${"n".repeat(65_535)}`,
  ]) {
    for (const [type, ...fields] of [
      [Packet.OPEN, u32(READ), attrs()],
      [Packet.STAT],
      [Packet.REMOVE],
      [Packet.MKDIR, attrs()],
      [Packet.OPENDIR],
      [Packet.REALPATH],
    ] as const) {
      assert.equal(await status(type, string(path), ...fields), Status.BAD_MESSAGE, `${type} ${path.slice(0, 8)}`);
    }
  }
  assert.equal(await status(Packet.MKDIR, string(`/${"n".repeat(255)}`), attrs()), Status.OK);
  assert.equal(await status(Packet.STAT, string("/a")), undefined);
});

test("A89: offsets are exact up to 2^53, and refused above; names of any bytes come back as they went in", async (t) => {
  const { sftp, client, call, handleOf } = await open(t);
  const handle = await handleOf("/far", READ | WRITE | CREAT);
  const far = 2 ** 33 + 7;
  assert.equal((await sftp.wait(client.write(handle, far, "far"))).status, Status.OK);
  assert.deepEqual((await sftp.wait(client.read(handle, far - 1, 10))).data, Buffer.from("\0far"));
  assert.equal((await call(Packet.FSTAT, string(handle))).attributes.size, far + 3);
  for (const position of [2n ** 53n - 1n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n]) {
    assert.equal((await sftp.wait(client.write(handle, position, "xx"))).status, Status.BAD_MESSAGE);
  }
  const name = Buffer.from("\xff\xfe caf\xe9 \x80", "latin1");
  const path = Buffer.concat([Buffer.from("/"), name]);
  await sftp.wait(client.close((await sftp.wait(client.open(path, WRITE | CREAT))).handle));
  const entries = await sftp.wait(client.list("/"));
  assert.ok(entries.some((entry) => entry.name.equals(name)));
  const [real] = (await call(Packet.REALPATH, string(path))).names;
  assert.deepEqual(real?.name, path);
});

test("A90, B READDIR entries per reply: lines for people are bounded and escaped, and replies have at most 100 entries and 64 KiB", async (t) => {
  const files = memory();
  for (let number = 0; number < 1500; number++) files.mkdir(`/${String(number).padStart(255, "\u001b")}`, {});
  const { sftp, client, call } = await open(t, files);
  const { handle } = await call(Packet.OPENDIR, string("/"));
  let count = 0;
  for (;;) {
    const reply = await sftp.wait(client.call(Packet.READDIR, string(handle)));
    if (reply.status === Status.EOF) break;
    const { names } = reply;
    count += names.length;
    assert.ok(names.length <= 100);
    const bytes = names.reduce((sum, { name, longname }) => sum + name.length + longname.length, 0);
    assert.ok(bytes <= 65_536, `${bytes} bytes`);
    for (const { longname } of names) assert.ok(longname.length < 1200 && longname.every((byte) => byte >= 0x20));
  }
  assert.equal(count, 1500);
});

test("A83, B SFTP handles / requests in flight: what a client leaves open is closed with its channel", async (t) => {
  let [opened, closed] = [0, 0];
  const inner = memory({ files: { "/a": "content" } });
  const files: FileSystem = {
    stat: (path) => inner.stat(path),
    readdir: (path) => inner.readdir(path),
    open(path, flags, attributes) {
      const handle = inner.open(path, flags, attributes);
      opened++;
      return { stat: () => handle.stat(), close: () => void closed++ };
    },
  };
  const { bar, sftp, client } = await open(t, files);
  for (let number = 0; number < 50; number++) await sftp.wait(client.open("/a", READ));
  sftp.peer.socket.destroy();
  await bar.gone();
  assert.deepEqual([opened, closed], [50, 50]);
});

test("A64: requests behind the CLOSE of their channel do nothing", async (t) => {
  const files = memory({ files: { "/a": "content" } });
  const bar = await Bar.open(t);
  const sftp = await SftpPeer.open(bar, files, { greet: false });
  sftp.raw(init());
  await sftp.eof().ended();
  sftp.raw(packet(Packet.REMOVE, u32(1), string("/a")));
  await sftp.peer.settled();
  assert.equal(files.stat("/a").size, 7);
});
