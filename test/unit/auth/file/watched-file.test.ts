import assert from "node:assert/strict";
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { WatchedFile } from "../../../../src/auth/file/watched-file.ts";
import { makeFolder, put } from "../folder.ts";

const folder = makeFolder();
let count = 0;

function watch(onFailure: "keep" | "forget", content = "one") {
  const path = put(join(folder, `file-${count++}`), content);
  const failures: string[] = [];
  let parsed = 0;
  const file = new WatchedFile(path, {
    rules: { maxLength: 100, strictModes: true },
    onFailure,
    parse: (bytes) => {
      parsed++;
      if (bytes.toString().startsWith("bad")) throw new Error(`cannot parse ${bytes.toString()}`);
      return bytes.toString();
    },
    failed: (error) => void failures.push(error.message),
  });
  return { path, file, failures, parsed: () => parsed };
}

test("a file is parsed once, however often it is asked for, and again when it changes", async () => {
  const { path, file, parsed } = watch("keep");
  assert.equal(await file.value(), "one");
  assert.deepEqual(await Promise.all([file.value(), file.value()]), ["one", "one"]);
  assert.equal(parsed(), 1);
  put(path, "three");
  assert.equal(await file.value(), "three");
  assert.equal(parsed(), 2);
});

test("those who ask at once share one look at it", async () => {
  const { file, parsed } = watch("keep");
  await Promise.all(Array.from({ length: 10 }, () => file.value()));
  assert.equal(parsed(), 1);
});

test("keep: what it held last holds on when it is gone or broken, and that is said once", async () => {
  const { path, file, failures, parsed } = watch("keep");
  await file.value();
  rmSync(path);
  assert.deepEqual([await file.value(), await file.value()], ["one", "one"]);
  assert.equal(failures.length, 1);
  put(path, "bad 1");
  assert.deepEqual([await file.value(), await file.value()], ["one", "one"]);
  assert.equal(parsed(), 2);
  assert.deepEqual(failures.slice(1), ["cannot parse bad 1"]);
  put(path, "better");
  assert.equal(await file.value(), "better");
});

test("forget: nothing holds when it is gone or broken", async () => {
  const { path, file, failures } = watch("forget");
  await file.value();
  rmSync(path);
  assert.equal(await file.value(), undefined);
  put(path, "two");
  assert.equal(await file.value(), "two");
  put(path, "two", 0o666);
  assert.equal(await file.value(), undefined);
  assert.equal(failures.length, 2);
});

test("a failure that comes again after the file was good is said again", async () => {
  const { path, file, failures } = watch("keep");
  for (let round = 0; round < 2; round++) {
    rmSync(path);
    await file.value();
    put(path, "good");
    await file.value();
  }
  assert.equal(failures.length, 2);
});

test("at the start what is missing or broken is thrown, and later can be put right", async () => {
  const { path, file } = watch("keep", "bad");
  await assert.rejects(file.demand(), { message: "cannot parse bad" });
  rmSync(path);
  await assert.rejects(file.demand(), { code: "FILE_MISSING" });
  put(path, "right");
  assert.equal(await file.demand(), "right");
});

for (const onFailure of ["keep", "forget"] as const) {
  test(`${onFailure}: a file that cannot be seen for a while is used again when it is back as it was`, async () => {
    const { path, file, failures } = watch(onFailure);
    assert.equal(await file.value(), "one");
    renameSync(path, `${path}.away`);
    assert.equal(await file.value(), onFailure === "keep" ? "one" : undefined);
    renameSync(`${path}.away`, path);
    assert.deepEqual([await file.value(), await file.value()], ["one", "one"]);
    assert.equal(failures.length, 1);
    // The next time it is away is news again.
    renameSync(path, `${path}.away`);
    await file.value();
    assert.equal(failures.length, 2);
  });
}
