import assert from "node:assert/strict";
import { test } from "node:test";
import { FileError } from "../../../../src/files/index.ts";
import type { FileAttributes } from "../../../../src/files/index.ts";
import { entryRecord, readRecord, timesRecord } from "../../../../src/files/scp/records.ts";

for (const [line, record] of [
  ["C0644 0 a", { type: "file", mode: 0o644, size: 0, name: "a" }],
  ["C0600 9007199254740991 a b ", { type: "file", mode: 0o600, size: Number.MAX_SAFE_INTEGER, name: "a b " }],
  ["C4755 4 suid", { type: "file", mode: 0o755, size: 4, name: "suid" }],
  ["D7777 0 ü", { type: "directory", mode: 0o777, name: "ü" }],
  ["C0644 1 ...", { type: "file", mode: 0o644, size: 1, name: "..." }],
  ["E", { type: "end" }],
  ["T1 0 2 999999", { type: "times", mtime: 1, atime: 2 }],
  ["\x01scp: no", { type: "warning", text: "scp: no" }],
  ["\x02lost", { type: "fatal", text: "lost" }],
] as const) {
  test(`${JSON.stringify(line)} is ${JSON.stringify(record)}`, () => {
    assert.deepEqual(readRecord(Buffer.from(line)), record);
  });
}

for (const line of [
  "",
  "X",
  "EE",
  "C",
  "C0644",
  "C0644 4",
  "C0644 4 ",
  "C0644 4 .",
  "C0644 4 ..",
  "C0644 4 ../escape",
  "C0644 4 /tmp/abs",
  "C0644 4 a/../../b",
  "D0755 0 ..",
  "D0755 0 a/b",
  "C0644 4 a\0b",
  "C0644 4 a\x1b[2J",
  "C0644 4 a\x7f",
  "C0644 4 a\u009b2J",
  "C0644 4 a\rb",
  `C0644 4 ${"a".repeat(256)}`,
  "C0644 -1 a",
  "C0644 +1 a",
  "C0644 1e3 a",
  "C0644 0x10 a",
  "C0644 9007199254740992 a",
  "C0644 99999999999999999999 a",
  "C0644 999999999999999999999999999999 a",
  "C0999 4 a",
  "Czzzz 4 a",
  "C644 4 a",
  "C00644 4 a",
  "C0644  4 a",
  " C0644 4 a",
  "T1 0 1",
  "T-1 0 1 0",
  "T1 0 1 0 ",
  "T9007199254740992 0 1 0",
]) {
  test(`${JSON.stringify(line.slice(0, 40))} is refused`, () => {
    assert.throws(
      () => readRecord(Buffer.from(line)),
      (error) => error instanceof FileError && error.code === "INVALID",
    );
  });
}

test("a name that is not UTF-8 is kept byte by byte", () => {
  const line = Buffer.concat([Buffer.from("C0644 3 "), Buffer.of(0x66, 0xff, 0xe4)]);
  const record = readRecord(line);
  assert.ok(record.type === "file");
  const attributes: FileAttributes = { type: "file", mode: 0o644, size: 3 };
  assert.deepEqual(Buffer.from(entryRecord(record.name, attributes)), Buffer.concat([line, Buffer.from("\n")]));
});

test("a file and a directory are announced with their permissions alone, and whole seconds", () => {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
  assert.equal(text(entryRecord("a", { type: "file", mode: 0o4644, size: 12 })), "C0644 12 a\n");
  assert.equal(text(entryRecord("d", { type: "directory", mode: 0o1755, size: 4096 })), "D0755 0 d\n");
  assert.equal(text(timesRecord({ type: "file", mode: 0, size: 0, mtime: 1.9, atime: -4 })), "T1 0 0 0\n");
  assert.equal(text(timesRecord({ type: "file", mode: 0, size: 0, mtime: 7 })), "T7 0 7 0\n");
  assert.throws(() => entryRecord("a\nC0644 0 b", { type: "file", mode: 0, size: 0 }), FileError);
});
