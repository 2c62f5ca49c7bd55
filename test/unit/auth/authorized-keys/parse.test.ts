import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { parseAuthorizedKeys } from "../../../../src/auth/authorized-keys/parse.ts";
import type { KeyEntry } from "../../../../src/auth/authorized-keys/parse.ts";
import { Authenticator } from "../../../client/index.ts";
import { parsePublicKeyBlob } from "../../../../src/crypto/index.ts";
import { fixture, fixtureKey } from "../attempt.ts";

const ada = fixtureKey("ada");
const bob = fixtureKey("bob");
const sk = parsePublicKeyBlob(new Authenticator("ed25519").blob);

const parse = (text: string | Uint8Array) => parseAuthorizedKeys(Buffer.from(text));
/** The numbers of the lines that are used, and of those that are not. */
const numbers = (text: string | Uint8Array) => {
  const { entries, faults } = parse(text);
  return { used: entries.map(({ line }) => line), refused: faults.map(({ line }) => line) };
};

test("keys, comments, empty lines and spaces in front are read as sshd reads them, with either end of line", () => {
  const text = [
    "# a comment",
    "",
    `${String(ada)} ada@example`,
    "  \t",
    ` \t${String(bob)}`,
    `no-pty  ${String(ada)}\tcomment with "quotes`,
  ];
  for (const end of ["\n", "\r\n"]) {
    const { entries, faults } = parse(text.join(end));
    assert.deepEqual(faults, []);
    assert.deepEqual(
      entries.map(({ line, key }) => [line, String(key)]),
      [
        [3, String(ada)],
        [5, String(bob)],
        [6, String(ada)],
      ],
    );
    assert.deepEqual(
      entries.map(({ hasOptions }) => hasOptions),
      [false, false, true],
    );
  }
});

test("every kind of key that ssh-keygen makes is read", () => {
  const lines = ["ada", "ada-ecdsa", "ada-rsa"].map((name) => fixture(`${name}.pub`).trim());
  assert.deepEqual(numbers([...lines, `verify-required ${String(sk)}`].join("\n")), {
    used: [1, 2, 3, 4],
    refused: [],
  });
});

const refused: Readonly<Record<string, string>> = {
  "restrict with nothing behind": "restrict",
  "restrict with only a comment behind": "restrict comment",
  "a key without its type": String(ada).split(" ")[1]!,
  "options glued to the key": `restrict,${String(ada)}`,
  "an option that is unknown": `no-such-option ${String(ada)}`,
  "a space between the options": `no-pty, restrict ${String(ada)}`,
  "two sets of options": `no-pty restrict ${String(ada)}`,
  "a quotation mark that is open": `command="ls ${String(ada)}`,
  "a NUL": `no-pty\0 ${String(ada)}`,
  "a NUL in a command": `command="ls\0 -l" ${String(ada)}`,
  "a NUL behind the key": `${String(ada)}\0`,
  "a key that is cut short": String(ada).slice(0, -8),
  "a key that is not Base64": `${String(ada)}!`,
  "a key under another's type": String(ada).replace("ssh-ed25519", "ssh-rsa"),
  "a type that is not supported": "ssh-dss AAAAB3NzaC1kc3MAAAAA",
  "a certificate": fixture("serial-1-cert.pub"),
  "a certificate as a CA": `cert-authority ${fixture("serial-1-cert.pub")}`,
  "verify-required for a key that cannot": `verify-required ${String(ada)}`,
  "a type in other letters": String(ada).replace("ssh", "SSH"),
};

for (const [what, line] of Object.entries(refused)) {
  test(`${what}: the line is refused, and the next one is used`, () => {
    assert.deepEqual(numbers(`${line.trim()}\n${String(bob)}`), { used: [2], refused: [1] });
  });
}

