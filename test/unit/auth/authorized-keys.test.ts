import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { authorizedKeys } from "../../../src/auth/index.ts";
import { parsePublicKeyBlob } from "../../../src/crypto/index.ts";
import { Authenticator } from "../../client/index.ts";
import {
  certificateOf,
  faultsIn,
  fixtureKey,
  fixturePath,
  judge,
  makeCa,
  makeKey,
  prepared,
  reasonOf,
  restrictionsOf,
  withKey,
  withPassword,
} from "./attempt.ts";
import { makeFolder, put } from "./folder.ts";

const folder = makeFolder();
const ada = fixtureKey("ada");
const bob = fixtureKey("bob");
const sk = parsePublicKeyBlob(new Authenticator("ecdsa").blob);
const touched = { present: true, verified: false };
const verified = { present: true, verified: true };

const of = (text: string, now = 0) => authorizedKeys({ text }, { now: () => now });

test("a listed key is accepted, offered or proved; another is left to the next; other methods are none of its business", async () => {
  const auth = of(`${String(ada)} ada@example`);
  assert.equal(await judge(auth, withKey(ada)), "accept");
  assert.equal(await judge(auth, withKey(ada, { proved: false })), "accept");
  assert.equal(await judge(auth, withKey(bob)), "next");
  assert.equal(await judge(auth, withPassword("x")), "next");
});

test("the verdict names the key", async () => {
  assert.deepEqual(await of(String(ada)).judge(withKey(ada)), {
    accept: true,
    restrictions: {},
    user: { key: ada.fingerprint },
  });
});

test("the options of the line become restrictions", async () => {
  const auth = of(`restrict,command="backup",permitopen="db:1",expiry-time="20300101Z" ${String(ada)}`);
  assert.deepEqual(await restrictionsOf(auth, withKey(ada)), {
    forceCommand: "backup",
    permitOpen: ["db:1"],
    expires: Date.UTC(2030, 0, 1),
    noPty: true,
    noPortForwarding: true,
    noAgentForwarding: true,
    noX11Forwarding: true,
  });
});

test("from= lets in the addresses that it matches, and no others, also for a key that is only offered", async () => {
  const auth = of(`from="192.0.2.0/24,!192.0.2.66,2001:db8::/32" ${String(ada)}`);
  for (const [address, outcome] of [
    ["192.0.2.1", "accept"],
    ["::ffff:192.0.2.1", "accept"],
    ["2001:db8::1", "accept"],
    ["192.0.2.66", "refuse"],
    ["198.51.100.1", "refuse"],
    ["2001:db9::1", "refuse"],
  ] as const) {
    for (const proved of [true, false])
      assert.equal(await judge(auth, withKey(ada, { address, proved })), outcome, address);
  }
});

test("of several lines with one key the first that lets it in counts", async () => {
  const auth = of(`from="10.0.0.0/8" ${String(ada)}\ncommand="guest" ${String(ada)}\n${String(ada)}`);
  assert.deepEqual(await restrictionsOf(auth, withKey(ada, { address: "192.0.2.1" })), { forceCommand: "guest" });
  assert.deepEqual(await restrictionsOf(auth, withKey(ada, { address: "10.1.1.1" })), {
    sourceAddress: ["10.0.0.0/8"],
  });
});

test("expiry-time ends a key in the very millisecond", async () => {
  const end = Date.UTC(2030, 0, 1);
  assert.equal(await judge(of(`expiry-time="20300101Z" ${String(ada)}`, end - 1), withKey(ada)), "accept");
  assert.equal(await judge(of(`expiry-time="20300101Z" ${String(ada)}`, end), withKey(ada)), "refuse");
});

test("a FIDO key is accepted with a touch, and without one only by no-touch-required (CVE-2026-39831)", async () => {
  const plain = of(String(sk));
  assert.equal(await judge(plain, withKey(sk, { touch: touched })), "accept");
  assert.equal(await judge(plain, withKey(sk, { touch: { present: false, verified: false } })), "refuse");
  assert.equal(await judge(plain, withKey(sk)), "refuse");
  assert.equal(await judge(plain, withKey(sk, { proved: false })), "accept");
  const untouched = of(`no-touch-required ${String(sk)}`);
  assert.equal(await judge(untouched, withKey(sk, { touch: { present: false, verified: false } })), "accept");
});

