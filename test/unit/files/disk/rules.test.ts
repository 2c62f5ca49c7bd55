import assert from "node:assert/strict";
import { existsSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { directory, serveFiles } from "../../../../src/files/index.ts";
import type { DirectoryOptions } from "../../../../src/files/index.ts";
import { Status } from "../../../../src/files/sftp/wire/numbers.ts";
import { serve } from "../../server/fake-door.ts";
import { sftpOn } from "../sftp-visitor.ts";
import { download, makeGround, upload } from "./ground.ts";

const { root, disk } = makeGround();

test("the root has to be a directory that is there", () => {
  writeFileSync(join(root, "file"), "");
  for (const wrong of [join(root, "nowhere"), join(root, "file"), "", 7 as unknown as string]) {
    assert.throws(() => directory(wrong), { name: "ConfigError", code: "BAD_OPTION" });
  }
});

test("the root may be given by a link, which is followed once", async () => {
  await upload(disk, "/f", "x");
  const link = join(root, "link");
  symlinkSync(root, link);
  assert.equal(await download(directory(link), "/f"), "x");
});

test("a root is made where the options say so, for its owner alone, and what is there stays as it is", async () => {
  const made = join(root, "made");
  const [first, second] = [directory(made, { create: true }), directory(made, { create: true })];
  assert.equal(statSync(made).mode & 0o777, 0o700);
  await upload(first, "/f", "y");
  assert.equal(await download(second, "/f"), "y");

  const nowhere = join(root, "no", "made");
  const dangling = join(root, "dangling");
  symlinkSync(join(root, "gone"), dangling);
  for (const wrong of [nowhere, dangling, join(root, "file")]) {
    assert.throws(() => directory(wrong, { create: true }), { code: "BAD_OPTION", message: /with create: true/ });
    assert.equal(existsSync(join(root, "gone")), false);
  }
  assert.equal(existsSync(join(root, "no")), false);
});

test("the whole machine can be the root", async () => {
  assert.equal(await download(directory("/"), join(root, "f")), "x");
});

test("owners have the names that the app gives them, and else none", async (t) => {
  const names = new Map([
    ["user 0", "ada"],
    ["group 7", "crew"],
  ]);
  const named = directory(root, { ownerName: (kind, id) => names.get(`${kind} ${id}`) });
  assert.deepEqual([await named.userName?.(0), await named.userName?.(7)], ["ada", undefined]);
  assert.deepEqual([await named.groupName?.(7), await named.groupName?.(0)], ["crew", undefined]);
  for (const [files, isOffered] of [
    [named, true],
    [disk, false],
  ] as const) {
    const { visitor } = await serve(t, (server) => serveFiles(server, { fileSystem: () => files }));
    const client = await sftpOn(await visitor());
    await client.begin();
    const ids = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0]);
    const { status } = await client.extended("users-groups-by-id@openssh.com", ids, ids);
    assert.equal(status === Status.OP_UNSUPPORTED, !isOffered);
  }
});

test("wrong options are named", () => {
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [{ uploads: "atomic" }, /uploads of directory\(\) is one of replace, in-place, not atomic/],
    [{ links: true }, /links of directory\(\) is one of inside, any, none, not true/],
    [{ umask: 0o1000 }, /umask/],
    [{ umask: "022" }, /umask/],
    [{ allowOwnerChanges: 1 }, /allowOwnerChanges/],
    [{ create: "yes" }, /create/],
    [{ ownerName: { 0: "root" } }, /ownerName/],
  ];
  for (const [options, message] of wrong) {
    assert.throws(() => directory(root, options as DirectoryOptions), { code: "BAD_OPTION", message });
  }
  assert.throws(() => directory(root, { follow: true } as DirectoryOptions), {
    code: "UNKNOWN_OPTION",
    message: /no option follow/,
  });
});
