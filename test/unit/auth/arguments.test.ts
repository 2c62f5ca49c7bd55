import assert from "node:assert/strict";
import { test } from "node:test";
import { anyone, authorizedKeys, certificates, passwords, publicKeys, totp } from "../../../src/auth/index.ts";
import type { Authenticator } from "../../../src/server/index.ts";

const MAKERS: Readonly<Record<string, readonly [make: (given: never) => Authenticator, says: RegExp]>> = {
  authorizedKeys: [authorizedKeys, /^The source of authorizedKeys\(\) must be \{ file \}/],
  certificates: [certificates, /^The option trusted of certificates\(\) must be \{ file \}/],
  passwords: [passwords, /^The source of passwords\(\) must be a function/],
  publicKeys: [publicKeys, /^The source of publicKeys\(\) must be a function/],
  totp: [totp, /^The options of totp\(\) must be \{ secret \}/],
};

for (const [name, [make, says]] of Object.entries(MAKERS)) {
  test(`${name}() says what it needs when it is given something else`, () => {
    for (const given of ["ann:secret", 5, null, undefined, {}, []]) {
      assert.throws(() => make(given as never), { name: "ConfigError", code: "BAD_OPTION", message: says });
    }
  });
}

test("a list of revoked keys says where it may come from", () => {
  assert.throws(() => publicKeys(() => true, { revoked: "keys.krl" as never }), {
    code: "BAD_OPTION",
    message: /^The option revoked must be \{ file \}/,
  });
});

const text = "";
const refused: Readonly<Record<string, readonly [code: string, make: () => unknown]>> = {
  "a misspelt revoked": ["UNKNOWN_OPTION", () => certificates({ trusted: { text }, revokd: { list: "" } } as never)],
  "revoke for revoked": ["UNKNOWN_OPTION", () => authorizedKeys({ text }, { revoke: { list: "" } } as never)],
  "verifyrequired for verifyRequired": [
    "UNKNOWN_OPTION",
    () => publicKeys(() => true, { verifyrequired: true } as never),
  ],
  "a misspelt remember": ["UNKNOWN_OPTION", () => anyone({ remeber: () => false } as never)],
  "a misspelt waiting": ["UNKNOWN_OPTION", () => passwords(() => undefined, { wait: 1 } as never)],
  "an option of totp that there is not": ["UNKNOWN_OPTION", () => totp({ secret: () => "", digit: 8 } as never)],
  "a name of every object's": ["UNKNOWN_OPTION", () => anyone({ constructor: () => true } as never)],
  "options that are none": ["BAD_OPTION", () => publicKeys(() => true, "revoked" as never)],
  "a remember that is no function": ["BAD_OPTION", () => anyone({ remember: true } as never)],
  "two sources at once": ["BAD_OPTION", () => certificates({ trusted: { file: "/nowhere", text } })],
  "a source that is undefined": ["BAD_OPTION", () => authorizedKeys({ text: undefined } as never)],
  "a file that is a number": ["BAD_OPTION", () => authorizedKeys({ file: 42 } as never)],
  "a list that is an array": ["BAD_OPTION", () => authorizedKeys({ text }, { revoked: { list: [] } } as never)],
  "codes of one digit": ["BAD_OPTION", () => totp({ secret: () => "", digits: 1 } as never)],
  "an algorithm that totp has not": ["BAD_OPTION", () => totp({ secret: () => "", algorithm: "MD5" } as never)],
};

for (const [what, [code, make]] of Object.entries(refused)) {
  test(`${what} is refused when the server is made, rather than left alone`, () => {
    assert.throws(make, { name: "ConfigError", code });
  });
}
