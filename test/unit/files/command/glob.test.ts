import assert from "node:assert/strict";
import { test } from "node:test";
import { expandPattern, matchesPattern } from "../../../../src/files/command/glob.ts";
import { FileError, nameOf, parentPath } from "../../../../src/files/index.ts";
import type { FileAttributes, FileSystem } from "../../../../src/files/index.ts";

/** File systems of empty files. */
function filesAt(...paths: readonly string[]): FileSystem {
  const directories = new Set(paths.flatMap(above));
  const attributes = (type: "file" | "directory"): FileAttributes => ({ type, size: 0, mode: 0o644 });
  return {
    stat(path) {
      if (directories.has(path)) return attributes("directory");
      if (paths.includes(path)) return attributes("file");
      throw new FileError("NOT_FOUND");
    },
    readdir(directory) {
      if (!directories.has(directory)) throw new FileError("NOT_A_DIRECTORY");
      const children = [...directories, ...paths].filter((path) => path !== "/" && parentPath(path) === directory);
      return [...new Set(children)].map((path) => ({ name: nameOf(path), attributes: attributes("file") }));
    },
    open() {
      throw new FileError("UNSUPPORTED");
    },
  };
}

function above(path: string): string[] {
  return path === "/" ? [] : [parentPath(path), ...above(parentPath(path))];
}

for (const [pattern, names, others] of [
  ["*", ["a", "a.b", "ü"], [".a"]],
  [".*", [".a", "."], ["a"]],
  ["*.txt", ["a.txt", "a.b.txt"], [".txt", "a.txt2"]],
  ["?", ["a", "😀"], ["", "ab"]],
  ["a?c*", ["abc", "abcd"], ["ac"]],
  ["[a-c]x", ["ax", "cx"], ["dx", "x"]],
  ["[!a-c]x", ["dx"], ["ax"]],
  ["[^a]x", ["bx"], ["ax"]],
  ["[]a]", ["]", "a"], ["b"]],
  ["[a-]", ["a", "-"], ["b"]],
  ["[a", ["[a"], ["a"]],
  [String.raw`\*`, ["*"], ["a"]],
  [String.raw`[\]]`, ["]"], [String.raw`\\`]],
  ["a*b*c", ["abc", "aXbYc", "abbcc"], ["abcd", "acb"]],
] as const) {
  test(`${pattern} matches ${names.join(" ")}, and not ${others.join(" ")}`, () => {
    assert.deepEqual(
      names.filter((name) => !matchesPattern(pattern, name)),
      [],
    );
    assert.deepEqual(
      others.filter((name) => matchesPattern(pattern, name)),
      [],
    );
  });
}

test("a pattern of stars takes no longer than its length times the name's", () => {
  assert.equal(matchesPattern("*a".repeat(2000), "a".repeat(1999)), false);
});

test("a pattern is expanded component by component, in order", async () => {
  const files = filesAt("/b/1.txt", "/a/2.txt", "/a/1.txt", "/a/.hidden.txt", "/a/x/3.txt", "/c");
  assert.deepEqual(await expandPattern(files, "/*/*.txt", "/"), ["/a/1.txt", "/a/2.txt", "/b/1.txt"]);
  assert.deepEqual(await expandPattern(files, "a/*", "/"), ["/a/1.txt", "/a/2.txt", "/a/x"]);
  assert.deepEqual(await expandPattern(files, "*/x", "/"), ["/a/x"], "a last component without wildcards, too");
  assert.deepEqual(await expandPattern(files, "../../a/[1]*", "/b"), ["/a/1.txt"]);
  assert.deepEqual(await expandPattern(files, "c/*", "/"), []);
});

test("more matches than can be meant are refused", async () => {
  const many = Array.from({ length: 10_001 }, (_, at) => `/f${at}`);
  const error = await expandPattern({ ...filesAt(), readdir: () => many.map(entry) }, "/*", "/").catch(
    (e: unknown) => e,
  );
  assert.ok(error instanceof FileError && error.code === "INVALID");
});

function entry(path: string): { name: string; attributes: FileAttributes } {
  return { name: nameOf(path), attributes: { type: "file", size: 0, mode: 0 } };
}
