import assert from "node:assert/strict";
import { test } from "node:test";
import { FileError, memory } from "../../../../src/files/index.ts";
import type { FileSystem, MemoryFileSystem } from "../../../../src/files/index.ts";
import { parseRsync } from "../../../../src/files/rsync/command.ts";
import { placesOf } from "../../../../src/files/rsync/places.ts";

/** Files that say they are directories of this machine, and how many are held open. */
function held(): { readonly inner: MemoryFileSystem; readonly files: FileSystem; readonly open: Set<string> } {
  const inner = memory({ files: { "/dir/a": "", "/dir/b": "", "/home/x": "" } });
  inner.symlink("/dir", "/home/link");
  const open = new Set<string>();
  const files: FileSystem = {
    stat: (path) => inner.stat(path),
    lstat: (path) => inner.lstat(path),
    realpath: (path) => inner.realpath(path),
    readdir: (path) => inner.readdir(path),
    open: (path, flags, attributes) => inner.open(path, flags, attributes),
    mkdir: (path, attributes) => inner.mkdir(path, attributes),
    localDirectory(path) {
      const real = inner.realpath(path);
      if (inner.stat(real).type !== "directory") throw new FileError("NOT_A_DIRECTORY");
      open.add(real);
      return { path: `/held${real}`, close: () => void open.delete(real) };
    },
  };
  return { inner, files, open };
}

const PULL = "rsync --server --sender -re.iLsfxCIvu .";
const PUSH = "rsync --server -re.iLsfxCIvu .";

for (const [command, isSandboxed, cwd, paths] of [
  [`${PULL} /dir/a`, true, "/", ["/files/dir/a"]],
  [`${PULL} /dir/`, true, "/", ["/files/dir/"]],
  [`${PULL} link/ /dir/[ab]`, true, "/", ["/files/dir/", "/files/dir/a", "/files/dir/b"]],
  [`${PULL} .`, true, "/", ["/files/home/"]],
  [`${PULL} /`, true, "/", ["/files/"]],
  [`${PUSH} ~/new`, true, "/", ["/files/home/new"]],
  [`${PUSH} link`, true, "/", ["/files/dir/"]],
  [`${PUSH} ../../../up/`, true, "/", ["/files/up/"]],
  [`${PULL} /dir/a`, false, "/held/dir", ["./a"]],
  [`${PULL} /dir/*`, false, "/held/dir", ["./a", "./b"]],
  [`${PULL} link`, false, "/held/home", ["./link"]],
  [`${PULL} link/`, false, "/held/dir", ["./"]],
  [`${PUSH} .`, false, "/held/home", ["./"]],
  [`${PUSH} /dir`, false, "/held/dir", ["./"]],
  [`${PUSH} /a/b/c/`, false, "/held/a/b/c", ["./"]],
] as const) {
  test(`${command} ${isSandboxed ? "in a sandbox" : "without one"} is ${paths.join(" ")} in ${cwd}`, async () => {
    const { files, open } = held();
    {
      await using places = await placesOf(files, isSandboxed, parseRsync(command), "/home");
      assert.deepEqual([places.cwd, places.paths], [cwd, paths]);
    }
    assert.equal(open.size, 0);
  });
}

for (const [command, isSandboxed, message] of [
  [`${PULL} none`, true, "/home/none: No such file or directory"],
  [`${PULL} none/`, true, /No such file or directory/],
  [`${PULL} /dir/a/`, false, "/dir/a: Not a directory"],
  [`${PULL} /dir/a /home/x`, false, "/home: what is copied at once has to lie in one directory"],
  [`${PUSH} new`, false, "/home/new: copy into a directory: put a / behind its name, and it is made"],
  [`${PUSH} x`, false, "/home/x: copy into a directory: put a / behind its name, and it is made"],
] as const) {
  test(`${command} ${isSandboxed ? "in a sandbox" : "without one"} is refused`, async () => {
    const { files, open } = held();
    await assert.rejects(
      placesOf(files, isSandboxed, parseRsync(command), "/home"),
      (error) =>
        error instanceof FileError &&
        (typeof message === "string" ? error.message === message : message.test(error.message)),
    );
    assert.equal(open.size, 0);
  });
}

test("a dry run makes no directory", async () => {
  const { files, inner } = held();
  const command = parseRsync("rsync --server -nre.iLsfxCIvu --mkpath . /p/q/");
  await using _ = await placesOf(files, true, command, "/home");
  assert.throws(() => inner.stat("/p"), FileError);
});
