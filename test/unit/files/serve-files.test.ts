import assert from "node:assert/strict";
import test from "node:test";
import type { TestContext } from "node:test";
import { memory, quota, perUser, serveFiles } from "../../../src/files/index.ts";
import type { FileSystem, ServeFilesOptions } from "../../../src/files/index.ts";
import { OpenBit, Packet, Status } from "../../../src/files/sftp/wire/numbers.ts";
import type { Client, DefaultState } from "../../../src/server/index.ts";
import { string } from "../../sftp/index.ts";
import type { SftpClient } from "../../sftp/index.ts";
import { Server } from "../../../src/index.ts";
import { serve, settle } from "../server/fake-door.ts";
import type { FakeSession } from "../server/fake-door.ts";
import { sftpOn } from "./sftp-visitor.ts";

const { READ, WRITE, CREAT } = OpenBit;

async function setUp(t: TestContext, options: ServeFilesOptions<DefaultState>) {
  const events: string[] = [];
  const subject = await serve(t, (server) => {
    server.onUser("connect", () => void events.push("connect"));
    server.onUser("connectsftp", ({ username }) => void events.push(`connectsftp ${username}`));
    server.onUser(
      "disconnected",
      ({ endReason, username }) => void events.push(`disconnected ${username} ${endReason}`),
    );
    server.onUser("error", (_, error) => void events.push(`error ${String(error)}`));
    serveFiles(server, options);
  });
  const sftp = async (username = "ada"): Promise<{ session: FakeSession; client: SftpClient }> => {
    const session = await subject.visitor(username);
    const client = await sftpOn(session);
    return { session, client };
  };
  return { ...subject, events, sftp };
}

test("a client of SFTP is served its files, after connectsftp", async (t) => {
  const { sftp, events } = await setUp(t, {
    fileSystem: () => memory({ files: { "/home/a": "abc" } }),
    home: () => "/home",
  });
  const { session, client } = await sftp();
  await client.begin();
  assert.equal(String(await client.content("a")), "abc");
  session.events.eof();
  await settle();
  assert.deepEqual(session.calls, ["exit 0", "end", "close"]);
  assert.deepEqual(events, ["connectsftp ada", "disconnected ada exit"]);
});

test("each client gets what the callback gives for it, and some get none", async (t) => {
  const { sftp } = await setUp(t, {
    fileSystem: ({ username }) =>
      username === "bob" ? undefined : Promise.resolve(memory({ files: { "/name": username } })),
  });
  for (const username of ["ada", "cy"]) {
    const { client } = await sftp(username);
    await client.begin();
    assert.equal(String(await client.content("/name")), username);
  }
  const { session } = await sftp("bob");
  assert.deepEqual(session.calls, ["exit 1", "end", "close"]);
  assert.equal(session.stderr, "There are no files for you here.\n");
});

test("a callback that throws is an error of the app's, and the session ends with 1", async (t) => {
  const { sftp, events } = await setUp(t, {
    fileSystem: () => {
      throw new Error("no database");
    },
  });
  const { session } = await sftp();
  assert.deepEqual(session.calls, ["exit 1", "end", "close"]);
  assert.ok(events.includes("error Error: no database"));
});

test("an option that is wrong is told when the server is set up", () => {
  const files = memory();
  for (const [options, code, text] of [
    [{ fileSystem: files }, "BAD_OPTION", /The option fileSystem of serveFiles must be a function/],
    [{}, "BAD_OPTION", /fileSystem/],
    [{ fileSystem: () => files, home: "/home" }, "BAD_OPTION", /home of serveFiles must be a function/],
    [{ fileSystem: () => files, audit: 1 }, "BAD_OPTION", /audit/],
    [{ fileSystem: () => files, rsync: "rsync" }, "BAD_OPTION", /rsync/],
    [{ fileSystem: () => files, readOnly: true }, "UNKNOWN_OPTION", /serveFiles has no option readOnly/],
  ] as const) {
    const server = new Server({ allowAnyone: true });
    assert.throws(() => serveFiles(server, options as unknown as ServeFilesOptions<DefaultState>), {
      name: "ConfigError",
      code,
      message: text,
    });
  }
});

test("a name that leads elsewhere is a fault of the file system's, and reaches no client", async (t) => {
  for (const name of ["../../x", "a/b", "..", ".", "", "a\0"]) {
    const attributes = { type: "file", size: 1, mode: 0o644 } as const;
    const files: FileSystem = {
      stat: () => ({ type: "directory", size: 0, mode: 0o755 }),
      readdir: () => [{ name, attributes }],
      open: () => ({ stat: () => attributes, close: () => undefined }),
    };
    const { sftp, log } = await setUp(t, { fileSystem: () => files });
    const { client } = await sftp();
    await client.begin();
    const { status } = await client.call(Packet.OPENDIR, string("/"));
    assert.equal(status, Status.FAILURE, name);
    assert.match(
      String(log.find(({ event }) => event === "file system failed")?.error),
      /which is no name of an entry/,
    );
  }
});

test("a file system whose read gives no number has a fault, and no empty file", async (t) => {
  const attributes = { type: "file", size: 5, mode: 0o644 } as const;
  for (const count of [undefined, Promise.resolve(undefined), -1, 1e9, Number.NaN]) {
    const files: FileSystem = {
      stat: () => attributes,
      readdir: () => [],
      open: () => ({ read: () => count as number, stat: () => attributes, close: () => undefined }),
    };
    const { sftp, log } = await setUp(t, { fileSystem: () => files });
    const { client } = await sftp();
    await client.begin();
    const { handle } = await client.open("/a", READ);
    const { status } = await client.read(handle, 0, 5);
    assert.equal(status, Status.FAILURE);
    assert.match(String(log.at(-1)?.error), /a file system has read .* of 5 bytes/);
  }
});

