/** FIDO keys, in software: a real `ssh` logs in with keys of an agent that signs as an authenticator does. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { authorizedKeys, certificates, publicKeys } from "../../../src/auth/index.ts";
import { parsePublicKey, parsePublicKeyBlob } from "../../../src/crypto/index.ts";
import type { Authenticator as WayIn } from "../../../src/index.ts";
import { Authenticator } from "../../client/index.ts";
import { Authority, makeFolder, startAgent } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";
import { startGate } from "./gate.ts";
import type { Entry } from "./gate.ts";

const KINDS = ["ed25519", "ecdsa"] as const;
/** What an authenticator may say of a signature: nobody was there, somebody touched it, and it was its owner. */
const NOBODY = 0x00;
const TOUCHED = 0x01;
const VERIFIED = 0x04;

const UNTOUCHED = /nobody touched its authenticator$/;
const UNVERIFIED = /its authenticator has not verified its owner$/;

/** The line of a `.pub` file. */
function lineOf(token: Authenticator): string {
  return parsePublicKeyBlob(token.blob).toString();
}

/** Knocks with an authenticator that signs with these flags, and shows the key or a certificate over it. */
async function knock(
  t: TestContext,
  token: Authenticator,
  { flags, certificate, auth }: { flags: number; certificate?: string; auth: readonly WayIn[] },
): Promise<Entry | undefined> {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return undefined;
  const blob = certificate === undefined ? token.blob : parsePublicKey(readFileSync(certificate, "utf8")).blob;
  const env = await startAgent(t, [{ blob, sign: (data) => token.sign(data, { flags }) }]);
  const gate = await startGate(t, ssh, auth);
  return gate.knock({ key: null, env, options: { IdentitiesOnly: "no" } });
}

function assertEntry(entry: Entry | undefined, why: RegExp | undefined): void {
  if (entry === undefined) return;
  const { isIn, whys, status, stderr } = entry;
  assert.equal(isIn, why === undefined, `${whys.join()}\n${stderr}`);
  assert.equal(status, why === undefined ? 0 : 255);
  if (why !== undefined) assert.match(whys.join(), why);
}

const told = (flags: number): string =>
  [flags & TOUCHED && "touched", flags & VERIFIED && "verified"].filter(Boolean).join(" and ") || "left alone";

/** What a line of authorized keys says, how the authenticator is used, and why that does not do. */
const LINES: readonly (readonly [options: string, flags: number, why: RegExp | undefined])[] = [
  ["", TOUCHED, undefined],
  ["", TOUCHED | VERIFIED, undefined],
  ["", NOBODY, UNTOUCHED],
  ["", VERIFIED, UNTOUCHED],
  ["no-touch-required ", NOBODY, undefined],
  ["verify-required ", TOUCHED, UNVERIFIED],
  ["verify-required ", VERIFIED, UNTOUCHED],
  ["verify-required ", TOUCHED | VERIFIED, undefined],
  ["verify-required,no-touch-required ", VERIFIED, undefined],
  ["verify-required,no-touch-required ", TOUCHED, UNVERIFIED],
];

/** The same of certificates: options for `ssh-keygen`. */
const CERTIFICATES: readonly (readonly [args: readonly string[], flags: number, why: RegExp | undefined])[] = [
  [[], TOUCHED, undefined],
  [[], NOBODY, UNTOUCHED],
  [["-O", "no-touch-required"], NOBODY, undefined],
  [["-O", "verify-required"], TOUCHED, UNVERIFIED],
  [["-O", "verify-required"], TOUCHED | VERIFIED, undefined],
  [["-O", "verify-required", "-O", "no-touch-required"], VERIFIED, undefined],
];

