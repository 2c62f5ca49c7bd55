import assert from "node:assert/strict";
import { test } from "node:test";
import { FileError, memory } from "../../../../src/files/index.ts";
import type { MemoryFileSystem } from "../../../../src/files/index.ts";
import { parseRsync } from "../../../../src/files/rsync/command.ts";
import { placesOf } from "../../../../src/files/rsync/places.ts";

function makeFiles(): MemoryFileSystem {
  const files = memory({ files: { "/dir/a": "", "/dir/b": "", "/home/x": "" } });
  files.symlink("/dir", "/home/link");
  return files;
}

const PULL = "rsync --server --sender -re.iLsfxCIvu .";
const PUSH = "rsync --server -re.iLsfxCIvu .";

for (const [command, paths] of [
  [`${PULL} /dir/a`, ["/files/dir/a"]],
  [`${PULL} /dir/`, ["/files/dir/"]],
  [`${PULL} link/ /dir/[ab]`, ["/files/dir/", "/files/dir/a", "/files/dir/b"]],
  [`${PULL} .`, ["/files/home/"]],
  [`${PULL} /`, ["/files/"]],
  [`${PUSH} ~/new`, ["/files/home/new"]],
  [`${PUSH} link`, ["/files/dir/"]],
  [`${PUSH} ../../../up/`, ["/files/up/"]],
  [`${PUSH} /a/b/c/`, ["/files/a/b/c/"]],
] as const) {
  test(`${command} is ${paths.join(" ")} in the sandbox`, async () => {
    assert.deepEqual(await placesOf(makeFiles(), parseRsync(command), "/home"), paths);
  });
}

for (const [command, message] of [
  [`${PULL} none`, "/home/none: No such file or directory"],
  [`${PULL} none/`, "/home/none: No such file or directory"],
] as const) {
  test(`${command} is refused`, async () => {
    await assert.rejects(placesOf(makeFiles(), parseRsync(command), "/home"), { name: "FileError", message });
  });
}

test("a dry run makes no directory", async () => {
  const files = makeFiles();
  await placesOf(files, parseRsync("rsync --server -nre.iLsfxCIvu --mkpath . /p/q/"), "/home");
  assert.throws(() => files.stat("/p"), FileError);
});