test("verify-required asks the authenticator for its owner", async () => {
  const auth = of(`verify-required ${String(sk)}`);
  assert.equal(await judge(auth, withKey(sk, { touch: touched })), "refuse");
  assert.equal(await judge(auth, withKey(sk, { touch: verified })), "accept");
  assert.equal(await judge(auth, withKey(sk, { touch: { present: false, verified: true } })), "refuse");
});

test("environment= is heeded unless it is said otherwise", async () => {
  const text = `environment="ROLE=admin" ${String(ada)}`;
  const { environment } = await restrictionsOf(authorizedKeys({ text }), withKey(ada));
  assert.deepEqual({ ...environment }, { ROLE: "admin" });
  const auth = authorizedKeys({ text }, { permitUserEnvironment: false });
  assert.deepEqual(await restrictionsOf(auth, withKey(ada)), {});
});

test("a certificate is let in by its CA's line alone, not by the line of its key, nor the CA's key by that", async () => {
  const ca = makeCa();
  const certificate = certificateOf(ada, ca, { principals: ["ada"] });
  assert.equal(await judge(of(`cert-authority ${String(ca.publicKey)}`), withKey(certificate)), "accept");
  assert.equal(await judge(of(`cert-authority ${String(makeCa().publicKey)}`), withKey(certificate)), "next");
  assert.equal(await judge(of(String(ca.publicKey)), withKey(certificate)), "next");
  assert.equal(await judge(of(String(ada)), withKey(certificate)), "next");
  assert.equal(await judge(of(`cert-authority ${String(ca.publicKey)}`), withKey(ca.publicKey)), "next");
  assert.equal(await judge(of(`cert-authority ${String(ada)}`), withKey(ada)), "next");
});

test("a certificate has to be for the user, or for one of the line's principals, letter for letter", async () => {
  const ca = makeCa();
  const line = `cert-authority ${String(ca.publicKey)}`;
  const listed = `cert-authority,principals="ops,build bot" ${String(ca.publicKey)}`;
  const named = (...principals: string[]) => withKey(certificateOf(ada, ca, { principals }));
  assert.equal(await judge(of(line), named("bob", "ada")), "accept");
  for (const principal of ["Ada", "ada ", "ada,root", "ada\u0000", "*"]) {
    if (principal.includes("\0")) continue;
    assert.equal(await judge(of(line), named(principal)), "refuse", principal);
  }
  assert.equal(await judge(of(line), named()), "refuse");
  assert.equal(await judge(of(listed), named("build bot")), "accept");
  assert.equal(await judge(of(listed), named("ops,build bot")), "refuse");
  assert.equal(await judge(of(listed), named("ada")), "refuse");
  assert.equal(await judge(of(`cert-authority,principals="" ${String(ca.publicKey)}`), named("ada")), "refuse");
});

test("what the line of a CA and the certificate say adds up", async () => {
  const ca = makeCa();
  const fields = {
    criticalOptions: { "source-address": "192.0.2.0/24" },
    extensions: { "permit-port-forwarding": "", "permit-pty": "" },
    validBefore: 2_000_000_000n,
  };
  const certificate = certificateOf(ada, ca, fields);
  const auth = of(`cert-authority,command="only",no-pty,from="192.0.0.0/16" ${String(ca.publicKey)}`);
  assert.deepEqual(await restrictionsOf(auth, withKey(certificate)), {
    forceCommand: "only",
    noPty: true,
    noAgentForwarding: true,
    noX11Forwarding: true,
    sourceAddress: ["192.0.2.0/24"],
    expires: 2_000_000_000_000,
  });
  assert.equal(await judge(auth, withKey(certificate, { address: "192.0.3.1" })), "refuse");
  const narrow = of(`cert-authority,from="192.0.2.77" ${String(ca.publicKey)}`);
  assert.equal(await judge(narrow, withKey(certificate)), "refuse");
  const brief = of(`cert-authority,expiry-time="20300101Z" ${String(ca.publicKey)}`);
  assert.equal((await restrictionsOf(brief, withKey(certificate))).expires, Date.UTC(2030, 0, 1));
});

