import assert from "node:assert/strict";
import test from "node:test";
import * as fc from "fast-check";
import {
  decodePath,
  encodePath,
  isWithin,
  joinPath,
  nameOf,
  normalizePath,
  parentPath,
} from "../../../src/files/index.ts";

test("any bytes become text and come back as they were", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      assert.deepEqual(Buffer.from(encodePath(decodePath(bytes))), Buffer.from(bytes));
    }),
  );
  // Bytes that look much like UTF-8 are the ones to go wrong.
  const nearly = fc.array(
    fc.constantFrom(0x41, 0x80, 0xbf, 0xc0, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xed, 0xa0, 0xf0, 0x9f, 0xff),
  );
  fc.assert(
    fc.property(nearly, (codes) => {
      assert.deepEqual(Buffer.from(encodePath(decodePath(Uint8Array.from(codes)))), Buffer.from(codes));
    }),
  );
});

test("text that is well-formed is UTF-8", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      assert.deepEqual(Buffer.from(encodePath(text)), Buffer.from(text, "utf8"));
      assert.equal(decodePath(Buffer.from(text, "utf8")), text);
    }),
  );
});

test("a byte that is not UTF-8 becomes a lone surrogate, and the characters around it stay", () => {
  assert.equal(decodePath(Buffer.from("caf\xe9", "latin1")), "caf\udce9");
  assert.equal(decodePath(Buffer.from("é\xff😀", "utf8")), "éÿ😀");
  assert.equal(decodePath(Buffer.concat([Buffer.from("é"), Buffer.of(0xff), Buffer.from("😀")])), "é\udcff😀");
  // A surrogate in UTF-8, and an overlong slash: neither is valid, so every byte stands alone.
  assert.equal(decodePath(Buffer.of(0xed, 0xb2, 0x80)), "\udced\udcb2\udc80");
  assert.equal(decodePath(Buffer.of(0xc0, 0xaf)), "\udcc0\udcaf");
});

test("a lone surrogate that stands for no byte is refused", () => {
  for (const text of ["a\ud800", "\udc00b", "\udc7f", "\udd00", "\udfff"]) {
    assert.throws(() => encodePath(text), { name: "FileError", code: "INVALID" }, JSON.stringify(text));
    assert.throws(() => normalizePath(text), { code: "INVALID" }, JSON.stringify(text));
  }
});

test("a normalised path is absolute and has nothing to resolve", () => {
  for (const [path, expected] of [
    ["", "/home/ada"],
    [".", "/home/ada"],
    ["notes.txt", "/home/ada/notes.txt"],
    ["..", "/home"],
    ["../../../../../etc/passwd", "/etc/passwd"],
    ["/", "/"],
    ["//a///b/", "/a/b"],
    ["/a/./b/../c", "/a/c"],
    ["/..", "/"],
    ["/...", "/..."],
    ["/a/..b", "/a/..b"],
  ] as const) {
    assert.equal(normalizePath(path, "/home/ada"), expected, path);
  }
});

test("normalising once is enough, and leads to a path that the parts can be put together from", () => {
  const component = fc.oneof(fc.constantFrom("", ".", "..", "a"), fc.string({ maxLength: 8 }));
  fc.assert(
    fc.property(fc.array(component, { maxLength: 8 }), (parts) => {
      const text = parts.join("/").replaceAll("\0", "");
      const path = normalizePath(text);
      assert.equal(normalizePath(path), path);
      assert.match(path, /^\//);
      assert.ok(
        path === "/" ||
          !path
            .split("/")
            .slice(1)
            .some((name) => ["", ".", ".."].includes(name)),
      );
      assert.equal(path === "/" ? "/" : joinPath(parentPath(path), nameOf(path)), path);
    }),
  );
});

test("a NUL, a long name and a long path are refused, and the longest ones are not", () => {
  const longest = `/${"a".repeat(255)}`;
  assert.equal(normalizePath(longest), longest);
  assert.equal(normalizePath(longest.repeat(16)).length, 4096);
  assert.throws(() => normalizePath("a\0b"), { code: "INVALID", message: "The path has a NUL in it" });
  assert.throws(() => normalizePath(`${longest}a`), { code: "INVALID", message: "A name in the path is too long" });
  assert.throws(() => normalizePath(`/${"é".repeat(128)}`), { code: "INVALID" });
  assert.throws(() => normalizePath(`/${"\udcff".repeat(256)}`), { code: "INVALID" });
  assert.equal(nameOf(normalizePath(`/${"\udcff".repeat(255)}`)).length, 255);
  assert.throws(() => normalizePath("/a".repeat(2049)), { code: "INVALID", message: "The path is too long" });
  assert.throws(() => normalizePath("x", longest.repeat(16)), { code: "INVALID", message: "The path is too long" });
});

test("a path is within a directory by whole components", () => {
  for (const [path, directory, expected] of [
    ["/a", "/", true],
    ["/a", "/a", true],
    ["/a/b", "/a", true],
    ["/ab", "/a", false],
    ["/", "/a", false],
  ] as const) {
    assert.equal(isWithin(path, directory), expected, `${path} in ${directory}`);
  }
});
