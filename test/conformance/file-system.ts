import assert from "node:assert/strict";
import test from "node:test";
import type { TestContext } from "node:test";
import type { Awaitable } from "../../src/index.ts";
import { decodePath } from "../../src/files/index.ts";
import type { DirectoryEntry, FileErrorCode, FileHandle, FileSystem } from "../../src/files/index.ts";
import { BOTH, content, CREATE, list, put, READ, read, WRITE } from "./files.ts";

/** A file system that can do all that there is. */
type Whole = Required<Omit<FileSystem, "localDirectory" | "userName" | "groupName">>;

/** What is to be tested. */
export interface Backend {
  readonly name: string;
  /** An empty one. What it needs is taken away after the test. */
  readonly make: (t: TestContext) => Awaitable<Whole>;
}

const REPLACE = { replace: true };
const KEEP = { replace: false };

/** The one suite that every file system with names, links and attributes passes: what the interface says, method by method. */
export function testFileSystem({ name, make }: Backend): void {
  const check = (title: string, body: (files: Whole) => Promise<void>): void => {
    test(`${name}: ${title}`, async (t) => body(await make(t)));
  };

  check("the root is an empty directory", async (files) => {
    assert.equal((await files.stat("/")).type, "directory");
    assert.equal((await files.lstat("/")).type, "directory");
    assert.deepEqual(await list(files, "/"), []);
    assert.equal(await files.realpath("/"), "/");
  });

  check("what is not there is NOT_FOUND, and what lies in a file NOT_A_DIRECTORY", async (files) => {
    await put(files, "/file", "");
    const asks: readonly ((path: string) => Awaitable<unknown>)[] = [
      (path) => files.stat(path),
      (path) => files.lstat(path),
      (path) => files.open(path, READ, {}),
      (path) => list(files, path),
      (path) => files.unlink(path),
      (path) => files.rmdir(path),
      (path) => files.readlink(path),
      (path) => files.setstat(path, { mode: 0o600 }),
      (path) => files.lsetstat(path, { atime: 1, mtime: 1 }),
      (path) => files.rename(path, "/new", KEEP),
      (path) => files.rename(path, "/new", REPLACE),
      (path) => files.link(path, "/new"),
    ];
    for (const [at, ask] of asks.entries()) {
      for (const path of ["/none", "/none/below"]) await refuses("NOT_FOUND", () => ask(path), `${at} ${path}`);
      await refuses("NOT_A_DIRECTORY", () => ask("/file/below"), String(at));
    }
    for (const make of [
      () => files.mkdir("/none/new", {}),
      () => files.symlink("x", "/none/new"),
      () => files.open("/none/new", CREATE, {}),
      () => files.link("/file", "/none/new"),
      () => files.rename("/file", "/none/new", REPLACE),
    ]) {
      await refuses("NOT_FOUND", make);
    }
  });

  check("bytes are read where they were written", async (files) => {
    const handle = await files.open("/file", BOTH, {});
    await handle.write!(Buffer.from("Hello, world"), 0);
    await handle.write!(Buffer.from("W"), 7);
    assert.equal(await read(handle, 0, 100), "Hello, World");
    assert.equal(await read(handle, 7, 3), "Wor");
    assert.equal(await read(handle, 12, 10), "");
    assert.equal(await read(handle, 2 ** 40, 10), "");
    await handle.close();
    assert.equal(await content(files, "/file"), "Hello, World");
  });

  check("a large file is what was written, in pieces of any length, several at once", async (files) => {
    const all = Buffer.alloc(1_000_003, "0123456789abc");
    const handle = await files.open("/large", BOTH, {});
    const pieces: Promise<void>[] = [];
    for (let at = 0, length = 1; at < all.length; at += length, length = 1 + ((length * 3) % 70_001)) {
      pieces.push(Promise.resolve(handle.write!(all.subarray(at, at + length), at)));
    }
    await Promise.all(pieces);
    const positions = [0, 65_535, 65_536, 500_000];
    const parts = await Promise.all(positions.map((at) => read(handle, at, 200_000)));
    for (const [at, position] of positions.entries()) {
      assert.ok(parts[at] === all.toString("latin1", position, position + 200_000), `the bytes from ${position} on`);
    }
    assert.equal((await handle.stat()).size, all.length);
    await handle.close();
    assert.ok((await content(files, "/large")) === all.toString());
  });

  check("what was never written is zeros", async (files) => {
    const far = 2 ** 33 + 7;
    const handle = await files.open("/sparse", BOTH, {});
    await handle.write!(Buffer.from("begin"), 0);
    await handle.write!(Buffer.from("end"), far);
    assert.equal((await handle.stat()).size, far + 3);
    assert.equal(await read(handle, 3, 4), "in\0\0");
    assert.equal(await read(handle, far - 2, 100), "\0\0end");
    assert.equal(await read(handle, 2 ** 32, 3), "\0\0\0");
    await handle.close();
  });

  check("a file is cut off and lengthened, by its path and by its handle", async (files) => {
    await put(files, "/file", "0123456789");
    await files.setstat("/file", { size: 4 });
    await files.setstat("/file", { size: 6 });
    assert.equal(await content(files, "/file"), "0123\0\0");
    const handle = await files.open("/file", WRITE, {});
    await handle.setstat!({ size: 2 });
    await handle.close();
    assert.equal(await content(files, "/file"), "01");
    await files.mkdir("/dir", {});
    await refuses("IS_A_DIRECTORY", () => files.setstat("/dir", { size: 0 }));
  });

  check("open makes, keeps, empties and appends as its flags say", async (files) => {
    await refuses("NOT_FOUND", () => files.open("/file", WRITE, {}));
    await put(files, "/file", "old");
    await refuses("EXISTS", () => files.open("/file", { ...CREATE, exclusive: true }, {}));
    await (await files.open("/file", CREATE, {})).close();
    assert.equal(await content(files, "/file"), "old");
    const appending = await files.open("/file", { ...WRITE, append: true }, {});
    await appending.write!(Buffer.from("er"), 0);
    await appending.close();
    assert.equal(await content(files, "/file"), "older");
    await (await files.open("/file", { ...WRITE, truncate: true }, {})).close();
    assert.equal(await content(files, "/file"), "");
    await (await files.open("/new", { ...CREATE, exclusive: true }, { mode: 0o600 })).close();
    assert.equal((await files.stat("/new")).mode, 0o600);
    await files.mkdir("/dir", {});
    for (const flags of [READ, WRITE, CREATE]) {
      await refuses("IS_A_DIRECTORY", () => files.open("/dir", flags, {}));
    }
  });

  check("a handle holds its file, whatever becomes of the name", async (files) => {
    await put(files, "/file", "first");
    const handle = await files.open("/file", { ...READ, write: true }, {});
    await files.rename("/file", "/moved", KEEP);
    await put(files, "/file", "second");
    assert.equal(await read(handle, 0, 100), "first");
    await files.unlink("/moved");
    await handle.write!(Buffer.from("F"), 0);
    assert.equal(await read(handle, 0, 100), "First");
    assert.equal((await handle.stat()).size, 5);
    await handle.sync?.();
    await handle.close();
    assert.equal(await content(files, "/file"), "second");
  });

  check("directories are made and removed, when they are empty", async (files) => {
    await files.mkdir("/dir", { mode: 0o700 });
    assert.equal((await files.stat("/dir")).mode & 0o777, 0o700);
    await refuses("EXISTS", () => files.mkdir("/dir", {}));
    await put(files, "/dir/file", "");
    await refuses("EXISTS", () => files.mkdir("/dir/file", {}));
    await refuses("NOT_EMPTY", () => files.rmdir("/dir"));
    await refuses("NOT_A_DIRECTORY", () => files.rmdir("/dir/file"));
    await refuses("IS_A_DIRECTORY", () => files.unlink("/dir"));
    await files.unlink("/dir/file");
    await files.rmdir("/dir");
    await refuses("NOT_FOUND", () => files.stat("/dir"));
  });

  check("the root stays", async (files) => {
    await put(files, "/file", "x");
    for (const ask of [
      () => files.rmdir("/"),
      () => files.unlink("/"),
      () => files.rename("/", "/elsewhere", REPLACE),
      () => files.rename("/file", "/", REPLACE),
      () => files.rename("/file", "/", KEEP),
      () => files.mkdir("/", {}),
      () => files.symlink("x", "/"),
      () => files.link("/file", "/"),
    ]) {
      await assert.rejects(async () => ask(), { name: "FileError" });
    }
    assert.deepEqual(names(await list(files, "/")), ["file"]);
    assert.equal(await content(files, "/file"), "x");
  });

  check("a directory lists each entry once, with its own attributes, and neither . nor ..", async (files) => {
    await files.mkdir("/dir", {});
    for (let number = 0; number < 300; number++) await put(files, `/dir/file-${number}`, "x".repeat(number));
    await files.mkdir("/dir/sub", {});
    await files.symlink("file-7", "/dir/link");
    const entries = await list(files, "/dir");
    assert.equal(entries.length, 302);
    assert.equal(new Set(names(entries)).size, 302);
    const found = new Map(entries.map(({ name, attributes }) => [name, attributes]));
    assert.deepEqual([found.get("file-42")?.type, found.get("file-42")?.size], ["file", 42]);
    assert.equal(found.get("sub")?.type, "directory");
    assert.equal(found.get("link")?.type, "symlink");
    assert.equal(found.has(".") || found.has(".."), false);
    await refuses("NOT_A_DIRECTORY", () => list(files, "/dir/file-1"));
  });

  check("a directory may be left before its end, and emptied while it is read", async (files) => {
    for (let number = 0; number < 100; number++) await put(files, `/file-${number}`, "");
    for await (const _ of files.readdir("/")) break;
    for await (const { name } of files.readdir("/")) await files.unlink(`/${name}`);
    assert.deepEqual(await list(files, "/"), []);
  });

  check("names of any bytes survive", async (files) => {
    const given = [
      "plain",
      "with space",
      "größe",
      "日本語",
      "e\u0301",
      "\u00e9",
      "line\nbreak\t\u001b[2J",
      "...",
      "-rf",
      "n".repeat(255),
      decodePath(Buffer.from("caf\u00e9\u00ff\u0080", "latin1")),
      decodePath(Buffer.from([0xed, 0xa0, 0x80])),
    ];
    for (const name of given) await put(files, `/${name}`, name.toWellFormed());
    assert.deepEqual(new Set(names(await list(files, "/"))), new Set(given));
    for (const name of given) {
      assert.equal(await content(files, `/${name}`), name.toWellFormed());
      assert.equal(await files.realpath(`/${name}`), `/${name}`);
      await files.unlink(`/${name}`);
    }
    assert.deepEqual(await list(files, "/"), []);
  });

  check("rename moves what is there, and replaces only when it is told to", async (files) => {
    await put(files, "/a", "a");
    await put(files, "/b", "b");
    await refuses("EXISTS", () => files.rename("/a", "/b", KEEP));
    await refuses("EXISTS", () => files.rename("/a", "/a", KEEP));
    assert.equal(await content(files, "/b"), "b");
    await files.rename("/a", "/b", REPLACE);
    assert.equal(await content(files, "/b"), "a");
    await refuses("NOT_FOUND", () => files.stat("/a"));
    await files.mkdir("/dir", {});
    await files.rename("/b", "/dir/c", KEEP);
    await files.rename("/dir", "/moved", KEEP);
    assert.equal(await content(files, "/moved/c"), "a");
    await files.rename("/moved/c", "/moved/c", REPLACE);
    assert.equal(await content(files, "/moved/c"), "a");
  });

  check("rename of directories obeys what they are", async (files) => {
    await files.mkdir("/dir", {});
    await files.mkdir("/dir/sub", {});
    await files.mkdir("/empty", {});
    await put(files, "/file", "");
    await refuses("INVALID", () => files.rename("/dir", "/dir/sub/below", REPLACE));
    await refuses("NOT_EMPTY", () => files.rename("/empty", "/dir", REPLACE));
    await refuses("IS_A_DIRECTORY", () => files.rename("/file", "/empty", REPLACE));
    await refuses("NOT_A_DIRECTORY", () => files.rename("/empty", "/file", REPLACE));
    await files.rename("/dir", "/empty", REPLACE);
    assert.deepEqual(names(await list(files, "/empty")), ["sub"]);
  });

  check("rename and unlink take a link, and not what it leads to", async (files) => {
    await put(files, "/file", "x");
    await files.symlink("/file", "/link");
    await files.rename("/link", "/other", KEEP);
    assert.equal((await files.lstat("/other")).type, "symlink");
    await files.unlink("/other");
    assert.equal(await content(files, "/file"), "x");
  });

  check("links are followed, told and read", async (files) => {
    await files.mkdir("/dir", {});
    await put(files, "/dir/file", "abc");
    await files.symlink("dir/file", "/relative");
    await files.symlink("/dir", "/absolute");
    await files.symlink("../dir/../absolute/file", "/dir/far");
    assert.equal(await files.readlink("/relative"), "dir/file");
    assert.deepEqual(
      [(await files.lstat("/relative")).type, (await files.stat("/relative")).type],
      ["symlink", "file"],
    );
    for (const path of ["/relative", "/absolute/file", "/dir/far", "/absolute/far"]) {
      assert.equal(await content(files, path), "abc", path);
      assert.equal(await files.realpath(path), "/dir/file", path);
    }
    assert.deepEqual(new Set(names(await list(files, "/absolute"))), new Set(["far", "file"]));
    await refuses("INVALID", () => files.readlink("/dir/file"));
    await refuses("EXISTS", () => files.symlink("x", "/relative"));
    assert.equal(await files.realpath("/dir/new"), "/dir/new");
  });

  check("links that lead nowhere, or to themselves, are no way through", async (files) => {
    await files.symlink("nowhere", "/dangling");
    await files.symlink("b", "/a");
    await files.symlink("a", "/b");
    assert.equal((await files.lstat("/dangling")).type, "symlink");
    await refuses("NOT_FOUND", () => files.stat("/dangling"));
    await refuses("NOT_FOUND", () => files.open("/dangling", READ, {}));
    await refuses("EXISTS", () => files.open("/dangling", { ...CREATE, exclusive: true }, {}));
    await refuses("EXISTS", () => files.mkdir("/dangling", {}));
    for (const path of ["/a", "/a/below"]) await refuses("LOOP", () => files.stat(path));
    await refuses("LOOP", () => files.open("/a", READ, {}));
  });

  check("no link leads above the root", async (files) => {
    await put(files, "/secret", "ours");
    await files.mkdir("/dir", {});
    for (const [at, target] of ["../../../../../..", "/", "/..", "../.."].entries()) {
      await files.symlink(target, `/dir/${at}`);
      assert.equal(await content(files, `/dir/${at}/secret`), "ours");
      assert.equal(await files.realpath(`/dir/${at}`), "/");
    }
  });

  check("a file has several names, and one content", async (files) => {
    await put(files, "/a", "abc");
    await files.mkdir("/dir", {});
    await files.link("/a", "/dir/b");
    const [a, b] = [await files.stat("/a"), await files.stat("/dir/b")];
    assert.deepEqual([a.nlink, b.nlink, a.identity === b.identity], [2, 2, true]);
    await put(files, "/c", "abc");
    assert.notEqual((await files.stat("/c")).identity, a.identity);
    const handle = await files.open("/a", WRITE, {});
    await handle.write!(Buffer.from("ABC"), 0);
    await handle.close();
    assert.equal(await content(files, "/dir/b"), "ABC");
    await refuses("EXISTS", () => files.link("/a", "/c"));
    await refuses("PERMISSION_DENIED", () => files.link("/dir", "/dir2"));
    await files.unlink("/a");
    assert.equal(await content(files, "/dir/b"), "ABC");
    assert.equal((await files.stat("/dir/b")).nlink, 1);
  });

  check("modes and times are kept, by path, by handle and on a link", async (files) => {
    await put(files, "/file", "");
    await files.symlink("file", "/link");
    await files.setstat("/link", { mode: 0o640, atime: 1_000_000_000, mtime: 1_100_000_000 });
    const { mode, atime, mtime } = await files.stat("/file");
    assert.deepEqual([mode, Math.trunc(atime!), Math.trunc(mtime!)], [0o640, 1_000_000_000, 1_100_000_000]);
    const handle = await files.open("/file", { ...READ, write: true }, {});
    await handle.setstat!({ mode: 0o600, atime: 7, mtime: 8 });
    const told = await handle.stat();
    assert.deepEqual([told.mode, Math.trunc(told.mtime!)], [0o600, 8]);
    await handle.close();
    await files.lsetstat("/link", { atime: 5, mtime: 6 });
    assert.equal(Math.trunc((await files.lstat("/link")).mtime!), 6);
    assert.equal(Math.trunc((await files.stat("/file")).mtime!), 8);
  });

  check("it tells how full it is", async (files) => {
    const { blockSize, blocks, freeBlocks, availableBlocks, entries, freeEntries } = await files.statfs("/");
    assert.ok(blockSize > 0 && blocks > 0);
    assert.ok(availableBlocks <= freeBlocks && freeBlocks <= blocks && freeEntries <= entries);
    await put(files, "/file", "");
    const handle: FileHandle = await files.open("/file", READ, {});
    assert.equal((await handle.statfs?.())?.blockSize ?? blockSize, blockSize);
    await handle.close();
  });
}

function names(entries: readonly DirectoryEntry[]): string[] {
  return entries.map(({ name }) => name);
}

async function refuses(code: FileErrorCode, ask: () => Awaitable<unknown>, what?: string): Promise<void> {
  await assert.rejects(async () => ask(), { name: "FileError", code }, what);
}
