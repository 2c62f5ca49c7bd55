import assert from "node:assert/strict";
import { test } from "node:test";
import { hooks, memory, quota, readOnly, serveFiles } from "../../../../src/files/index.ts";
import type { FileHandle, FileSystem } from "../../../../src/files/index.ts";
import { Server } from "../../../../src/index.ts";
import type { LogEntry } from "../../../../src/index.ts";
import { exec } from "../../../../src/testing/index.ts";
import type { ExecResult } from "../../../../src/testing/index.ts";

const OK = "\0";

interface Sent extends ExecResult {
  readonly log: readonly LogEntry[];
}

/** Sends these bytes to `scp` on the files. */
async function send(files: FileSystem | undefined, command: string, input: string): Promise<Sent> {
  const log: LogEntry[] = [];
  const server = new Server({ allowAnyone: true, log: (entry) => void log.push(entry) });
  serveFiles(server, { fileSystem: () => files, home: () => "/home" });
  return { ...(await exec(server, command, { input })), log };
}

const atHome = (files: Readonly<Record<string, string>> = {}) => memory({ files: { "/home/.keep": "", ...files } });

async function contentOf(files: FileSystem, path: string): Promise<string> {
  const flags = { read: true, write: false, append: false, create: false, truncate: false, exclusive: false };
  const handle = await files.open(path, flags, {});
  const buffer = Buffer.alloc((await handle.stat()).size);
  const length = (await handle.read?.(buffer, 0)) ?? 0;
  await handle.close();
  return buffer.toString("utf8", 0, length);
}

test("a file is taken to where its path says, relative to home, and to ~", async () => {
  const files = atHome({ "/there/old": "x" });
  for (const [command, path] of [
    ["scp -t a", "/home/a"],
    ["scp -t /there", "/there/name"],
    ["scp -t ~", "/home/name"],
    ["scp -t ~/b", "/home/b"],
    ["scp -t /there/old", "/there/old"],
    ["scp -t ../there/../../there/new", "/there/new"],
  ] as const) {
    const { status, stdout, stderr } = await send(files, command, "C0644 5 name\nhello\0");
    assert.deepEqual([status, stdout, stderr], [0, OK.repeat(3), ""], command);
    assert.equal(await contentOf(files, path), "hello");
  }
});

test("directories come with what is in them, and the times and modes of both are kept with -p", async () => {
  const files = atHome();
  const input = "T100 0 200 0\nD0500 0 dir\nT1 0 2 0\nC0640 3 file\nabc\0C0600 0 empty\n\0E\nC0604 1 last\nz\0";
  const { status, stdout } = await send(files, "scp -r -p -t .", input);
  assert.deepEqual([status, stdout], [0, OK.repeat(11)]);
  const facts = (path: string): unknown[] => {
    const { type, mode, size, atime, mtime } = files.stat(path);
    return [type, mode.toString(8), type === "file" ? size : 0, atime, mtime];
  };
  assert.deepEqual(facts("/home/dir"), ["directory", "500", 0, 200, 100]);
  assert.deepEqual(facts("/home/dir/file"), ["file", "640", 3, 2, 1]);
  assert.equal(files.stat("/home/dir/empty").size, 0);
  assert.equal(files.stat("/home/last").mode, 0o604);
});

test("without -p a mode is one that others cannot write by", async () => {
  const files = atHome();
  await send(files, "scp -r -t .", "D0777 0 dir\nC6777 0 file\n\0E\n");
  assert.equal(files.stat("/home/dir").mode, 0o755);
  assert.equal(files.stat("/home/dir/file").mode, 0o755);
});

const NO_SHELL = 'no shell runs here: put "$" in quotes if it is part of a name';

for (const [what, command, input, stdout] of [
  ["a target that has to be a directory and is none", "scp -d -t .keep", "", "\x01scp: Not a directory\n"],
  ["a target that has to be a directory and is not there", "scp -d -t x", "", "\x01scp: No such file or directory\n"],
  ["a directory without -r", "scp -t .", "D0755 0 d\n", "\0\x01scp: a directory, and -r was not given\n"],
  ["an end without a directory", "scp -r -t .", "E\n", "\0\x01scp: an end without a directory\n"],
  ["a record that is none", "scp -t .", "hello\n", "\0\x01scp: a record that is none\n"],
  ["a name that leads elsewhere", "scp -t .", "C0644 1 ../a\n", "\0\x01scp: a name that leads elsewhere\n"],
  ["a long record", "scp -t .", `C0644 1 ${"a".repeat(4090)}\n`, "\0\x01scp: a record of more than 4096 bytes\n"],
  ["a record without an end", "scp -t .", "a".repeat(5000), "\0\x01scp: a record of more than 4096 bytes\n"],
  ["a record that is cut off", "scp -t .", "C0644 1 a", "\0"],
  ["an option that is not served", "scp -S x -t .", "", "\x01scp: the option -S is not served\n"],
  ["what only a shell would do", "scp -t $HOME", "", `\x01scp: ${NO_SHELL}\n`],
  ["an error of the client's", "scp -t .", "\x02no more\n", "\0"],
] as const) {
  test(`${what} ends with status 1 and is told`, async () => {
    const files = atHome();
    const sent = await send(files, command, input);
    assert.deepEqual([sent.status, sent.stdout], [1, stdout]);
    assert.deepEqual(
      [...files.readdir("/home")].map(({ name }) => name),
      [".keep"],
    );
  });
}

