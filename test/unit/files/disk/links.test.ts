import assert from "node:assert/strict";
import { readlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { list, makeGround, upload } from "./ground.ts";

test("inside: a relative link is kept as it is, one that leads out is not made", async () => {
  const { disk, root } = makeGround();
  await disk.mkdir("/a", {});
  await disk.mkdir("/a/b", {});
  for (const [number, target] of ["f", "../f", "../../f", "./b/../../../f", "nowhere/./x/"].entries()) {
    await disk.symlink(target, `/a/b/l${number}`);
    assert.equal(readlinkSync(join(root, "a", "b", `l${number}`)), target);
  }
  for (const target of ["../../../f", "../../../jail/f", "b/../../../../f", "../../.."]) {
    await assert.rejects(async () => disk.symlink(target, "/a/b/out"), {
      code: "PERMISSION_DENIED",
      message: "The link would lead out of the files that are served",
    });
  }
  // In a directory that is reached by a link, it counts where that one lies.
  await disk.symlink("a/b", "/near");
  await disk.symlink("../../f", "/near/l");
  await disk.symlink("/", "/a/b/root-link");
  await disk.symlink("a/b", "/a/b/deep");
  await assert.rejects(async () => disk.symlink("../f", "/l"), { code: "PERMISSION_DENIED" });
});

test("inside: an absolute link leads to the same for other programs", async () => {
  const { disk, root } = makeGround();
  await disk.mkdir("/a", {});
  await upload(disk, "/f", "x");
  for (const [target, kept] of [
    ["/f", "../f"],
    ["/", ".."],
    ["/../../etc/passwd", "../etc/passwd"],
    ["/a/./b/../c", "../a/c"],
  ] as const) {
    await disk.symlink(target, "/a/l");
    assert.equal(readlinkSync(join(root, "a", "l")), kept);
    await disk.unlink("/a/l");
  }
  await disk.symlink("/", "/self");
  assert.equal(readlinkSync(join(root, "self")), ".");
  assert.deepEqual(await list(disk, "/self"), ["a", "f", "self"]);
});

test("any: links are kept as they are given, and lead nowhere outside", async () => {
  const { disk, root } = makeGround({ links: "any" });
  await disk.symlink("/etc/passwd", "/l");
  await disk.symlink("../../../etc/passwd", "/m");
  assert.equal(readlinkSync(join(root, "l")), "/etc/passwd");
  assert.equal(await disk.readlink("/m"), "../../../etc/passwd");
  await assert.rejects(async () => disk.stat("/l"), { code: "NOT_FOUND" });
  await assert.rejects(async () => disk.stat("/m"), { code: "NOT_FOUND" });
});

test("none: no link is made", async () => {
  const { disk } = makeGround({ links: "none" });
  await assert.rejects(async () => disk.symlink("f", "/l"), { code: "PERMISSION_DENIED" });
  await assert.rejects(async () => disk.symlink("", "/l"), { code: "INVALID" });
});
