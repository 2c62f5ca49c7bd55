import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { decodePath, directory } from "../../../../src/files/index.ts";
import type { FileError } from "../../../../src/files/index.ts";
import { download, DOWNLOAD, list, makeGround, upload, UPLOAD } from "./ground.ts";

test("a link that somebody left leads nowhere outside, however it is used", async () => {
  const { disk, root, outside } = makeGround();
  writeFileSync(join(outside, "secret"), "TOP-SECRET");
  const name = basename(outside);
  const targets = [
    outside,
    join(outside, "secret"),
    `../${name}`,
    `../${name}/secret`,
    `../../../../../../..${outside}`,
  ];
  targets.push("/proc/self/root", "/proc/self/cwd", `d/../../${name}`, `./../${name}/./secret`, `..//${name}`);
  mkdirSync(join(root, "d"));
  for (const [index, target] of targets.entries()) symlinkSync(target, join(root, `l${index}`));
  for (const index of targets.keys()) {
    for (const path of [`/l${index}`, `/l${index}/secret`, `/l${index}${outside}/secret`]) {
      for (const attempt of [
        () => download(disk, path),
        () => disk.open(path, { ...UPLOAD, create: false }, {}),
        () => disk.setstat(path, { mode: 0o777 }),
        () => disk.localDirectory(path),
        () => list(disk, path),
        () => disk.mkdir(`${path}/made`, {}),
        () => disk.link(`${path}/secret`, `/hard-${index}`),
        () => disk.rename(`${path}/secret`, `/got-${index}`, { replace: true }),
        () => disk.unlink(`${path}/secret`),
      ]) {
        await assert.rejects(
          async () => attempt(),
          { name: "FileError" },
          `${targets[index]} ${path} ${String(attempt)}`,
        );
      }
    }
  }
  assert.deepEqual(readdirSync(outside), ["secret"]);
  assert.equal(readFileSync(join(outside, "secret"), "utf8"), "TOP-SECRET");
});

test("a link is followed below the root as if the root were all there is", async () => {
  const { disk, root } = makeGround();
  mkdirSync(join(root, "a", "b"), { recursive: true });
  writeFileSync(join(root, "a", "b", "f"), "inside");
  for (const [name, target] of [
    ["absolute", "/a/b"],
    ["climbing", "../../../../a/b"],
    ["by-way", "a/../a/./b//"],
    ["to-link", "absolute"],
    ["up", "a/b/.."],
  ] as const) {
    symlinkSync(target, join(root, name));
  }
  for (const path of ["/absolute/f", "/climbing/f", "/by-way/f", "/to-link/f", "/up/b/f"]) {
    assert.equal(await download(disk, path), "inside", path);
    assert.equal(await disk.realpath(path), "/a/b/f");
  }
  assert.equal(await disk.realpath("/up"), "/a");
  assert.equal(await disk.realpath("/to-link/not-yet"), "/a/b/not-yet");
  assert.deepEqual(await list(disk, "/climbing"), ["f"]);
});

test("a link of another program's, by the root's own path, leads there and does not tell it", async () => {
  const { disk, root, outside } = makeGround();
  await disk.mkdir("/d", {});
  await upload(disk, "/d/f", "inside");
  symlinkSync(join(root, "d"), join(root, "l"));
  symlinkSync(root, join(root, "d", "top"));
  symlinkSync(outside, join(root, "evil"));
  assert.equal(await disk.readlink("/l"), "/d");
  assert.equal(await disk.readlink("/d/top"), "/");
  assert.equal(await download(disk, "/l/top/l/f"), "inside");
  assert.equal(await disk.readlink("/evil"), outside);
  await assert.rejects(async () => list(disk, "/evil"), { code: "NOT_FOUND" });
});

test("a link after which comes `..` goes up from where it led to", async () => {
  const { disk, root } = makeGround();
  mkdirSync(join(root, "x", "y"), { recursive: true });
  writeFileSync(join(root, "x", "f"), "of x");
  symlinkSync("x/y", join(root, "l"));
  symlinkSync("l/../f", join(root, "m"));
  assert.equal(await download(disk, "/m"), "of x");
});

test("links that lead to links without an end are an error, and so is a way that is too long", async () => {
  const { disk, root } = makeGround();
  symlinkSync("b", join(root, "a"));
  symlinkSync("a", join(root, "b"));
  symlinkSync("self/self/self", join(root, "self"));
  for (const path of ["/a", "/a/f", "/self", "/self/f"]) {
    await assert.rejects(async () => disk.stat(path), { code: "LOOP" });
    await assert.rejects(async () => disk.open(path, UPLOAD, {}), { code: "LOOP" });
  }
  mkdirSync(join(root, "d"));
  for (let number = 0; number < 39; number++) {
    symlinkSync(`${"d/../".repeat(780)}${number === 0 ? "d" : `n${number - 1}`}`, join(root, `n${number}`));
  }
  await assert.rejects(async () => disk.stat("/n38"), { code: "LOOP" });
  assert.equal((await disk.stat("/n0")).type, "directory");
});