test("what breaks the protocol ends the one session", async (t) => {
  const { sftp } = await setUp(t, { fileSystem: () => memory({ files: { "/a": "abc" } }) });
  const [bad, good] = [await sftp(), await sftp()];
  await good.client.begin();
  bad.session.events.input(Buffer.alloc(100));
  await settle();
  assert.deepEqual(bad.session.calls, ["exit 1", "end", "close"]);
  assert.equal(String(await good.client.content("/a")), "abc");
});

test("what a client does with files is in the log, and what it looks at is not", async (t) => {
  const { sftp, log } = await setUp(t, { fileSystem: () => memory({ files: { "/a": "abc" }, maxEntries: 4 }) });
  const { client } = await sftp();
  await client.begin();
  await client.content("/a");
  await client.close((await client.open("/new\u001b", WRITE | CREAT)).handle);
  await client.call(Packet.MKDIR, string("/dir"), Buffer.alloc(4));
  await client.call(Packet.RENAME, string("/a"), string("/b"));
  await client.call(Packet.SETSTAT, string("/b"), Buffer.from([0, 0, 0, 4, 0, 0, 1, 0o200]));
  await client.extended("hardlink@openssh.com", string("/b"), string("/c"));
  assert.equal((await client.open("/full", WRITE | CREAT)).status, Status.FAILURE);
  assert.equal((await client.open("/full2", WRITE | CREAT)).status, Status.FAILURE);
  assert.equal((await client.open("/none", READ)).status, Status.NO_SUCH_FILE);
  await client.call(Packet.REMOVE, string("/c"));
  await client.call(Packet.RMDIR, string("/dir"));
  const told = log
    .filter(({ event }) => /^(file|directory|link) /.test(event))
    .map(({ event, level, username, detail }) => [event, level, username, { ...detail }]);
  const undefinedFields = { size: undefined, uid: undefined, gid: undefined };
  assert.deepEqual(told, [
    ["file downloaded", "info", "ada", { path: "/a", size: 3, bytes: 3, complete: true }],
    ["file uploaded", "info", "ada", { path: "/new\u001b", size: 0, bytes: 0, complete: true }],
    ["directory made", "info", "ada", { path: "/dir" }],
    ["file renamed", "info", "ada", { path: "/a", to: "/b" }],
    ["file changed", "info", "ada", { path: "/b", mode: "0600", ...undefinedFields }],
    ["link made", "info", "ada", { path: "/c", of: "/b" }],
    ["file refused", "warn", "ada", { operation: "open", path: "/full", code: "NO_SPACE", refusals: 1 }],
    ["file removed", "info", "ada", { path: "/c" }],
    ["directory removed", "info", "ada", { path: "/dir" }],
  ]);
});

test("a write that is refused is in the log, and what it left of an upload is told as a part", async (t) => {
  const { sftp, log } = await setUp(t, { fileSystem: () => quota(memory(), { maxBytes: 10 }) });
  const { client } = await sftp();
  await client.begin();
  const { handle } = await client.open("/new", WRITE | CREAT);
  await client.write(handle, 0, "12345");
  assert.equal((await client.write(handle, 5, "1234567890")).status, Status.FAILURE);
  await client.close(handle);
  assert.deepEqual(
    log.filter(({ event }) => event.startsWith("file ")).map(({ event, detail }) => [event, { ...detail }]),
    [
      ["file refused", { operation: "write", path: "/new", code: "QUOTA", refusals: 1 }],
      ["file uploaded", { path: "/new", size: 5, bytes: 5, complete: false }],
    ],
  );
});

test("with audit: false the log hears nothing of files, but of faults it does", async (t) => {
  const fault = new Error("a fault of the disk's");
  const files: FileSystem = Object.assign(memory(), { statfs: () => Promise.reject(fault) });
  const { sftp, log } = await setUp(t, { fileSystem: () => files, audit: false });
  const { client } = await sftp();
  await client.begin();
  await client.close((await client.open("/new", WRITE | CREAT)).handle);
  const reply = await client.extended("statvfs@openssh.com", string("/"));
  assert.equal(reply.message, "The file system has failed");
  const told = log.filter(({ event }) => event.startsWith("file"));
  assert.deepEqual(
    told.map(({ event, error, detail }) => [event, error, detail]),
    [["file system failed", fault, { operation: "statvfs" }]],
  );
});

test("perUser makes a file system for each user once, and none for a name that is no directory's", async () => {
  const made: string[] = [];
  let isBroken = false;
  const fileSystem = perUser((username) => {
    made.push(username);
    if (isBroken) throw new Error("cannot");
    return username === "nobody" ? undefined : memory();
  });
  const of = (username: string) => fileSystem({ username } as Client);
  assert.equal(await of("ada"), await of("ada"));
  assert.notEqual(await of("ada"), await of("bob"));
  for (const name of ["..", ".", "a/b", "/etc", "../ada"]) assert.equal(await of(name), undefined, name);
  assert.deepEqual(made, ["ada", "bob"]);
  // Who got none may get one the next time.
  assert.equal(await of("nobody"), undefined);
  assert.equal(await of("nobody"), undefined);
  isBroken = true;
  await assert.rejects(of("cy"), /cannot/);
  isBroken = false;
  assert.ok(await of("cy"));
  assert.deepEqual(made.slice(2), ["nobody", "nobody", "cy", "cy"]);
});
