import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { directory, decodePath } from "../../../../src/files/index.ts";
import { descriptorsBelow, download, DOWNLOAD, list, makeGround, RESUME, upload, UPLOAD } from "./ground.ts";

test("what is uploaded is what is read, here and on the disk", async () => {
  const { disk, root } = makeGround();
  await upload(disk, "/greeting", "hello");
  assert.equal(await download(disk, "/greeting"), "hello");
  assert.equal(readFileSync(join(root, "greeting"), "utf8"), "hello");
});

test("a read gives what there is, from anywhere, and nothing behind the end", async () => {
  const { disk } = makeGround();
  await upload(disk, "/f", "0123456789");
  const file = await disk.open("/f", DOWNLOAD, {});
  const buffer = Buffer.alloc(4);
  assert.equal(await file.read!(buffer, 3), 4);
  assert.equal(buffer.toString(), "3456");
  assert.equal(await file.read!(buffer, 8), 2);
  assert.equal(await file.read!(buffer, 10), 0);
  assert.equal(await file.read!(buffer, 2 ** 40), 0);
  await file.close();
});

test("a handle has what it was opened for: read, write or both", async () => {
  const { disk } = makeGround();
  await upload(disk, "/f", "x");
  const files = [
    await disk.open("/f", DOWNLOAD, {}),
    await disk.open("/f", RESUME, {}),
    await disk.open("/f", { ...RESUME, read: true }, {}),
  ];
  assert.deepEqual(
    files.map((file) => [typeof file.read, typeof file.write]),
    [
      ["function", "undefined"],
      ["undefined", "function"],
      ["function", "function"],
    ],
  );
  for (const file of files) await file.close();
});

test("the flags mean what they mean to open(2)", async () => {
  const { disk } = makeGround();
  await assert.rejects(async () => disk.open("/f", RESUME, {}), { code: "NOT_FOUND" });
  await assert.rejects(async () => disk.open("/f", { ...UPLOAD, create: false }, {}), { code: "NOT_FOUND" });
  await upload(disk, "/f", "0123456789");
  await assert.rejects(async () => disk.open("/f", { ...UPLOAD, exclusive: true }, {}), { code: "EXISTS" });
  const file = await disk.open("/f", { ...RESUME, append: true }, {});
  await file.write!(Buffer.from("ab"), 0);
  await file.close();
  assert.equal(await download(disk, "/f"), "0123456789ab");
  const kept = await disk.open("/f", { ...RESUME, create: true }, {});
  await kept.write!(Buffer.from("--"), 4);
  await kept.close();
  assert.equal(await download(disk, "/f"), "0123--6789ab");
});

test("a file with a hole takes no room for it, and reads as zeros there", async () => {
  const { disk, root } = makeGround();
  const file = await disk.open("/sparse", UPLOAD, {});
  await file.write!(Buffer.from("end"), 2 ** 33 + 7);
  const buffer = Buffer.alloc(8, 1);
  await file.close();
  const again = await disk.open("/sparse", DOWNLOAD, {});
  assert.equal(await again.read!(buffer, 2 ** 32), 8);
  assert.deepEqual(buffer, Buffer.alloc(8));
  assert.equal(await again.read!(buffer, 2 ** 33 + 7), 3);
  await again.close();
  assert.equal((await disk.stat("/sparse")).size, 2 ** 33 + 10);
  assert.ok(statSync(join(root, "sparse")).blocks < 1000);
});

test("attributes are those of the disk, times with the parts of a second", async () => {
  const { disk, root } = makeGround();
  writeFileSync(join(root, "f"), "12345");
  chmodSync(join(root, "f"), 0o640);
  utimesSync(join(root, "f"), 1_600_000_000.5, 1_700_000_000.5);
  const { identity, ...attributes } = await disk.stat("/f");
  const { uid, gid, dev, ino } = statSync(join(root, "f"), { bigint: true });
  assert.deepEqual(attributes, {
    type: "file",
    size: 5,
    mode: 0o640,
    uid: Number(uid),
    gid: Number(gid),
    atime: 1_600_000_000.5,
    mtime: 1_700_000_000.5,
    nlink: 1,
  });
  assert.equal(identity, `${dev}:${ino}`);
  assert.equal((await disk.stat("/")).type, "directory");
});