test("two forced commands contradict each other, and one said twice does not", async () => {
  const ca = makeCa();
  const certificate = certificateOf(ada, ca, { criticalOptions: { "force-command": "one" } });
  assert.equal(await judge(of(`cert-authority,command="two" ${String(ca.publicKey)}`), withKey(certificate)), "refuse");
  const same = of(`cert-authority,command="one" ${String(ca.publicKey)}`);
  assert.equal((await restrictionsOf(same, withKey(certificate))).forceCommand, "one");
  const without = of(`cert-authority ${String(ca.publicKey)}`);
  assert.equal((await restrictionsOf(without, withKey(certificate))).forceCommand, "one");
});

test("a FIDO certificate goes without a touch only if the line and the certificate both say so", async () => {
  const ca = makeCa();
  const untouched = { touch: { present: false, verified: false } };
  const lenient = withKey(certificateOf(sk, ca, { extensions: { "no-touch-required": "" } }), untouched);
  const strict = withKey(certificateOf(sk, ca), untouched);
  const line = (options: string) => of(`cert-authority${options} ${String(ca.publicKey)}`);
  assert.equal(await judge(line(",no-touch-required"), lenient), "accept");
  assert.equal(await judge(line(""), lenient), "refuse");
  assert.equal(await judge(line(",no-touch-required"), strict), "refuse");
});

test("verify-required on the line of a CA, or in the certificate, refuses keys that cannot verify", async () => {
  const ca = makeCa();
  const line = of(`cert-authority,verify-required ${String(ca.publicKey)}`);
  assert.equal(await judge(line, withKey(certificateOf(ada, ca))), "refuse");
  assert.equal(await judge(line, withKey(certificateOf(sk, ca), { touch: touched })), "refuse");
  assert.equal(await judge(line, withKey(certificateOf(sk, ca), { touch: verified })), "accept");
});

test("a key, a CA or a certificate that is revoked is refused for good, whatever the lines say", async () => {
  const ca = makeCa();
  const certificate = certificateOf(ada, ca);
  const text = `${String(ada)}\ncert-authority ${String(ca.publicKey)}`;
  for (const [list, key] of [
    [String(ada), ada],
    [String(ada), certificate],
    [String(ca.publicKey), certificate],
    [String(certificate), ada],
  ] as const) {
    assert.equal(await judge(authorizedKeys({ text }, { revoked: { list } }), withKey(key)), "refuse");
  }
  const other = authorizedKeys({ text }, { revoked: { list: String(bob) } });
  assert.equal(await judge(other, withKey(certificate)), "accept");
});

test("a refusal says in the log which line and why, without quoting it", async () => {
  const auth = of(
    `${String(bob)}\nfrom="10.0.0.0/8" ${String(ada)}\nexpiry-time="19710101Z" ${String(ada)}`,
    Date.UTC(2026, 0),
  );
  assert.equal(await reasonOf(auth, withKey(ada)), "line 2: it is not for this address; line 3: it has expired");
});

test("a file is read again when it changes, and takes its keys along when it goes", async () => {
  const file = put(join(folder, "changing"), `${String(ada)}\n`);
  const { auth } = await prepared(authorizedKeys({ file }));
  assert.equal(await judge(auth, withKey(ada)), "accept");
  put(file, `${String(bob)}\n`);
  assert.equal(await judge(auth, withKey(ada)), "next");
  assert.equal(await judge(auth, withKey(bob)), "accept");
  rmSync(file);
  assert.equal(await judge(auth, withKey(bob)), "next");
});

test("a line that cannot be read is named with its file and number at the start, and lets nobody in", async () => {
  const file = put(join(folder, "faulty"), `${String(bob)}\nno-ptty ${String(ada)}\nfrom="x ${String(ada)}\n`);
  const { auth, entries } = await prepared(authorizedKeys({ file }));
  assert.deepEqual(
    entries.map(({ level, event }) => [level, event]),
    [
      ["warn", "authorized key not used"],
      ["warn", "authorized key not used"],
    ],
  );
  assert.deepEqual(
    faultsIn(entries).map(({ file, line }) => [file, line]),
    [
      [file, 2],
      [file, 3],
    ],
  );
  assert.equal(await judge(auth, withKey(ada)), "next");
  assert.equal(await judge(auth, withKey(bob)), "accept");
  assert.equal(entries.length, 2);
});

