import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readKeyFile, stampOf } from "../../../../src/auth/file/read-file.ts";
import { makeFolder, put } from "../folder.ts";

const folder = makeFolder();
const rules = { maxLength: 100, strictModes: true };
const isRoot = process.getuid?.() === 0;

test("a regular file is read whole, up to the limit and not beyond it", async () => {
  const path = put(join(folder, "full"), "x".repeat(100));
  assert.equal((await readKeyFile(path, rules)).bytes.toString(), "x".repeat(100));
  put(path, "x".repeat(101));
  await assert.rejects(readKeyFile(path, rules), { code: "TOO_LONG", message: /full has more than 100 bytes/ });
});

test("an empty file is read as such", async () => {
  assert.equal((await readKeyFile(put(join(folder, "empty"), ""), rules)).bytes.length, 0);
});

test("a pipe is refused at once, and nobody waits for what may come out of it", async () => {
  const path = join(folder, "pipe");
  execFileSync("mkfifo", [path]);
  await assert.rejects(readKeyFile(path, rules), { code: "FILE_NOT_REGULAR" });
});

test("a device without an end is refused", async () => {
  await assert.rejects(readKeyFile("/dev/zero", { ...rules, strictModes: false }), { code: "FILE_NOT_REGULAR" });
});

test("a folder is refused", async () => {
  await assert.rejects(readKeyFile(folder, rules), { code: "FILE_NOT_REGULAR" });
});

test("a file that is not there is said to be missing, by its path", async () => {
  const path = join(folder, "nowhere");
  await assert.rejects(readKeyFile(path, rules), { code: "FILE_MISSING", message: `There is no file ${path}.` });
  await assert.rejects(stampOf(path), { code: "FILE_MISSING" });
  await assert.rejects(readKeyFile(join(put(join(folder, "file"), ""), "below"), rules), { code: "FILE_MISSING" });
});

for (const mode of [0o620, 0o602, 0o666]) {
  test(`with strict modes a file of mode ${mode.toString(8)} is refused, without them it is read`, async () => {
    const path = put(join(folder, `mode-${mode}`), "key", mode);
    await assert.rejects(readKeyFile(path, rules), { code: "FILE_UNSAFE", message: /writable by others/ });
    assert.equal((await readKeyFile(path, { ...rules, strictModes: false })).bytes.toString(), "key");
  });
}

test("with strict modes a folder above that others can write to is refused, also behind a symbolic link", async () => {
  const open = join(folder, "open");
  mkdirSync(join(open, "closed"), { recursive: true });
  chmodSync(open, 0o777);
  const path = put(join(open, "closed", "keys"), "key");
  symlinkSync(path, join(folder, "link"));
  for (const way of [path, join(folder, "link")]) {
    await assert.rejects(readKeyFile(way, rules), {
      code: "FILE_UNSAFE",
      message: /open, which is writable by others/,
    });
  }
  // As /tmp is: who may write there cannot take away what is another's.
  chmodSync(open, 0o1777);
  assert.equal((await readKeyFile(path, rules)).bytes.toString(), "key");
});

test("root takes a file of anybody, since its users own theirs", { skip: !isRoot && "needs root" }, async () => {
  const path = put(join(folder, "theirs"), "key");
  chownSync(path, 12_345, 12_345);
  assert.equal((await readKeyFile(path, rules)).bytes.toString(), "key");
});

test("the stamp stays as it is until the file changes", async () => {
  const path = put(join(folder, "stamped"), "one");
  const { stamp } = await readKeyFile(path, rules);
  assert.equal(await stampOf(path), stamp);
  put(path, "three");
  assert.notEqual(await stampOf(path), stamp);
});
