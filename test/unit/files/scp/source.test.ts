import assert from "node:assert/strict";
import { test } from "node:test";
import { FileError, memory, serveFiles } from "../../../../src/files/index.ts";
import type { FileAttributes, FileSystem, MemoryFileSystem } from "../../../../src/files/index.ts";
import { Server } from "../../../../src/index.ts";
import { exec } from "../../../../src/testing/index.ts";
import type { ExecResult } from "../../../../src/testing/index.ts";
import { serve, settle } from "../../server/fake-door.ts";

/** Asks `scp` for files, with these answers. */
function ask(files: FileSystem, command: string, answers = "\0".repeat(100)): Promise<ExecResult> {
  const server = new Server({ allowAnyone: true, log: false });
  serveFiles(server, { fileSystem: () => files, home: () => "/home" });
  return exec(server, command, { input: answers });
}

function someFiles(): MemoryFileSystem {
  const contents = { "/home/a.txt": "alpha", "/home/b.txt": "", "/home/dir/c": "gamma", "/home/dir/.d": "d" };
  const made = memory({ files: contents });
  for (const path of Object.keys(contents)) made.setstat(path, { mode: 0o640, atime: 2, mtime: 1 });
  made.setstat("/home/dir", { mode: 0o755, atime: 4, mtime: 3 });
  return made;
}

for (const [command, stdout] of [
  ["scp -f a.txt", "C0640 5 a.txt\nalpha\0"],
  ["scp -f /home/b.txt", "C0640 0 b.txt\n\0"],
  ["scp -p -f a.txt", "T1 0 2 0\nC0640 5 a.txt\nalpha\0"],
  ["scp -f '*.txt'", "\x01scp: /home/*.txt: No such file or directory\n"],
  ["scp -f *.txt", "C0640 5 a.txt\nalpha\0C0640 0 b.txt\n\0"],
  ["scp -f ?.t[!a]t ~/dir/c", "C0640 5 a.txt\nalpha\0C0640 0 b.txt\n\0C0640 5 c\ngamma\0"],
  ["scp -f *.none", "\x01scp: /home/*.none: No such file or directory\n"],
  ["scp -f dir", "\x01scp: /home/dir: Is a directory, and -r was not given\n"],
  ["scp -r -f dir", "D0755 0 dir\nC0640 1 .d\nd\0C0640 5 c\ngamma\0E\n"],
  ["scp -r -p -f dir/", "T3 0 4 0\nD0755 0 dir\nT1 0 2 0\nC0640 1 .d\nd\0T1 0 2 0\nC0640 5 c\ngamma\0E\n"],
  ["scp -f none a.txt", "\x01scp: /home/none: No such file or directory\nC0640 5 a.txt\nalpha\0"],
  ["scp -f ../../home/b.txt", "C0640 0 b.txt\n\0"],
] as const) {
  test(`${command} sends ${JSON.stringify(stdout)}`, async () => {
    const answer = await ask(someFiles(), command);
    assert.equal(answer.stdout, stdout);
    assert.equal(answer.status, stdout.includes("\x01") ? 1 : 0);
  });
}

test("the first directory has no name, and says how it can be had", async () => {
  const { status, stdout } = await ask(someFiles(), "scp -r -f /");
  assert.equal(status, 1);
  assert.match(stdout, /^\x01scp: \/: the first directory has no name to be sent by: ask for \/\*, or take sftp\n$/);
});

test("a link is what it leads to, and one that leads back is told", async () => {
  const made = someFiles();
  made.symlink("../a.txt", "/home/dir/link");
  made.symlink("..", "/home/dir/up");
  const { stdout, status } = await ask(made, "scp -r -f dir");
  assert.equal(status, 1);
  assert.match(stdout, /C0640 5 link\nalpha\0/);
  assert.match(stdout, /\x01scp: \/home\/dir\/up\/dir: Too many levels of symbolic links\n/);
});

test("what the client does not want is left out, and what it gives up is not gone on with", async () => {
  for (const [answers, stdout] of [
    ["\0\x01no\n\0\0\0", "C0640 5 a.txt\nC0640 0 b.txt\n\0"],
    ["\0\x02no\n", "C0640 5 a.txt\n"],
    ["", ""],
    ["\0", "C0640 5 a.txt\n"],
    ["\0hello\n", "C0640 5 a.txt\n"],
    [`\0\x01${"x".repeat(10_000)}`, "C0640 5 a.txt\n"],
  ] as const) {
    const answer = await ask(someFiles(), "scp -f *.txt", answers);
    assert.deepEqual([answer.status, answer.stdout], [1, stdout], JSON.stringify(answers.slice(0, 20)));
  }
});

/** One file, which says that it has ten bytes. */
function promising(read: (buffer: Uint8Array, position: number) => number): FileSystem {
  const attributes: FileAttributes = { type: "file", size: 10, mode: 0o644 };
  return {
    stat: () => attributes,
    readdir: () => [],
    open: () => ({ stat: () => attributes, close: () => undefined, read }),
  };
}

test("a file that becomes shorter, or cannot be read, is filled up and told", async () => {
  const shorter = promising((buffer, position) => {
    if (position > 0) return 0;
    buffer.fill(0x61, 0, 4);
    return 4;
  });
  const cut = await ask(shorter, "scp -f x");
  const told = "The file has become shorter while it was sent";
  assert.equal(cut.stdout, `C0644 10 x\naaaa${"\0".repeat(6)}\x01scp: /home/x: ${told}\n`);
  assert.equal(cut.status, 1);
  const broken = promising(() => {
    throw new FileError("FAILURE", "The disk is broken");
  });
  const { stdout } = await ask(broken, "scp -f x");
  assert.equal(stdout, `C0644 10 x\n${"\0".repeat(10)}\x01scp: /home/x: The disk is broken\n`);
});

test("a name with a newline is told, and not sent", async () => {
  const made = someFiles();
  made.rename("/home/a.txt", "/home/dir/a\nC0644 0 b", { replace: false });
  const { stdout, status } = await ask(made, "scp -r -f dir");
  assert.equal(status, 1);
  assert.match(stdout, /\x01scp: \/home\/dir\/a\\nC0644 0 b: a name with a newline cannot be told in this protocol/);
});

test("what is no regular file is told, and not sent", async () => {
  const odd: FileSystem = { ...promising(() => 0), stat: () => ({ type: "other", size: 0, mode: 0 }) };
  assert.equal((await ask(odd, "scp -f pipe")).stdout, "\x01scp: /home/pipe: Not a regular file\n");
});

test("a client that goes in the middle of a file is read no further for, and its file is aborted", async (t) => {
  const seen = { reads: 0 };
  const ended: string[] = [];
  const attributes: FileAttributes = { type: "file", size: 2 ** 50, mode: 0o644 };
  const files: FileSystem = {
    stat: () => attributes,
    readdir: () => [],
    open: () => ({
      stat: () => attributes,
      async read(buffer) {
        seen.reads++;
        await settle();
        return buffer.length;
      },
      close: () => void ended.push("closed"),
      abort: () => void ended.push("aborted"),
    }),
  };
  const { exec } = await serve(t, (server) => serveFiles(server, { fileSystem: () => files }));
  const session = await exec("scp -f /endless");
  session.type("\0\0");
  while (seen.reads < 3) await settle();
  session.hangUp();
  const before = seen.reads;
  while (ended.length === 0) await settle();
  assert.deepEqual(ended, ["aborted"]);
  assert.ok(seen.reads <= before + 1, `${seen.reads - before} reads`);
});
