import assert from "node:assert/strict";
import { test } from "node:test";
import { parseKey, parseKeys, withKey } from "../../../../src/accounts/account/keys.ts";
import { AccountError } from "../../../../src/accounts/index.ts";
import { fixture } from "../../auth/attempt.ts";
import { newKey } from "../world.ts";

const isBad = (error: unknown): boolean => error instanceof AccountError && error.code === "BAD_VALUE";

test("a line has its options, its type, its fingerprint and its comment", () => {
  const { line, fingerprint } = newKey();
  const [type = "", base64 = ""] = line.split(" ");
  const options = `from="10.0.0.0/8",command="say \\"${base64}\\""`;
  assert.deepEqual(parseKey(`  ${options} ${line}  Ada's laptop é \n`), {
    line: `${options} ${line}  Ada's laptop é`,
    type,
    fingerprint,
    comment: "Ada's laptop é",
    options,
    certAuthority: false,
  });
  assert.equal(parseKey(`${line} ${line}`).comment, line);
  assert.equal(parseKey(`cert-authority ${line}`).certAuthority, true);
  assert.deepEqual([parseKey(line).options, parseKey(line).comment], ["", ""]);
});

test("what is no key, or not one alone, is refused without being repeated", () => {
  const { line } = newKey();
  for (const text of [
    "",
    "# nothing",
    "secret",
    `unheard-of ${line}`,
    `${line}\n${line}`,
    7,
    undefined,
    "x".repeat(70_000),
  ]) {
    assert.throws(
      () => parseKey(text),
      (error) => isBad(error) && !/secret|unheard-of/.test(String(error)),
    );
  }
  assert.throws(() => parseKey(`${line} \x1b[31m`), isBad);
});

test("a file of keys gives those that can be used, and says which lines cannot", () => {
  const [one, other] = [newKey("one"), newKey("other")];
  const text = `\ufeff# Keys of Ada\r\n${one.line}\r\n\r\nnonsense\r\nno-pty ${other.line}\r\n`;
  const { keys, faults } = parseKeys(text);
  assert.deepEqual(
    keys.map(({ comment, options }) => [comment, options]),
    [
      ["one", ""],
      ["other", "no-pty"],
    ],
  );
  assert.deepEqual(
    faults.map(({ line }) => line),
    [4],
  );
});

test("lists such as GitHub's are read: lines without a comment, and JSON", () => {
  const keys = [newKey(), newKey()];
  const lines = keys.map(({ line }) => line);
  assert.deepEqual(
    parseKeys(lines.join("\n")).keys.map(({ line }) => line),
    lines,
  );
  const json = JSON.stringify([{ id: 1, key: lines[0] }, { id: 2, key: lines[1], title: "x" }, { id: 3 }, null, 5]);
  const found = parseKeys(json);
  assert.deepEqual(
    found.keys.map(({ line }) => line),
    lines,
  );
  assert.deepEqual(
    found.faults.map(({ line }) => line),
    [3, 4, 5],
  );
  assert.deepEqual(parseKeys("[]"), { keys: [], faults: [] });
  assert.throws(() => parseKeys("[{"), isBad);
  assert.equal(parseKeys(JSON.stringify([{ key: `${lines[0]}\n${lines[1]}` }])).keys.length, 0);
});

test("the keys that ssh-keygen makes are read", () => {
  for (const name of ["ada"]) assert.match(parseKey(fixture(`${name}.pub`)).fingerprint, /^SHA256:/);
});

test("a key that is there gets another line, and there are not too many", () => {
  const key = newKey("old");
  const keys = withKey([], parseKey(key.line));
  const again = withKey(keys, parseKey(`no-pty ${key.line.replace("old", "new")}`));
  assert.deepEqual(
    again.map(({ comment, options }) => [comment, options]),
    [["new", "no-pty"]],
  );
  let many: ReturnType<typeof withKey> = [];
  for (let n = 0; n < 100; n++) many = withKey(many, { ...parseKey(key.line), fingerprint: `SHA256:${n}` });
  assert.throws(() => withKey(many, { ...parseKey(key.line), fingerprint: "SHA256:101" }), isBad);
  const long = { ...parseKey(key.line), line: `command="${"x".repeat(8000)}" ${key.line}` };
  assert.throws(() => {
    let all: ReturnType<typeof withKey> = [];
    for (let n = 0; n < 10; n++) all = withKey(all, { ...long, fingerprint: `SHA256:${n}` });
  }, isBad);
});
