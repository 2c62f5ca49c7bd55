import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { memory, serveFiles } from "../../../../src/files/index.ts";
import type { RsyncOptions } from "../../../../src/files/index.ts";
import { examine } from "../../../../src/files/rsync/machine.ts";
import { sandboxed } from "../../../../src/files/rsync/sandbox.ts";
import { ConfigError, Server } from "../../../../src/index.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-rsync-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

/** A program that prints this. */
function program(name: string, text: string, status = 0): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, `#!/bin/sh\ncat <<'.'\n${text}\n.\nexit ${status}\n`, { mode: 0o755 });
  return path;
}

const NEW = program("new", " --confine-root=DIR  refuse\n --drop-D  refuse");
const OLD = program("old", " --copy-links\n --munge-links");

const WORKS = program("works/bwrap", "rsync version 3");

test("any rsync is served in a sandbox, and one that confines itself is told to", async () => {
  for (const [rsync, isConfined] of [
    [NEW, true],
    [OLD, false],
  ] as const) {
    const programs = { program: rsync, bubblewrap: WORKS };
    assert.deepEqual(await examine(programs), { ...programs, isConfined });
  }
});

test("an rsync that does not work, and a sandbox that nobody may make, say what to do", async () => {
  const fails = program("fails/bwrap", "", 1);
  for (const [programs, message] of [
    [{ program: program("broken", "", 1), bubblewrap: WORKS }, /broken does not work: install rsync/],
    [{ program: join(folder, "none"), bubblewrap: WORKS }, /none does not work: install rsync/],
    [{ program: NEW, bubblewrap: fails }, /fails\/bwrap is not allowed to make a sandbox here.*allow user namespaces/],
  ] as const) {
    await assert.rejects(examine(programs), { name: "ConfigError", code: "MISSING_PACKAGE", message });
  }
});

test("rsync is not served where there is no bubblewrap", (t) => {
  const { PATH } = process.env;
  t.after(() => (process.env["PATH"] = PATH));
  process.env["PATH"] = "/nowhere";
  assert.throws(
    () => serveFiles(new Server({ allowAnyone: true }), { fileSystem: () => memory(), rsync: { program: NEW } }),
    { name: "ConfigError", code: "MISSING_PACKAGE", message: /There is no program bwrap .*install bubblewrap/ },
  );
});

test("a sandbox shows the system to be read, and the directory to be written only where that is needed", () => {
  const [command, args] = sandboxed("/usr/bin/bwrap", "/srv/x", true, "/usr/bin/rsync", ["--server", "--bind"]);
  assert.equal(command, "/usr/bin/bwrap");
  const text = args.join(" ");
  assert.match(text, /--die-with-parent .*--unshare-net .*--ro-bind \/usr \/usr .*--ro-bind \/srv\/x \/files /);
  assert.match(text, / -- \/usr\/bin\/rsync --server --bind$/);
  const [, writable] = sandboxed("/usr/bin/bwrap", "/srv/x", false, "/usr/bin/rsync", []);
  assert.deepEqual(writable.slice(writable.indexOf("--bind"), writable.indexOf("--bind") + 3), [
    "--bind",
    "/srv/x",
    "/files",
  ]);
});

for (const [what, rsync, code] of [
  ["a program that is a number", { program: 5 }, "BAD_OPTION"],
  ["a program that is not there", { program: "rsync-that-nobody-has" }, "MISSING_PACKAGE"],
  ["no process", { program: NEW, maxProcesses: 0 }, "BAD_OPTION"],
  ["an option that there is not", { program: NEW, jail: true }, "UNKNOWN_OPTION"],
] as const) {
  test(`serveFiles does not take ${what} for rsync`, () => {
    const options = { fileSystem: () => memory(), rsync: rsync as unknown as RsyncOptions };
    assert.throws(
      () => serveFiles(new Server({ allowAnyone: true }), options),
      (error) => error instanceof ConfigError && error.code === code,
    );
  });
}
