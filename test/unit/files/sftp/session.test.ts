import assert from "node:assert/strict";
import test from "node:test";
import { memory } from "../../../../src/files/index.ts";
import type { FileHandle, FileSystem } from "../../../../src/files/index.ts";
import { OpenBit, Packet, Status } from "../../../../src/files/sftp/wire/numbers.ts";
import { attrs, init, packet, string, u32, u64 } from "../../../sftp/index.ts";
import { openSftp } from "./door.ts";

const { READ, WRITE, CREAT } = OpenBit;

/** A file system with one kind of file, whose reads and writes are done when the test says so. */
class Slow implements FileSystem {
  /** What is under way, in the order in which it began: its name, and what ends it. */
  readonly running: { readonly what: string; readonly done: () => void }[] = [];
  readonly began: string[] = [];
  readonly ended: string[] = [];

  stat() {
    this.began.push("stat");
    return { type: "file", size: 10, mode: 0o644 } as const;
  }

  readdir() {
    return [];
  }

  open(path: string): FileHandle {
    const run = async (what: string): Promise<void> => {
      this.began.push(what);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.running.push({ what, done: resolve });
      await promise;
    };
    return {
      read: async (buffer, position) => {
        await run(`read ${path} ${position}`);
        return buffer.fill(1).length;
      },
      write: (_, position) => run(`write ${path} ${position}`),
      stat: () => this.stat(),
      close: () => void this.ended.push(`close ${path}`),
      abort: () => void this.ended.push(`abort ${path}`),
    };
  }