/** Certificates under a line with cert-authority: a touch can be done without only where both say so, as in sshd. */
const CA_LINES: readonly (readonly [
  options: string,
  args: readonly string[],
  flags: number,
  why: RegExp | undefined,
])[] = [
  ["cert-authority", [], TOUCHED, undefined],
  ["cert-authority", ["-O", "no-touch-required"], NOBODY, UNTOUCHED],
  ["cert-authority,no-touch-required", [], NOBODY, UNTOUCHED],
  ["cert-authority,no-touch-required", ["-O", "no-touch-required"], NOBODY, undefined],
  ["cert-authority,verify-required", [], TOUCHED, UNVERIFIED],
  ["cert-authority,verify-required", [], TOUCHED | VERIFIED, undefined],
];

async function certify(t: TestContext, token: Authenticator, args: readonly string[]) {
  const keygen = requirePeer(t, "ssh-keygen");
  if (keygen === undefined) return undefined;
  const authority = await Authority.make(keygen);
  const file = join(makeFolder(), "token.pub");
  writeFileSync(file, `${lineOf(token)} a token\n`);
  return { authority, certificate: await authority.certify(file, ["-I", "x", "-n", "alice", ...args]) };
}

for (const kind of KINDS) {
  const token = new Authenticator(kind);
  const { algorithm } = token;

  for (const [options, flags, why] of LINES) {
    test(`ssh with ${algorithm}, ${told(flags)}, is ${why ? "refused" : "let in"} by the line "${options}KEY"`, async (t) => {
      const auth = [authorizedKeys({ text: `${options}${lineOf(token)} alice\n` })];
      assertEntry(await knock(t, token, { flags, auth }), why);
    });
  }

  for (const [args, flags, why] of CERTIFICATES) {
    const given = args.join(" ") || "without options";
    test(`ssh with a certificate (${given}) over ${algorithm}, ${told(flags)}, is ${why ? "refused" : "let in"}`, async (t) => {
      const { authority, certificate } = (await certify(t, token, args)) ?? {};
      if (authority === undefined || certificate === undefined) return;
      const auth = [certificates({ trusted: { file: authority.publicFile } })];
      assertEntry(await knock(t, token, { flags, certificate, auth }), why);
    });
  }

  for (const [options, args, flags, why] of CA_LINES) {
    const given = args.join(" ") || "without options";
    test(`ssh with a certificate (${given}) over ${algorithm}, ${told(flags)}, is ${why ? "refused" : "let in"} by the line "${options} CA"`, async (t) => {
      const { authority, certificate } = (await certify(t, token, args)) ?? {};
      if (authority === undefined || certificate === undefined) return;
      const auth = [authorizedKeys({ text: `${options} ${authority.line}\n` })];
      assertEntry(await knock(t, token, { flags, certificate, auth }), why);
    });
  }

  test(`ssh with ${algorithm} needs the touch that publicKeys asks for`, async (t) => {
    const auth = (finding: object): WayIn[] => [publicKeys(() => ({ accept: true, ...finding }))];
    assertEntry(await knock(t, token, { flags: NOBODY, auth: auth({}) }), UNTOUCHED);
    assertEntry(await knock(t, token, { flags: NOBODY, auth: auth({ touchRequired: false }) }), undefined);
    assertEntry(await knock(t, token, { flags: TOUCHED, auth: auth({ verifyRequired: true }) }), UNVERIFIED);
  });

  test(`ssh is refused with a signature of ${algorithm} that says it was touched, where what was signed says it was not`, async (t) => {
    const auth = [authorizedKeys({ text: lineOf(token) })];
    const ssh = requirePeer(t, "ssh");
    if (ssh === undefined) return;
    const gate = await startGate(t, ssh, auth);
    const untouched = (data: Uint8Array): Uint8Array => {
      const signature = Buffer.from(token.sign(data, { flags: NOBODY }));
      // PROTOCOL.u2f: the flags and the counter are the last five bytes.
      signature[signature.length - 5] = TOUCHED;
      return signature;
    };
    const env = await startAgent(t, [{ blob: token.blob, sign: untouched }]);
    const entry = await gate.knock({ key: null, env, options: { IdentitiesOnly: "no" } });
    assert.deepEqual([entry.isIn, entry.whys], [false, ["the signature does not verify"]]);
  });
}