test("size, mode and times are changed by name, by handle and of a link itself", async () => {
  const { disk, root } = makeGround();
  await upload(disk, "/f", "0123456789");
  await disk.symlink("f", "/l");
  await disk.setstat("/l", { size: 4, mode: 0o600, mtime: 1000.5 });
  const { size, mode, mtime } = await disk.stat("/f");
  assert.deepEqual([size, mode, mtime], [4, 0o600, 1000.5]);
  await disk.lsetstat("/l", { atime: 5, mtime: 7 });
  assert.equal((await disk.lstat("/l")).mtime, 7);
  assert.equal((await disk.stat("/f")).mtime, 1000.5);
  await assert.rejects(async () => disk.lsetstat("/l", { mode: 0o600 }), { code: "UNSUPPORTED" });
  const file = await disk.open("/f", RESUME, {});
  await file.setstat!({ size: 2, mode: 0o644, atime: 3, mtime: 4 });
  const changed = await file.stat();
  await file.close();
  assert.deepEqual([changed.size, changed.mode, changed.atime, changed.mtime], [2, 0o644, 3, 4]);
  await disk.setstat("/f", { mtime: 9 });
  assert.equal(statSync(join(root, "f")).atimeMs, 3000);
  await assert.rejects(async () => disk.setstat("/", { size: 1 }), { code: "IS_A_DIRECTORY" });
});

test("no file is setuid or setgid by a client, and a directory keeps what it was set up with", async () => {
  const { disk, root } = makeGround();
  await upload(disk, "/f", "x", 0o6755);
  assert.equal(statSync(join(root, "f")).mode & 0o7000, 0);
  await disk.setstat("/f", { mode: 0o7755 });
  assert.equal(statSync(join(root, "f")).mode & 0o7777, 0o755);
  await disk.mkdir("/d", { mode: 0o7755 });
  assert.equal(statSync(join(root, "d")).mode & 0o7000, 0);
  chmodSync(join(root, "d"), 0o2750);
  await disk.setstat("/d", { mode: 0o4755 });
  assert.equal(statSync(join(root, "d")).mode & 0o7777, 0o2755);
});

test("the umask of the options is taken off what is new, and nothing else", async () => {
  const { disk, root } = makeGround({ umask: 0o077 });
  await upload(disk, "/f", "x", 0o666);
  await disk.mkdir("/d", {});
  assert.equal(statSync(join(root, "f")).mode & 0o777, 0o600);
  assert.equal(statSync(join(root, "d")).mode & 0o777, 0o700);
  await disk.setstat("/f", { mode: 0o644 });
  assert.equal(statSync(join(root, "f")).mode & 0o777, 0o644);
});

test("the owner stays, unless it may be changed; nothing else of such a request is done", async () => {
  const { disk, root } = makeGround();
  await upload(disk, "/f", "123", 0o644);
  const { uid = 0, gid = 0 } = await disk.stat("/f");
  await disk.setstat("/f", { uid, gid, mode: 0o600 });
  await assert.rejects(async () => disk.setstat("/f", { uid: uid + 1, gid, mode: 0o666, size: 0 }), {
    code: "PERMISSION_DENIED",
    message: "The owner cannot be changed here",
  });
  const { mode, size } = await disk.stat("/f");
  assert.deepEqual([mode, size], [0o600, 3]);
  const free = directory(root, { allowOwnerChanges: true });
  // Who is not root cannot give a file away, whatever the option says.
  const given = free.setstat("/f", { uid: uid + 1, gid });
  if (uid === 0) {
    await given;
    assert.equal(statSync(join(root, "f")).uid, 1);
  } else await assert.rejects(async () => given, { code: "PERMISSION_DENIED" });
});

test("directories are made and removed, and the errors say why not", async () => {
  const { disk } = makeGround();
  await disk.mkdir("/d", {});
  await upload(disk, "/d/f", "x");
  await assert.rejects(async () => disk.mkdir("/d", {}), { code: "EXISTS" });
  await assert.rejects(async () => disk.rmdir("/d"), { code: "NOT_EMPTY" });
  await assert.rejects(async () => disk.unlink("/d"), { code: "IS_A_DIRECTORY" });
  await assert.rejects(async () => disk.rmdir("/d/f"), { code: "NOT_A_DIRECTORY" });
  await assert.rejects(async () => disk.open("/d", DOWNLOAD, {}), { code: "IS_A_DIRECTORY" });
  await assert.rejects(async () => disk.open("/d", UPLOAD, {}), { code: "IS_A_DIRECTORY" });
  await assert.rejects(async () => disk.stat("/d/f/below"), { code: "NOT_A_DIRECTORY" });
  await assert.rejects(async () => list(disk, "/d/f"), { code: "NOT_A_DIRECTORY" });
  await assert.rejects(async () => list(disk, "/no"), { code: "NOT_FOUND" });
  await disk.unlink("/d/f");
  await disk.rmdir("/d");
  assert.deepEqual(await list(disk, "/"), []);
});

