import assert from "node:assert/strict";
import { test } from "node:test";
import { FileError } from "../../../../src/files/index.ts";
import { protocolOf, repositoryOf } from "../../../../src/files/git/request.ts";

for (const [command, name] of [
  ["git-upload-pack 'app'", "app"],
  ["git-upload-pack 'app.git'", "app"],
  ["git-upload-pack '/team/app.git/'", "team/app"],
  ["git-upload-pack '~/app'", "app"],
  ["git-receive-pack team/c++_lib-1.0", "team/c++_lib-1.0"],
] as const) {
  test(`${command} is about ${name}`, () => {
    assert.equal(repositoryOf(command), name);
  });
}

for (const path of [
  "",
  "/",
  ".",
  "..",
  "../app",
  "a/../b",
  "a//b",
  ".hidden",
  "a/.git",
  "a.git/hooks",
  "-app",
  "--upload-pack=x",
  "a b",
  "a\\b",
  "a'b",
  "a\x1b[2Jb",
  "ä",
  "a.lock",
  "a.",
  "a".repeat(101),
  "a/".repeat(8) + "a",
]) {
  test(`${JSON.stringify(path)} is no name of a repository`, () => {
    const quoted = `'${path.replaceAll("'", String.raw`'\''`)}'`;
    assert.throws(
      () => repositoryOf(`git-upload-pack ${quoted}`),
      (error) => error instanceof FileError && error.code === "INVALID",
    );
  });
}

test("git is told what to speak only in the words that it knows", () => {
  assert.equal(protocolOf("version=2"), "version=2");
  assert.equal(protocolOf("version=2:server-option=x"), "version=2:server-option=x");
  for (const odd of [undefined, "", "version=3", "version=2\n", "version=2;id", `version=2${":a".repeat(9)}`]) {
    assert.equal(protocolOf(odd), undefined);
  }
});