  /** Ends what began first, or everything. */
  async finish(count = Infinity): Promise<void> {
    for (let ended = 0; ended < count && this.running.length > 0; ended++) {
      this.running.shift()!.done();
      await turn();
    }
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function slow() {
  const files = new Slow();
  const subject = await openSftp(files);
  const { client } = subject;
  const [a, b] = [(await client.open("/a", READ | WRITE)).handle, (await client.open("/b", READ | WRITE)).handle];
  const read = (handle: Uint8Array, position: number, length = 10) => client.read(handle, position, length);
  return { ...subject, files, a, b, read };
}

test("reads run side by side, and each is answered once, in the order in which they came and not in that of their ends", async () => {
  const { client, files, a, b, read } = await slow();
  const replies = Promise.all([read(a, 0), read(a, 10), read(b, 0)]);
  await turn();
  assert.deepEqual(files.began, ["read /a 0", "read /a 10", "read /b 0"]);
  files.running.reverse();
  await files.finish();
  assert.deepEqual(
    (await replies).map(({ data }) => data.length),
    [10, 10, 10],
  );
  assert.deepEqual(client.answered.slice(-3), [3, 4, 5]);
});

test("what is refused at once is answered behind what came before it, too", async () => {
  const { client, files, a, read } = await slow();
  const replies = [read(a, 0), client.call(Packet.STAT), client.call(99), read(Buffer.from("none"), 0)];
  await turn();
  assert.equal(client.answered.length, 2);
  await files.finish();
  await Promise.all(replies);
  assert.deepEqual(client.answered.slice(2), [3, 4, 5, 6]);
});

test("answers that wait for a slow one are no more than a client that does not read gets", async () => {
  const { client, files, a, read } = await slow();
  const replies = Array.from({ length: 200 }, (_, at) => read(a, at, 200_000));
  await turn();
  const first = files.running.shift()!;
  await files.finish();
  // 2 MiB are read at once, and 1 MiB waits to be sent.
  assert.ok(files.began.length <= 20, `${files.began.length} have begun`);
  first.done();
  await turn();
  while (client.answered.length < 202) await files.finish();
  await Promise.all(replies);
});

test("writes of a file run one by one, from the front to the back; those of two files side by side", async () => {
  const { client, files, a, b } = await slow();
  const replies = [client.write(a, 0, "1"), client.write(b, 0, "2"), client.write(a, 1, "3"), client.write(b, 1, "4")];
  await turn();
  assert.deepEqual(files.began, ["write /a 0", "write /b 0"]);
  await files.finish(1);
  assert.deepEqual(files.began.slice(2), ["write /a 1"]);
  await files.finish();
  assert.deepEqual(files.began.slice(3), ["write /b 1"]);
  assert.deepEqual(await Promise.all(replies.map(async (reply) => (await reply).status)), [0, 0, 0, 0]);
});

test("what is asked of a file after a write finds it written", async () => {
  const { client, files, a, read } = await slow();
  const replies = [client.write(a, 0, "1"), read(a, 0), client.call(Packet.FSTAT, string(a)), client.close(a)];
  await turn();
  assert.deepEqual(files.began, ["write /a 0"]);
  await files.finish(1);
  // A read and a look at the attributes go together; to close waits for both.
  assert.deepEqual(files.began, ["write /a 0", "read /a 0", "stat"]);
  assert.deepEqual(files.ended, []);
  await files.finish();
  await Promise.all(replies);
  assert.deepEqual(files.ended, ["close /a"]);
});

test("a request behind CLOSE finds the handle gone", async () => {
  const { client, session, a } = await slow();
  const [close, read] = [
    client.request(Packet.CLOSE, string(a)),
    client.request(Packet.READ, string(a), u64(0), u32(1)),
  ];
  session.data(Buffer.concat([close.bytes, read.bytes]));
  assert.equal((await close.reply).status, Status.OK);
  assert.equal((await read.reply).status, Status.FAILURE);
});

test("no more than 64 requests are served at once; the others wait unread", async () => {
  const { session, client, files, a, link } = await slow();
  const before = link.consumed;
  const requests = Array.from({ length: 100 }, (_, at) => client.request(Packet.READ, string(a), u64(at), u32(1)));
  const length = requests[0]!.bytes.length;
  session.data(Buffer.concat(requests.map(({ bytes }) => bytes)));
  assert.equal(files.running.length, 64);
  // One is read that cannot begin yet; the room of the rest is not given back.
  assert.ok(link.consumed - before <= 65 * length);
  await files.finish();
  await Promise.all(requests.map(({ reply }) => reply));
  assert.equal(link.consumed - before, 100 * length);
});

test("no more than 2 MiB are read at once, whatever is asked for", async () => {
  const { client, files, a, read } = await slow();
  const replies = Array.from({ length: 30 }, (_, at) => read(a, at, 2 ** 32 - 1));
  await turn();
  assert.equal(files.running.length, 9);
  await files.finish();
  await Promise.all(replies);
  assert.equal(client.answered.length, 32);
});

test("a client that does not read is not served further", async () => {
  const { session, client, link } = await openSftp(memory({ files: { "/a": "x".repeat(261_120) } }));
  const { handle } = await client.open("/a", READ);
  const before = link.written;
  link.isStuck = true;
  const replies = Array.from({ length: 100 }, () => client.read(handle, 0, 261_120));
  const held = link.written - before;
  assert.ok(held >= 2 ** 20 && held < 2 ** 20 + 300_000, `${held} bytes wait`);
  link.read(session);
  const all = await Promise.all(replies);
  assert.ok(all.every(({ data }) => data.length === 261_120 && data.every((byte) => byte === 0x78)));
});

test("INIT comes first; whatever comes in its place ends the session", async () => {
  for (const first of [
    packet(Packet.REALPATH, u32(1), string(".")),
    packet(Packet.VERSION, u32(3)),
    packet(Packet.INIT),
    packet(Packet.INIT, Uint8Array.of(0, 0, 3)),
  ]) {
    const { session, link } = await openSftp(memory(), { greet: false });
    session.data(first);
    assert.equal(await session.finished, 1);
    assert.equal(link.written, 0);
  }
});

test("VERSION is 3, whatever the client has", async () => {
  for (const version of [0, 2, 3, 6, 2 ** 32 - 1]) {
    const { session, client } = await openSftp(memory(), { greet: false });
    session.data(init(version));
    await turn();
    assert.equal(client.version, 3);
    assert.equal((await client.call(Packet.REALPATH, string("."))).path, "/");
  }
});

test("a length that no packet has ends the session", async () => {
  for (const length of [0, 262_145, 0x10000000, 0x7fffffff, 0xffffffff]) {
    const { session, link } = await openSftp(memory());
    const before = link.written;
    session.data(Buffer.concat([u32(length), Buffer.alloc(2000, "x")]));
    assert.equal(await session.finished, 1, String(length));
    assert.equal(link.written, before);
  }
});

test("a packet without an id ends the session", async () => {
  const { session } = await openSftp(memory());
  session.data(packet(Packet.STAT, Uint8Array.of(0, 0, 1)));
  assert.equal(await session.finished, 1);
});

test("a packet whose fields are wrong is answered, and the next one is served", async () => {
  const { client } = await openSftp(memory({ files: { "/a": "abc" } }));
  const { handle } = await client.open("/a", READ | WRITE);
  for (const [type, ...fields] of [
    [Packet.STAT],
    [Packet.STAT, u32(100), Buffer.from("short")],
    [Packet.STAT, u32(2 ** 32 - 1)],
    [Packet.READ, string(handle), u64(0)],
    [Packet.WRITE, string(handle), u64(0), u32(2 ** 31), Buffer.from("x")],
    [Packet.EXTENDED],
    [Packet.SETSTAT, string("/a"), u32(1), Uint8Array.of(0)],
    [Packet.SETSTAT, string("/a"), u32(2 ** 32 - 1)],
    [Packet.SETSTAT, string("/a"), u32(2 ** 31), u32(2 ** 32 - 1)],
    [Packet.SETSTAT, string("/a"), u32(2 ** 31), u32(2), string("a"), string("b")],
  ] as const) {
    assert.equal(await client.status(type, ...fields), Status.BAD_MESSAGE, `${type} ${fields.length}`);
  }
  // An extended attribute is nothing that the server knows, and no mistake; what stands behind the last field is neither.
  const extended = Buffer.concat([u32(0x80000004), u32(0o600), u32(1), string("acl@example.com"), string("none")]);
  assert.equal(await client.status(Packet.SETSTAT, string("/a"), extended), Status.OK);
  assert.equal((await client.call(Packet.STAT, string("/a"), Buffer.from("more"))).attributes.mode, 0o100600);
  assert.equal(await client.status(Packet.SETSTAT, string("/a"), attrs({ size: 2 })), Status.OK);
});

test("after the client's EOF what it asked for is answered, and the session ends with 0", async () => {
  const { session, client, files, a, b, read } = await slow();
  const replies = Promise.all([read(a, 0), client.write(b, 0, "x")]);
  await turn();
  session.end();
  assert.equal(session.isOver, false);
  await files.finish();
  assert.equal((await replies)[0].data.length, 10);
  assert.equal(await session.finished, 0);
  assert.deepEqual(files.ended, ["abort /a", "abort /b"]);
});

test("an EOF in the middle of a packet ends the session with 1", async () => {
  const { session } = await openSftp(memory());
  session.data(Buffer.concat([u32(1000), Buffer.from("\x03abc")]));
  session.end();
  assert.equal(await session.finished, 1);
});

test("what a client leaves open is closed when it is gone, and not before what works on it is over", async () => {
  const { session, client, files, a, link } = await slow();
  void client.write(a, 0, "x");
  await turn();
  session.closed();
  assert.deepEqual(files.ended, []);
  const { written } = link;
  await files.finish();
  assert.equal(await session.finished, 1);
  assert.deepEqual(new Set(files.ended), new Set(["abort /a", "abort /b"]));
  assert.equal(link.written, written);
});

test("where a handle has no abort it is closed; what that throws is told, and the others are closed all the same", async () => {
  const closed: string[] = [];
  const files: FileSystem = {
    stat: () => ({ type: "file", size: 0, mode: 0 }),
    readdir: () => [],
    open: (path) => ({
      read: () => 0,
      write: () => undefined,
      stat: () => ({ type: "file", size: 0, mode: 0 }),
      close: () => {
        closed.push(path);
        if (path === "/a") throw new Error("cannot");
      },
    }),
  };
  const { session, client, faults } = await openSftp(files);
  await client.open("/a", READ);
  await client.open("/b", WRITE | CREAT);
  session.closed();
  assert.equal(await session.finished, 1);
  assert.deepEqual(closed, ["/a", "/b"]);
  assert.deepEqual(
    faults.map(({ operation }) => operation),
    ["CLOSE"],
  );
});

test("who opens a file for what its handle cannot do is refused, and the handle is closed", async () => {
  let closed = 0;
  const handle = { stat: () => ({ type: "file", size: 0, mode: 0 }) as const, close: () => void closed++ };
  for (const [bits, methods, message] of [
    [READ, { write: () => undefined }, "The file was not opened for reading"],
    [WRITE, { read: () => 0 }, "The file was not opened for writing"],
    [READ | WRITE, { read: () => 0 }, "The file was not opened for writing"],
  ] as const) {
    const { client } = await openSftp({ ...handleOnly, open: () => ({ ...handle, ...methods }) });
    const reply = await client.open("/a", bits);
    assert.deepEqual([reply.status, reply.message], [Status.PERMISSION_DENIED, message]);
  }
  assert.equal(closed, 3);
});

const handleOnly: Omit<FileSystem, "open"> = {
  stat: () => ({ type: "file", size: 0, mode: 0 }),
  readdir: () => [],
};

test("nothing that comes after the end is served", async () => {
  const { session, client, link } = await openSftp(memory({ files: { "/a": "abc" } }));
  session.closed();
  const { written } = link;
  session.data(client.request(Packet.REMOVE, string("/a")).bytes);
  session.end();
  session.drained();
  await turn();
  assert.equal(link.written, written);
});