test("a line of more than 8 KiB is passed over whole, and its end is no line of its own", () => {
  const long = `command="${"x".repeat(9000)}" ${String(ada)}`;
  assert.deepEqual(numbers(`${long}\n${String(bob)}`), { used: [2], refused: [1] });
  const comment = `${String(ada)} ${"x".repeat(8192 - 1 - String(ada).length)}`;
  assert.deepEqual(numbers(comment), { used: [1], refused: [] });
  assert.deepEqual(numbers(`${comment}x`), { used: [], refused: [1] });
  assert.deepEqual(numbers(`#${"x".repeat(9000)} ${String(ada)}`).used, []);
});

test("a comment may be in any encoding", () => {
  assert.deepEqual(
    numbers(Buffer.concat([Buffer.from(`${String(ada)} J`), Uint8Array.of(0xfc, 0xff), Buffer.from("rgen")])).used,
    [1],
  );
});

test("a fault never quotes its line", () => {
  const secret = "c0nfidential";
  for (const line of [
    `${secret}="x" ${String(ada)}`,
    `command=${secret} ${String(ada)}`,
    `from="${secret} x" ${String(ada)}`,
    `ssh-ed25519 ${secret}`,
  ]) {
    for (const { why } of parse(line).faults) assert.ok(!why.includes(secret), why);
    assert.equal(parse(line).faults.length, 1);
  }
});

/** What an entry holds its user to, as a set of words: taking one away would widen access. */
function kinds({ options, key }: KeyEntry): readonly string[] {
  const { restrictions, certAuthority, principals, touchRequired, verifyRequired } = options;
  return [
    String(key),
    ...Object.keys(restrictions).filter((name) => name !== "environment"),
    ...(certAuthority ? ["ca"] : []),
    ...(principals === undefined ? [] : ["principals"]),
    ...(touchRequired ? ["touch"] : []),
    ...(verifyRequired ? ["verify"] : []),
  ];
}

/** Lists of options that restrict. None opens again what another closes, so each of them has to stay. */
const restricting = fc
  .uniqueArray(
    fc.constantFrom(
      "restrict",
      "no-pty",
      "no-port-forwarding",
      "no-agent-forwarding",
      "no-x11-forwarding",
      "verify-required",
      'command="ls \\"-l\\", a"',
      'from="10.0.0.0/8,!10.0.0.1"',
      'expiry-time="20300102Z"',
      'permitopen="db:5432"',
      'permitlisten="127.0.0.1:80"',
      'environment="A=1"',
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((options) => options.join(","));

test("a byte changed, taken out or put in among options restricts as much as before, or the line is refused", () => {
  const key = `${String(sk)} comment "with" marks`;
  fc.assert(
    fc.property(
      restricting,
      fc.nat(),
      fc.constantFrom("set", "cut", "insert"),
      fc.nat(255),
      (options, where, how, byte) => {
        // A line feed makes two lines, and the second one stands for itself: that is no fault to be seen in a line.
        fc.pre(byte !== 0x0a);
        const line = Buffer.from(`${options} ${key}`);
        const at = where % (options.length + 1);
        const put = how === "cut" ? [] : [byte];
        const changed = Buffer.concat([
          line.subarray(0, at),
          Uint8Array.from(put),
          line.subarray(how === "insert" ? at : at + 1),
        ]);
        const [before] = parse(line).entries;
        const { entries: after } = parse(changed);
        assert.ok(before);
        assert.ok(after.length <= 1);
        if (after[0] !== undefined) assert.deepEqual(new Set(kinds(after[0])), new Set(kinds(before)));
      },
    ),
    { numRuns: 5000 },
  );
});

test("a line that is cut off anywhere in its options or its key is refused", () => {
  fc.assert(
    fc.property(restricting, fc.nat(), (options, where) => {
      const line = `${options} ${String(sk)}`;
      assert.deepEqual(parse(line.slice(0, where % line.length)).entries, []);
    }),
  );
});

test("any bytes give entries and faults, and nothing is thrown", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => void parseAuthorizedKeys(bytes)));
});
