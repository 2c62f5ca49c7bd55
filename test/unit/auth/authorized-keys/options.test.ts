import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { LineFault } from "../../../../src/auth/authorized-keys/line-fault.ts";
import { endOfOptions, parseOptions } from "../../../../src/auth/authorized-keys/options.ts";
import type { Restrictions } from "../../../../src/server/index.ts";

const latin1 = (text: string): string => Buffer.from(text).toString("latin1");
const restrictions = (text: string): Restrictions => parseOptions(latin1(text)).restrictions;

const RESTRICT = { noPty: true, noPortForwarding: true, noAgentForwarding: true, noX11Forwarding: true };

const understood: Readonly<Record<string, Restrictions>> = {
  "no-pty": { noPty: true },
  "no-port-forwarding": { noPortForwarding: true },
  "no-agent-forwarding": { noAgentForwarding: true },
  "no-x11-forwarding": { noX11Forwarding: true },
  "No-X11-Forwarding,NO-PTY": { noX11Forwarding: true, noPty: true },
  "no-user-rc": {},
  'tunnel="0"': {},
  restrict: RESTRICT,
  "restrict,pty": { noPortForwarding: true, noAgentForwarding: true, noX11Forwarding: true },
  "restrict,port-forwarding,agent-forwarding": { noPty: true, noX11Forwarding: true },
  "pty,restrict": RESTRICT,
  'command="ls -l"': { forceCommand: "ls -l" },
  'command=""': { forceCommand: "" },
  'command="echo \\"a, b\\" \\\\ c"': { forceCommand: 'echo "a, b" \\\\ c' },
  'command="grüße",no-pty': { forceCommand: "grüße", noPty: true },
  'from="10.0.0.0/8,!10.1.2.3,2001:db8::/32,192.0.2.*,*.example.org"': {
    sourceAddress: ["10.0.0.0/8", "!10.1.2.3", "2001:db8::/32", "192.0.2.*", "*.example.org"],
  },
  'expiry-time="20300102Z"': { expires: Date.UTC(2030, 0, 2) },
  'expiry-time="20300102Z",expiry-time="20290102Z"': { expires: Date.UTC(2029, 0, 2) },
  'expiry-time="20290102Z",expiry-time="20300102Z"': { expires: Date.UTC(2029, 0, 2) },
  'permitopen="db.internal:5432",permitopen="[::1]:*",permitopen="*:80"': {
    permitOpen: ["db.internal:5432", "[::1]:*", "*:80"],
  },
  'permitlisten="8080",permitlisten="localhost:*"': { permitListen: ["8080", "localhost:*"] },
};

for (const [text, expected] of Object.entries(understood)) {
  test(`${text} is understood`, () => assert.deepEqual(restrictions(text), expected));
}

test("environment variables are kept, the first of a name counts, and no name is special", () => {
  const { environment } = restrictions(
    'environment="A=1",environment="B=x=y",environment="A=2",environment="__proto__=3"',
  );
  assert.deepEqual(Object.entries(environment ?? {}), [
    ["A", "1"],
    ["B", "x=y"],
    ["__proto__", "3"],
  ]);
});

test("a FIDO key needs a touch and no more, unless its line says otherwise", () => {
  const rule = (text: string) => {
    const { touchRequired, verifyRequired } = parseOptions(text);
    return [touchRequired, verifyRequired];
  };
  assert.deepEqual(rule("pty"), [true, false]);
  assert.deepEqual(rule("no-touch-required"), [false, false]);
  assert.deepEqual(rule("verify-required"), [true, true]);
  assert.deepEqual(rule("no-touch-required,touch-required,verify-required,no-verify-required"), [true, false]);
});

test("a CA has principals, and one of them may have a space", () => {
  const { certAuthority, principals } = parseOptions('cert-authority,principals="ada,build bot"');
  assert.deepEqual([certAuthority, principals], [true, ["ada", "build bot"]]);
  assert.deepEqual(parseOptions('cert-authority,principals=""').principals, []);
  assert.equal(parseOptions("cert-authority").principals, undefined);
});

const refused = [
  "",
  ",",
  "no-pty,",
  ",no-pty",
  "no-pty,,restrict",
  "no-pty;restrict",
  'command="ls";no-pty',
  "nopty",
  "no-no-pty",
  "no-restrict",
  "no-cert-authority",
  "constructor",
  "__proto__",
  'constructor="x"',
  "unknown",
  'unknown="x"',
  'no-command="x"',
  'pty="yes"',
  "command",
  "command=ls",
  "command='ls'",
  'command="ls',
  'command="ls\\"',
  'command="ls"no-pty',
  'command="ls" ',
  'command ="ls"',
  'command="ls",command="ls"',
  'from="10.0.0.1",from="10.0.0.1"',
  'from=""',
  'from="10.0.0.1,"',
  'from="!"',
  'from="10.0.0.0/33"',
  'from="10.0.0.1/8"',
  'from="10.0.0.0/08x"',
  'from="10.0.0.0/"',
  'from="2001:db8::1/32"',
  'from="2001:db8::/129"',
  'from="::ffff:10.0.0.1/104"',
  'from="example/24"',
  'from="10.0.0.1 10.0.0.2"',
  'from="10.0.0.0/8/8"',
  'principals="ada"',
  'cert-authority,principals="ada",principals="bob"',
  'expiry-time="2030"',
  'expiry-time="20300230"',
  'expiry-time="20301301"',
  'expiry-time="203001022460"',
  'expiry-time="19600101"',
  'expiry-time="20300102z z"',
  'expiry-time="never"',
  'permitopen="80"',
  'permitopen="host"',
  'permitopen="host:"',
  'permitopen=":80"',
  'permitopen="host:0"',
  'permitopen="host:65536"',
  'permitopen="host:80,host:81"',
  'permitopen="::1:80"',
  'permitopen="none"',
  'permitlisten="0"',
  'permitlisten="any"',
  'environment="A"',
  'environment="=1"',
  'environment="A B=1"',
  'tunnel="none"',
  'command="\u00ff"',
];

for (const text of refused) {
  test(`${JSON.stringify(text)} is refused`, () => assert.throws(() => parseOptions(text), LineFault));
}

test("options end at the first space outside of quotation marks", () => {
  for (const options of ["no-pty", 'command="a b\tc"', 'command="a \\" b",no-pty']) {
    assert.equal(endOfOptions(`${options} ssh-ed25519 AAAA`), options.length);
    assert.equal(endOfOptions(`${options}\tssh-ed25519 AAAA`), options.length);
  }
  assert.throws(() => endOfOptions('command="a b ssh-ed25519 AAAA'), LineFault);
  assert.throws(() => endOfOptions("restrict"), LineFault);
});

test("any value comes out of its quotation marks as it went in", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (value) => {
      // sshd(8) has no way to write a backslash before a quotation mark.
      fc.pre(!/\\(?:"|$)/.test(value) && !value.includes("\0"));
      const quoted = `command="${value.replaceAll('"', '\\"')}"`;
      assert.deepEqual(restrictions(quoted), { forceCommand: value });
    }),
  );
});

test("any text gives options or a fault of the line", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parseOptions(text);
      } catch (error) {
        assert.ok(error instanceof LineFault);
      }
    }),
  );
});