test("64 directories in each other are taken, and no more", async () => {
  const nested = (depth: number): string => "D0755 0 d\n".repeat(depth) + "E\n".repeat(depth);
  assert.equal((await send(atHome(), "scp -r -t .", nested(64))).status, 0);
  const { status, stdout } = await send(atHome(), "scp -r -t .", nested(65));
  assert.equal(status, 1);
  assert.ok(stdout.endsWith("\x01scp: more than 64 directories in each other\n"));
});

test("a client without files is told so", async () => {
  const { status, stdout } = await send(undefined, "scp -t a", "C0644 1 a\n");
  assert.deepEqual([status, stdout], [1, "\x01scp: There are no files for you here\n"]);
});

test("a file that cannot be opened is told, and the next one comes", async () => {
  const files = atHome({ "/home/dir/dir/x": "" });
  const { status, stdout } = await send(files, "scp -t dir", "C0644 5 dir\nC0644 2 b\nhi\0");
  assert.equal(status, 1);
  assert.match(stdout, /^\0\x01scp: \/home\/dir\/dir: [^\n]+\n\0\0$/);
  assert.equal(await contentOf(files, "/home/dir/b"), "hi");
});

test("a client that goes on and on with what does not work is told a thousand times, and then let go", async () => {
  const files = atHome({ "/home/dir/x": "" });
  const { status, stdout } = await send(files, "scp -t .", "C0644 1 dir\n".repeat(1500));
  assert.equal(status, 1);
  assert.equal(stdout.match(/\x01scp: /g)?.length, 1000);
});

test("when there is no more space all bytes are taken, the client is told once, and the next file comes", async () => {
  const files = memory({ files: { "/home/old": "old" }, maxBytes: 100_000 });
  const large = "x".repeat(600_000);
  const { status, stdout } = await send(files, "scp -t .", `C0644 600000 large\n${large}\0C0644 2 b\nhi\0`);
  assert.equal(status, 1);
  assert.match(stdout, /^\0\0\x01scp: \/home\/large: [^\n]+\n\0\0$/);
  assert.equal(await contentOf(files, "/home/b"), "hi");
});

/** Files whose handles tell how they were left. */
function watched(): { readonly files: FileSystem; readonly left: string[] } {
  const inner = atHome();
  const left: string[] = [];
  const files: FileSystem = {
    stat: (path) => inner.stat(path),
    readdir: (path) => inner.readdir(path),
    open: (): FileHandle => ({
      stat: () => ({ type: "file", size: 0, mode: 0 }),
      write: (bytes) => void left.push(`wrote ${bytes.length}`),
      close: () => void left.push("closed"),
      abort: () => void left.push("aborted"),
    }),
  };
  return { files, left };
}

for (const [what, input, left] of [
  ["comes whole is closed", "C0644 4 a\ndata\0", ["wrote 4", "closed"]],
  ["breaks off is aborted", "C0644 4 a\nda", ["aborted"]],
  ["has no word of the client's behind it is closed", "C0644 4 a\ndata", ["wrote 4", "closed"]],
  ["has another byte behind it is aborted", "C0644 4 a\ndatax", ["wrote 4", "aborted"]],
  ["the client could not read is aborted", "C0644 4 a\nda\0\0\x01scp: a: gone\n", ["wrote 4", "aborted"]],
] as const) {
  test(`a file that ${what}`, async () => {
    const { files, left: seen } = watched();
    await send(files, "scp -t a", input);
    assert.deepEqual(seen, left);
  });
}

test("a quota, a view that is only read, and hooks hold for what comes by scp", async () => {
  const inner = atHome();
  const input = `C0644 200 a\n${"x".repeat(200)}\0`;
  const over = await send(quota(inner, { maxBytes: 100 }), "scp -t .", input);
  assert.equal(over.status, 1);
  assert.match(over.stdout, /^\0\0\x01scp: \/home\/a: [^\n]*quota/i);
  const refused = await send(readOnly(inner), "scp -t .", input);
  assert.deepEqual([refused.status, refused.stdout], [1, "\0\x01scp: /home/a: Nothing can be changed here\n"]);
  const uploads: unknown[] = [];
  const hooked = hooks(inner, {
    onUpload: (transfer) => void uploads.push([transfer.path, transfer.bytes, transfer.isComplete]),
  });
  await send(hooked, "scp -t .", input);
  await send(hooked, "scp -t b", "C0644 200 b\nhalf");
  assert.deepEqual(uploads, [
    ["/home/a", 200, true],
    ["/home/b", 0, false],
  ]);
});

test("what a file system throws that is for nobody's eyes goes to the log", async () => {
  const files: FileSystem = {
    ...watched().files,
    open() {
      throw new Error("/real/path: EIO");
    },
  };
  const { status, stdout, log } = await send(files, "scp -t a", "C0644 4 a\n");
  assert.deepEqual([status, stdout], [1, "\0\x01scp: /home/a: The file system has failed\n"]);
  assert.equal(log.filter(({ event }) => event === "file system failed").length, 1);
});
