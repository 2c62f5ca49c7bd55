import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs, {
  chmodSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock, test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { descriptorsBelow, download, list, makeGround, RESUME, upload, UPLOAD } from "./ground.ts";
import type { Ground } from "./ground.ts";

const isRoot = process.getuid?.() === 0;

test("an old file stays whole until the new one is closed, with its owner and its mode", async () => {
  const { disk, root } = makeGround();
  writeFileSync(join(root, "f"), "old");
  chmodSync(join(root, "f"), 0o664);
  if (isRoot) fs.chownSync(join(root, "f"), 1234, 1235);
  const before = statSync(join(root, "f"));
  const file = await disk.open("/f", UPLOAD, { mode: 0o600 });
  await file.write!(Buffer.from("the new one"), 0);
  assert.equal((await file.stat()).size, 11);
  assert.equal(readFileSync(join(root, "f"), "utf8"), "old");
  assert.equal(readdirSync(root).filter((name) => name.startsWith(".sallyport-upload-")).length, 1);
  await file.close();
  assert.equal(readFileSync(join(root, "f"), "utf8"), "the new one");
  assert.deepEqual(readdirSync(root), ["f"]);
  const after = statSync(join(root, "f"));
  assert.deepEqual([after.mode, after.uid, after.gid], [before.mode, before.uid, before.gid]);
});

test("an old file stays as it was when the client goes in the middle", async () => {
  const { disk, root } = makeGround();
  await upload(disk, "/f", "old");
  const file = await disk.open("/f", UPLOAD, {});
  await file.write!(Buffer.from("half"), 0);
  await file.abort!();
  assert.equal(await download(disk, "/f"), "old");
  assert.deepEqual(readdirSync(root), ["f"]);
});

test("the new content is nobody's to see, to move or to remove until it is whole", async () => {
  const { disk, root } = makeGround();
  await upload(disk, "/f", "old");
  const file = await disk.open("/f", UPLOAD, {});
  await file.write!(Buffer.from("new"), 0);
  const name = readdirSync(root).find((entry) => entry !== "f") ?? "";
  await disk.symlink(name, "/link");
  assert.deepEqual(await list(disk, "/"), ["f", "link"]);
  for (const attempt of [
    () => disk.stat(`/${name}`),
    () => disk.lstat(`/${name}`),
    () => disk.unlink(`/${name}`),
    () => disk.rename(`/${name}`, "/mine", { replace: false }),
    () => disk.rename("/link", `/${name}`, { replace: true }),
    () => disk.link(`/${name}`, "/mine"),
    () => download(disk, "/link"),
    () => upload(disk, "/link", "other"),
  ]) {
    await assert.rejects(async () => attempt(), { code: "NOT_FOUND" });
  }
  await file.close();
  assert.equal(await download(disk, "/f"), "new");
  // What a server that was killed has left behind is a file as others.
  await upload(disk, `/${name}`, "left");
  await disk.unlink(`/${name}`);
});

test("what was new stays as far as it came when the client goes, so that it can be resumed", async () => {
  const { disk } = makeGround();
  const file = await disk.open("/f", UPLOAD, {});
  await file.write!(Buffer.from("01234"), 0);
  await file.abort!();
  assert.equal((await disk.stat("/f")).size, 5);
  const again = await disk.open("/f", RESUME, {});
  await again.write!(Buffer.from("56789"), 5);
  await again.close();
  assert.equal(await download(disk, "/f"), "0123456789");
});

test("what is written into without being emptied is written in place", async () => {
  const { disk, root } = makeGround();
  await upload(disk, "/f", "0123");
  const file = await disk.open("/f", { ...RESUME, create: true }, {});
  await file.write!(Buffer.from("ab"), 1);
  assert.equal(readFileSync(join(root, "f"), "utf8"), "0ab3");
  await file.abort!();
  assert.equal(readFileSync(join(root, "f"), "utf8"), "0ab3");
});

test("an empty old file has nothing to keep, and is written in place", async () => {
  const { disk, root } = makeGround();
  await upload(disk, "/f", "");
  const file = await disk.open("/f", UPLOAD, {});
  assert.deepEqual(readdirSync(root), ["f"]);
  await file.close();
});

test("the target of a link is replaced, and the link stays", async () => {
  const { disk, root } = makeGround();
  await disk.mkdir("/d", {});
  await upload(disk, "/d/f", "old");
  await disk.symlink("d/f", "/l");
  await upload(disk, "/l", "new");
  assert.equal(readFileSync(join(root, "d", "f"), "utf8"), "new");
  assert.equal((await disk.lstat("/l")).type, "symlink");
  await disk.symlink("d/made", "/dangling");
  await upload(disk, "/dangling", "made");
  assert.equal(readFileSync(join(root, "d", "made"), "utf8"), "made");
  await assert.rejects(async () => disk.open("/dangling", { ...UPLOAD, exclusive: true }, {}), { code: "EXISTS" });
});

test("a second name of an old file keeps the old content", async () => {
  const { disk, root } = makeGround();
  await upload(disk, "/f", "old");
  linkSync(join(root, "f"), join(root, "g"));
  await upload(disk, "/f", "new");
  assert.equal(await download(disk, "/g"), "old");
});

test("what is appended to an emptied file goes to the end of the new one", async () => {
  const { disk } = makeGround();
  await upload(disk, "/f", "old");
  const file = await disk.open("/f", { ...UPLOAD, append: true }, {});
  await file.write!(Buffer.from("ab"), 0);
  await file.write!(Buffer.from("cd"), 0);
  await file.close();
  assert.equal(await download(disk, "/f"), "abcd");
});

test("two who replace one file at once: it is the whole of one of them", async () => {
  const { disk, root } = makeGround();
  await upload(disk, "/f", "old");
  const contents = Array.from({ length: 20 }, (_, index) => String(index).repeat(1000));
  await Promise.all(contents.map(async (content) => upload(disk, "/f", content)));
  assert.ok(contents.includes(await download(disk, "/f")));
  assert.deepEqual(readdirSync(root), ["f"]);
});

test("twenty who make one file at once: it is made once, and all of them may write", async () => {
  const { disk, root } = makeGround();
  await Promise.all(Array.from({ length: 20 }, async () => upload(disk, "/f", "same")));
  assert.equal(await download(disk, "/f"), "same");
  assert.deepEqual(readdirSync(root), ["f"]);
});

test("in-place: an old file is emptied at once and written into", async () => {
  const { disk, root } = makeGround({ uploads: "in-place" });
  writeFileSync(join(root, "f"), "old");
  const { ino } = statSync(join(root, "f"));
  const file = await disk.open("/f", UPLOAD, {});
  assert.equal(statSync(join(root, "f")).size, 0);
  await file.write!(Buffer.from("half"), 0);
  await file.abort!();
  assert.equal(readFileSync(join(root, "f"), "utf8"), "half");
  assert.equal(statSync(join(root, "f")).ino, ino);
});

test("a directory that takes no new file: the old one is written in place", async (t) => {
  if (isRoot) {
    t.skip("root may write anywhere");
    return;
  }
  const { disk, root } = makeGround();
  await disk.mkdir("/d", {});
  await upload(disk, "/d/f", "old");
  chmodSync(join(root, "d"), 0o555);
  await upload(disk, "/d/f", "new");
  assert.equal(await download(disk, "/d/f"), "new");
  chmodSync(join(root, "d"), 0o755);
});

/** From `room` bytes on, the disk is full, as write(2) tells it: a part is written, then nothing is. */
function fillUp(t: TestContext, room: number): void {
  const { write } = fs;
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", errno: -28 });
  mock.method(fs, "write", (...given: Parameters<typeof write>) => {
    const [fd, bytes, offset, length, position, done] = given as unknown as [
      number,
      Uint8Array,
      number,
      number,
      number,
      (error: Error | null, written: number) => void,
    ];
    const fits = Math.min(length, room - position);
    if (fits <= 0) process.nextTick(done, full, 0);
    else write(fd, bytes, offset, fits, position, done);
  });
  syncBuiltinESMExports();
  t.after(() => {
    mock.restoreAll();
    syncBuiltinESMExports();
  });
}

async function assertFullDiskKeepsTheOldFile({ disk, root }: Ground): Promise<void> {
  const file = await disk.open("/f", UPLOAD, {});
  const half = Buffer.alloc(512 * 1024, 1);
  await file.write!(half, 0);
  await assert.rejects(async () => file.write!(Buffer.alloc(1024 * 1024, 2), half.length), { code: "NO_SPACE" });
  // A client that has not looked at the answers to its writes hears it once more.
  await assert.rejects(async () => file.close(), { code: "NO_SPACE" });
  assert.equal(await download(disk, "/f"), "old");
  assert.deepEqual(readdirSync(root), ["f"]);
}

test("the disk full: the client hears it at the write and at the close, and the old file stays", async (t) => {
  const ground = makeGround();
  await upload(ground.disk, "/f", "old");
  fillUp(t, 1024 * 1024);
  await assertFullDiskKeepsTheOldFile(ground);
});

test("the disk full, for a new file: the client hears it, and what came stays to be resumed", async (t) => {
  const { disk } = makeGround();
  fillUp(t, 4);
  const file = await disk.open("/f", UPLOAD, {});
  await assert.rejects(async () => file.write!(Buffer.from("0123456789"), 0), { code: "NO_SPACE" });
  await file.close();
  assert.equal(await download(disk, "/f"), "0123");
});

test("a disk of 1 MiB that is really full keeps the old file, and has its room again", async (t) => {
  const mount = mkdtempSync(join(tmpdir(), "sallyport-full-"));
  t.after(() => rmSync(mount, { recursive: true, force: true }));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1M", "tmpfs", mount], { stdio: "ignore" });
  } catch {
    t.skip("nobody but root can mount a small disk");
    return;
  }
  try {
    const ground = makeGround({}, mount);
    await upload(ground.disk, "/f", "old");
    const before = await ground.disk.statfs("/");
    await assertFullDiskKeepsTheOldFile(ground);
    assert.equal((await ground.disk.statfs("/")).freeBlocks, before.freeBlocks);
    rmSync(join(ground.root, ".."), { recursive: true });
    while (descriptorsBelow(mount).length > 0) await pause(20);
  } finally {
    execFileSync("umount", [mount]);
  }
});
