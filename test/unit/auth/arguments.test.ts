import assert from "node:assert/strict";
import { test } from "node:test";
import { authorizedKeys, certificates, passwords, publicKeys, totp } from "../../../src/auth/index.ts";
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
