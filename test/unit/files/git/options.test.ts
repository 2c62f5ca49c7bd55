import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { GitOptions } from "../../../../src/files/index.ts";
import { serveGit } from "../../../../src/files/index.ts";
import { ConfigError, Server } from "../../../../src/index.ts";

const root = mkdtempSync(join(tmpdir(), "sallyport-git-"));
process.on("exit", () => rmSync(root, { recursive: true }));

const RIGHT: GitOptions = { root, access: () => "none", git: process.execPath };

for (const [what, wrong, code] of [
  ["a root that is relative", { root: "git" }, "BAD_OPTION"],
  ["a root that is not there", { root: join(root, "none") }, "BAD_OPTION"],
  ["access that is no function", { access: "write" }, "BAD_OPTION"],
  ["create that is a text", { create: "yes" }, "BAD_OPTION"],
  ["a hook that is no function", { beforePush: true }, "BAD_OPTION"],
  ["another hook that is no function", { afterPush: "x" }, "BAD_OPTION"],
  ["no process", { maxProcesses: 0 }, "BAD_OPTION"],
  ["half a byte", { maxPush: 0.5 }, "BAD_OPTION"],
  ["archive that is a number", { archive: 1 }, "BAD_OPTION"],
  ["checkObjects that is a text", { checkObjects: "no" }, "BAD_OPTION"],
  ["a program that is a number", { git: 5 }, "BAD_OPTION"],
  ["an option that there is not", { acess: () => "write" }, "UNKNOWN_OPTION"],
  ["a git that is not installed", { git: "git-that-nobody-has" }, "MISSING_PACKAGE"],
] as const) {
  test(`serveGit does not take ${what}`, () => {
    const options = { ...RIGHT, ...wrong } as unknown as GitOptions;
    assert.throws(
      () => serveGit(new Server({ allowAnyone: true }), options),
      (error) => error instanceof ConfigError && error.code === code,
    );
  });
}

test("serveGit takes the smallest set of options", () => {
  assert.doesNotThrow(() => serveGit(new Server({ allowAnyone: true }), RIGHT));
});