test("the root itself can be looked at and listed, and neither removed, moved nor replaced", async () => {
  const { disk, root } = makeGround();
  await upload(disk, "/f", "x");
  assert.equal((await disk.lstat("/")).type, "directory");
  assert.equal(await disk.realpath("/"), "/");
  for (const attempt of [
    () => disk.rmdir("/"),
    () => disk.unlink("/"),
    () => disk.rename("/", "/x", { replace: true }),
    () => disk.rename("/f", "/", { replace: true }),
    () => disk.mkdir("/", {}),
    () => disk.symlink("f", "/"),
    () => disk.link("/f", "/"),
    () => disk.open("/", UPLOAD, {}),
  ]) {
    await assert.rejects(async () => attempt(), { name: "FileError" });
  }
  assert.deepEqual(readdirSync(root), ["f"]);
});

test("a rename takes no name that there is, unless it is to replace it", async () => {
  const { disk } = makeGround();
  await upload(disk, "/a", "a");
  await upload(disk, "/b", "b");
  await disk.mkdir("/d", {});
  await disk.mkdir("/e", {});
  await assert.rejects(async () => disk.rename("/a", "/b", { replace: false }), { code: "EXISTS" });
  await assert.rejects(async () => disk.rename("/d", "/e", { replace: false }), { code: "EXISTS" });
  await assert.rejects(async () => disk.rename("/d", "/d/in", { replace: false }), { code: "INVALID" });
  await assert.rejects(async () => disk.rename("/no", "/new", { replace: false }), { code: "NOT_FOUND" });
  await disk.rename("/a", "/b", { replace: true });
  assert.equal(await download(disk, "/b"), "a");
  await disk.rename("/b", "/d/c", { replace: false });
  await disk.symlink("c", "/d/l");
  await disk.rename("/d", "/f", { replace: false });
  await disk.rename("/f/l", "/f/m", { replace: false });
  assert.deepEqual(await list(disk, "/f"), ["c", "m"]);
  assert.equal(await disk.readlink("/f/m"), "c");
  assert.equal(await download(disk, "/f/m"), "a");
});

test("two names of one file are one file", async () => {
  const { disk } = makeGround();
  await upload(disk, "/a", "x");
  await disk.link("/a", "/b");
  const [a, b] = [await disk.stat("/a"), await disk.stat("/b")];
  assert.equal(a.identity, b.identity);
  assert.equal(b.nlink, 2);
  await assert.rejects(async () => disk.link("/a", "/b"), { code: "EXISTS" });
});

test("pipes, sockets and devices are listed as such, and neither opened nor changed", async (t: TestContext) => {
  const { disk, root } = makeGround();
  execFileSync("mkfifo", [join(root, "pipe")]);
  const server = createServer().listen(join(root, "socket"));
  t.after(() => server.close());
  const names = ["pipe", "socket"];
  // Only root makes devices, and not in every container.
  if (process.getuid?.() === 0) {
    try {
      execFileSync("mknod", [join(root, "zero"), "c", "1", "5"], { stdio: "ignore" });
      names.push("zero");
    } catch {
      t.diagnostic("no device could be made");
    }
  }
  for (const name of names) {
    assert.equal((await disk.stat(`/${name}`)).type, "other");
    for (const flags of [DOWNLOAD, RESUME, UPLOAD]) {
      await assert.rejects(async () => disk.open(`/${name}`, flags, {}), { code: "PERMISSION_DENIED" }, name);
    }
    await assert.rejects(async () => disk.setstat(`/${name}`, { size: 0 }), { code: "PERMISSION_DENIED" });
    await assert.rejects(async () => disk.setstat(`/${name}`, { mode: 0o666 }), { code: "PERMISSION_DENIED" });
  }
});

