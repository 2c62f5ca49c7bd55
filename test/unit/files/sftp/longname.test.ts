import assert from "node:assert/strict";
import test from "node:test";
import { decodePath, encodePath } from "../../../../src/files/index.ts";
import type { FileAttributes } from "../../../../src/files/index.ts";
import { longname } from "../../../../src/files/sftp/wire/longname.ts";

const NOW = Date.UTC(2026, 5, 15, 12) / 1000;
const FILE: FileAttributes = { type: "file", size: 1234, mode: 0o644, mtime: NOW - 60 };

function line(name: string, attributes: Partial<FileAttributes> = {}): string {
  return Buffer.from(encodePath(longname(name, { ...FILE, ...attributes }, NOW))).toString("latin1");
}

test("a line looks as ls -l has it", () => {
  assert.equal(line("notes.txt"), "-rw-r--r--    1 0        0            1234 Jun 15 11:59 notes.txt");
  assert.equal(
    line("dir", { type: "directory", mode: 0o2755, nlink: 12, uid: 1000, gid: 100, size: 4096 }),
    "drwxr-sr-x   12 1000     100          4096 Jun 15 11:59 dir",
  );
});

test("what is old, or lies ahead, shows the year", () => {
  assert.match(line("a", { mtime: 0 }), / Jan {2}1 {2}1970 a$/);
  assert.match(line("a", { mtime: NOW + 86_400 * 300 }), / Apr 11 {2}2027 a$/);
  assert.match(line("a", { mtime: 4_294_967_295 }), / Feb {2}7 {2}2106 a$/);
  assert.match(line("a", { mtime: 1e20 }), / Dec 31 {2}9999 a$/);
});

test("every bit of a mode has its letter", () => {
  for (const [mode, text] of [
    [0, "----------"],
    [0o777, "-rwxrwxrwx"],
    [0o7777, "-rwsrwsrwt"],
    [0o7000, "---S--S--T"],
    [0o640, "-rw-r-----"],
  ] as const) {
    assert.equal(line("a", { mode }).slice(0, 10), text);
  }
  assert.deepEqual(
    (["file", "directory", "symlink", "other"] as const).map((type) => line("a", { type })[0]),
    ["-", "d", "l", "?"],
  );
});

test("control characters are escaped, whatever wrote them; other bytes stay", () => {
  assert.match(line("a\u001b]0;owned\u0007\n\r\u007f"), / a\\x1b\]0;owned\\x07\\x0a\\x0d\\x7f$/);
  // C1 in UTF-8, and as the bare byte that a terminal of one byte a character takes for CSI.
  assert.match(line("\u009b2J"), / \\x9b2J$/);
  assert.match(line(decodePath(Buffer.of(0x9b, 0x32, 0xe9))), / \\x9b2\u00e9$/);
});

test("the longest name has a line as long as it needs", () => {
  assert.ok(line("n".repeat(255)).endsWith("n".repeat(255)));
  assert.equal(line("\u001b".repeat(255)).length, line("").length + 4 * 255);
});

test("what turns the direction of a line around is escaped, and what joins letters stays", () => {
  assert.match(line("report\u202etxt.exe\u2066\u200f\u2028"), / report\\u202etxt\.exe\\u2066\\u200f\\u2028$/);
  assert.match(Buffer.from(line("\u0645\u06cc\u200c\u062e"), "latin1").toString(), / \u0645\u06cc\u200c\u062e$/);
});