test("a file full of faults fills no log", async () => {
  const file = put(join(folder, "noise"), "x\n".repeat(30_000));
  const { entries } = await prepared(authorizedKeys({ file }));
  assert.equal(entries.length, 21);
});

test("a file that others can write to, that is too long, no file at all or a pipe lets nobody in, and the log says why", async () => {
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const files = [
    put(join(folder, "open"), String(ada), 0o666),
    put(join(folder, "long"), `${String(ada)}\n${"#".repeat(65_536)}`),
    pipe,
    join(folder, "missing"),
  ];
  for (const file of files) {
    const { auth, entries } = await prepared(authorizedKeys({ file }));
    assert.equal(await judge(auth, withKey(ada)), "next", file);
    assert.deepEqual(
      faultsIn(entries).map(({ file }) => file),
      [file],
    );
  }
  const lax = authorizedKeys({ file: files[0]! }, { strictModes: false });
  assert.equal(await judge(lax, withKey(ada)), "accept");
});

test("each user may have a file, and a name that is no part of a path has none", async () => {
  put(join(folder, "ada"), String(ada));
  const asked: string[] = [];
  const { auth, entries } = await prepared(
    authorizedKeys({
      file: (username) => {
        asked.push(username);
        return username === "nobody" ? undefined : join(folder, "keys", "..", username);
      },
    }),
  );
  assert.equal(await judge(auth, withKey(ada)), "accept");
  assert.equal(await judge(auth, withKey(ada, { username: "bob" })), "next");
  assert.equal(await judge(auth, withKey(ada, { username: "nobody" })), "next");
  assert.deepEqual(asked, ["ada", "bob", "nobody"]);
  const names = [
    "../ada",
    "../../x",
    "..",
    ".",
    ".ssh",
    "a/b",
    "/etc/passwd",
    "a\\b",
    "C:x",
    "-rf",
    "~root",
    "a\nb",
    "a\u0085",
    "",
    "é".repeat(128),
  ];
  for (const username of names) assert.equal(await judge(auth, withKey(ada, { username })), "next", username);
  assert.deepEqual(asked, ["ada", "bob", "nobody"]);
  assert.deepEqual(entries, []);
});

test("the lines of a user may come from a function", async () => {
  const { auth, entries } = await prepared(
    authorizedKeys((username) => Promise.resolve(username === "ada" ? `bad\nno-pty ${String(ada)}` : undefined)),
  );
  assert.deepEqual(await restrictionsOf(auth, withKey(ada)), { noPty: true });
  assert.equal(await judge(auth, withKey(ada, { username: "bob" })), "next");
  await judge(auth, withKey(ada));
  assert.deepEqual(
    faultsIn(entries).map(({ line }) => line),
    [1],
    "a fault is said once, not at each login",
  );
  const long = authorizedKeys(() => `${String(ada)}\n${"#".repeat(65_536)}`);
  const { auth: prepareds, entries: said } = await prepared(long);
  assert.equal(await judge(prepareds, withKey(ada)), "next");
  assert.equal(said.length, 1);
});

test("a function that fails is the server's to see", async () => {
  const auth = authorizedKeys(() => Promise.reject(new Error("no database")));
  await assert.rejects(async () => auth.judge(withKey(ada)), /no database/);
});

test("files that ssh-keygen made: a key, and a certificate under its CA", async () => {
  assert.equal(
    await judge(authorizedKeys({ file: fixturePath("ada.pub") }, { strictModes: false }), withKey(ada)),
    "accept",
  );
  const auth = of(`cert-authority ${String(fixtureKey("ca"))}`);
  assert.deepEqual(await restrictionsOf(auth, withKey(fixtureKey("serial-5-cert"))), {});
  assert.equal(await judge(auth, withKey(fixtureKey("laptop-other-cert"))), "next");
});

test("a key that is not the one that was offered is never matched by its beginning or its end", async () => {
  const auth = of(String(ada));
  for (let index = 0; index < 20; index++) assert.equal(await judge(auth, withKey(makeKey().publicKey)), "next");
});