test("names that are not UTF-8 are the same bytes on the disk and back", async () => {
  const { disk, root } = makeGround();
  const bytes = Buffer.concat([Buffer.from("caf"), Buffer.from([0xe9, 0xff])]);
  const name = decodePath(bytes);
  await disk.mkdir(`/${name}`, {});
  await upload(disk, `/${name}/${name}`, "x");
  await upload(disk, "/\u{1f600}\ufffd", "y");
  assert.deepEqual(
    readdirSync(join(root, "."), { encoding: "buffer" }).toSorted((a, b) => Buffer.compare(a, b)),
    [bytes, Buffer.from("\u{1f600}\ufffd")],
  );
  assert.deepEqual(await list(disk, `/${name}`), [name]);
  assert.equal(await download(disk, `/${name}/${name}`), "x");
  assert.equal(await download(disk, "/\u{1f600}\ufffd"), "y");
  await disk.symlink(name, "/l");
  assert.equal(await disk.readlink("/l"), name);
  assert.equal(await disk.realpath(`/l/${name}`), `/${name}/${name}`);
});

test("how full the disk is comes from the disk", async () => {
  const { disk } = makeGround();
  await upload(disk, "/f", "x");
  const usage = await disk.statfs("/f");
  assert.ok(usage.blockSize > 0 && usage.blocks > usage.freeBlocks && usage.freeBlocks >= usage.availableBlocks);
  const file = await disk.open("/f", DOWNLOAD, {});
  assert.equal((await file.statfs!()).blocks, usage.blocks);
  await file.close();
});

test("a local directory is what the path led to, whatever becomes of the path, until it is closed", async () => {
  const { disk, root, outside } = makeGround();
  await disk.mkdir("/d", {});
  await upload(disk, "/d/f", "inside");
  const local = await disk.localDirectory("/d");
  await disk.rename("/d", "/moved", { replace: false });
  symlinkSync(outside, join(root, "d"));
  assert.equal(execFileSync("cat", [join(local.path, "f")], { encoding: "utf8" }), "inside");
  await local.close();
  await local.close();
  await assert.rejects(async () => disk.localDirectory("/moved/f"), { code: "NOT_A_DIRECTORY" });
});

test("a file is closed only when what runs on it has ended", async () => {
  const { disk, root } = makeGround();
  await upload(disk, "/f", "x".repeat(1000));
  await upload(disk, "/other", "y".repeat(1000));
  const file = await disk.open("/f", DOWNLOAD, {});
  const buffers = Array.from({ length: 50 }, () => Buffer.alloc(1000));
  const reads = buffers.map(async (buffer) => file.read!(buffer, 0));
  const closed = file.close();
  await assert.rejects(async () => file.read!(Buffer.alloc(1), 0), { code: "FAILURE", message: "The file is closed" });
  const other = await disk.open("/other", DOWNLOAD, {});
  assert.deepEqual(new Set(await Promise.all(reads)), new Set([1000]));
  await closed;
  await file.close();
  await other.close();
  assert.ok(buffers.every((buffer) => buffer.toString() === "x".repeat(1000)));
  assert.deepEqual(
    descriptorsBelow(root).filter((path) => path !== root),
    [],
  );
});

test("no descriptor stays open: not after errors, not of listings that are left, and not of directories for long", async () => {
  const { disk, root } = makeGround();
  await disk.mkdir("/d", {});
  for (let count = 0; count < 300; count++) {
    await upload(disk, `/d/f${count}`, "x");
    await download(disk, `/d/f${count}`);
    await assert.rejects(async () => disk.open(`/d/f${count}/x`, UPLOAD, {}));
    await assert.rejects(async () => disk.open("/d", UPLOAD, {}));
    for await (const { name } of disk.readdir("/d")) {
      assert.ok(name);
      break;
    }
  }
  while (descriptorsBelow(root).length > 0) await pause(50);
});

test("more directories than are kept open at a time", async () => {
  const { disk, root } = makeGround();
  for (let count = 0; count < 200; count++) {
    mkdirSync(join(root, `d${count}`));
    writeFileSync(join(root, `d${count}`, "f"), String(count));
  }
  const sizes = await Promise.all(Array.from({ length: 200 }, async (_, count) => download(disk, `/d${count}/f`)));
  assert.deepEqual(
    sizes,
    Array.from({ length: 200 }, (_, count) => String(count)),
  );
  assert.ok(descriptorsBelow(root).length <= 64);
});
