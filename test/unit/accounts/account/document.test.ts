import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode, faultOf } from "../../../../src/accounts/account/document.ts";
import { parseKey } from "../../../../src/accounts/account/keys.ts";
import { checkSettings, SETTINGS } from "../../../../src/accounts/account/settings.ts";
import { AccountError } from "../../../../src/accounts/index.ts";
import { newKey } from "../world.ts";

const DOCUMENT = { id: "1", name: "Ada", created: 5, epoch: 0, keys: [] };

test("a document comes back as it was written, with what only a later version knows", () => {
  const document = { ...DOCUMENT, sudo: true, invention: { from: "the future" } };
  assert.deepEqual(decode(encode("ada", document, 7)), document);
  assert.deepEqual([encode("ada", document, 7).revision, encode("ada", document, 7).key], [7, "ada"]);
});

test("a row has the fingerprints of the account's own keys, each once, and not of CAs", () => {
  const [own, ca] = [newKey(), newKey()];
  const keys = [parseKey(own.line), parseKey(`no-pty ${own.line}`), parseKey(`cert-authority ${ca.line}`)];
  assert.deepEqual(encode("ada", { ...DOCUMENT, keys }, 1).fingerprints, [own.fingerprint]);
});

for (const document of [
  "",
  "{",
  "null",
  "[]",
  '"text"',
  "{}",
  ...Object.keys(DOCUMENT).map((name) => JSON.stringify({ ...DOCUMENT, [name]: undefined })),
  JSON.stringify({ ...DOCUMENT, keys: [{}] }),
  JSON.stringify({ ...DOCUMENT, password: 5 }),
  JSON.stringify({ ...DOCUMENT, totp: { secret: "x" } }),
  JSON.stringify({ ...DOCUMENT, recovery: "x" }),
  JSON.stringify({ ...DOCUMENT, link: {} }),
  JSON.stringify({ ...DOCUMENT, disabled: "no" }),
  JSON.stringify({ ...DOCUMENT, permissions: ["a b"] }),
]) {
  test(`a document that is ${document.slice(0, 90) || "empty"} is told as damaged, without what it holds`, () => {
    assert.throws(
      () => decode({ key: "ada", document }),
      (error) =>
        error instanceof AccountError && error.code === "STORE_CORRUPT" && /The account ada/.test(error.message),
    );
  });
}

const BAD: readonly (readonly [name: string, value: unknown])[] = [
  ["principals", "ada"],
  ["principals", [""]],
  ["methods", ["keyboard-interactive"]],
  ["permissions", ["orders read"]],
  ["permissions", Array.from({ length: 257 }, () => "a")],
  ["roles", ["*"]],
  ["sudo", "yes"],
  ["banner", "x".repeat(8193)],
  ["banner", "a\0b"],
  ["prompt", 5],
  ["environment", { "A B": "c" }],
  ["environment", { A: 5 }],
  ["environment", ["A=1"]],
  ["environment", Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`A${n}`, ""]))],
  ["idleTimeout", -1],
  ["idleTimeout", Number.NaN],
  ["idleTimeout", Infinity],
  ["limits", { sessions: 1.5 }],
  ["limits", { channels: 1 }],
  ["limits", []],
  ["files", true],
  ["files", { allowed: true }],
  ["files", { allowed: true, readOnly: false, root: "" }],
  ["inputSystem", 1],
  ["echo", null],
  ["disabled", "true"],
  ["expires", "2027-01-01"],
  ["expires", 1.5],
  ["historyLimit", 1_000_000],
];
for (const [name, value] of BAD) {
  test(`${name} cannot be ${JSON.stringify(value)?.slice(0, 60)}`, () => {
    assert.throws(
      () => checkSettings({ [name]: value }),
      (error) =>
        error instanceof AccountError && error.code === "BAD_VALUE" && error.message.startsWith(`The ${name} of`),
    );
    assert.equal(
      faultOf({ ...DOCUMENT, [name]: value }),
      value === undefined ? undefined : `its ${name} cannot be read`,
    );
  });
}

test("every setting has a value that is refused, and a name that is misspelt is no setting", () => {
  assert.deepEqual(new Set(BAD.map(([name]) => name)), new Set(Object.keys(SETTINGS)));
  for (const given of [{ Sudo: true }, { constructor: 1 }, { password: "x" }, null, "sudo"]) {
    assert.throws(() => checkSettings(given), AccountError);
  }
});