test("a deep path is walked to its end", async () => {
  const { disk } = makeGround();
  let path = "";
  for (let depth = 0; depth < 400; depth++) {
    path += "/123456789";
    await disk.mkdir(path, {});
  }
  await upload(disk, `${path}/f`, "deep");
  assert.equal(await download(disk, `${path}/f`), "deep");
  assert.equal(await disk.realpath(`${path}/f`), `${path}/f`);
});

test("no answer and no error tells where the root lies, or whether something is there outside", async () => {
  const { disk, root, outside } = makeGround();
  writeFileSync(join(outside, "secret"), "TOP-SECRET");
  symlinkSync(join(outside, "secret"), join(root, "there"));
  symlinkSync(join(outside, "nothing"), join(root, "not-there"));
  symlinkSync(`..${root}/..`, join(root, "own"));
  const messages = new Set<string>();
  for (const path of ["/there", "/not-there", "/own/jail", "/own"]) {
    for (const attempt of [() => disk.stat(path), () => disk.open(path, DOWNLOAD, {}), () => list(disk, path)]) {
      await assert.rejects(
        async () => attempt(),
        (error: FileError) => messages.add(`${error.code} ${error.message}`) !== undefined,
      );
    }
  }
  assert.deepEqual([...messages], ["NOT_FOUND No such file or directory"]);
  assert.equal(await disk.realpath("/"), "/");
});

test("a root that begins like another's name is not that other", async () => {
  const { root, outside } = makeGround();
  writeFileSync(join(outside, "secret"), "TOP-SECRET");
  // jail and jail_evil
  assert.ok(outside.startsWith(root));
  const disk = directory(root);
  symlinkSync(outside, join(root, "l"));
  await assert.rejects(async () => disk.stat("/l/secret"), { code: "NOT_FOUND" });
});

test("a path that is not normalised, which nobody should hand on, is refused", async () => {
  const { disk, outside } = makeGround();
  await disk.mkdir("/d", {});
  const name = basename(outside);
  for (const path of ["_evil", "", `/../${name}`, "/..", "/d/../..", "/d/", "/./d", "/d/../../x/y", "/d\0"]) {
    await assert.rejects(async () => disk.stat(path), { name: "FileError" }, path);
    await assert.rejects(async () => disk.mkdir(path, {}), { name: "FileError" }, path);
    await assert.rejects(async () => list(disk, `${path}/x`), { name: "FileError" }, path);
  }
});

test("a root in whose place a link was put since is not followed", async () => {
  const { disk, root, outside } = makeGround();
  await upload(disk, "/f", "x");
  writeFileSync(join(outside, "f"), "TOP-SECRET");
  renameSync(root, `${root}.away`);
  symlinkSync(outside, root);
  await assert.rejects(async () => disk.stat("/f"), { name: "FileError" });
  await assert.rejects(async () => download(disk, "/f"), { name: "FileError" });
});

test("a name with U+FFFD is not taken for one that is not UTF-8", async () => {
  const { disk, root } = makeGround();
  await disk.mkdir("/\ufffd", {});
  await upload(disk, "/\ufffd/f", "one");
  await disk.mkdir(`/${decodePath(Uint8Array.of(0xff))}`, {});
  await upload(disk, `/${decodePath(Uint8Array.of(0xff))}/f`, "two");
  for (let count = 0; count < 3; count++) {
    assert.equal(await download(disk, "/\ufffd/f"), "one");
    assert.equal(await download(disk, `/${decodePath(Uint8Array.of(0xff))}/f`), "two");
  }
  await disk.rename("/\ufffd", "/away", { replace: false });
  await disk.rename(`/${decodePath(Uint8Array.of(0xff))}`, "/\ufffd", { replace: false });
  assert.equal(await download(disk, "/\ufffd/f"), "two");
  assert.ok(existsSync(join(root, "\ufffd")));
});

test("a directory that took the name of another is the one that is meant from then on", async () => {
  const { disk } = makeGround();
  for (const name of ["a", "b"]) {
    await disk.mkdir(`/${name}`, {});
    await upload(disk, `/${name}/f`, name);
  }
  assert.equal(await download(disk, "/a/f"), "a");
  await disk.rename("/a", "/c", { replace: false });
  await disk.rename("/b", "/a", { replace: false });
  assert.equal(await download(disk, "/a/f"), "b");
  await disk.unlink("/a/f");
  await disk.rmdir("/a");
  await assert.rejects(async () => upload(disk, "/a/f", "x"), { code: "NOT_FOUND" });
  await disk.mkdir("/a", {});
  await upload(disk, "/a/f", "new");
  assert.equal(await download(disk, "/a/f"), "new");
});

test("two directories of which one lies in the other do not take each other's for theirs", async () => {
  const { disk: all, root } = makeGround();
  for (const path of ["sub", "box/sub", "box/box/sub"]) {
    mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, path, "f"), path);
  }
  const box = directory(join(root, "box"));
  for (let turn = 0; turn < 2; turn++) {
    await box.stat("/sub/f");
    assert.equal(await download(all, "/sub/f"), "sub");
    assert.equal(await download(all, "/box/sub/f"), "box/sub");
    assert.equal(await all.realpath("/box/sub/f"), "/box/sub/f");
    assert.equal(await download(box, "/box/sub/f"), "box/box/sub");
    assert.equal(await download(box, "/sub/f"), "box/sub");
    assert.equal(await box.realpath("/sub/f"), "/sub/f");
  }
});
