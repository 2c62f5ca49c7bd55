import { isIP } from "node:net";
import { AuthError } from "../../../src/auth/index.ts";
import { parseAddressList, parseBlockList } from "../../../src/auth/authorized-keys/address-list.ts";
import { LineFault } from "../../../src/auth/authorized-keys/line-fault.ts";
import { parseExpiryTime } from "../../../src/auth/authorized-keys/expiry-time.ts";
import { parseOptions } from "../../../src/auth/authorized-keys/options.ts";
import { parseAuthorizedKeys } from "../../../src/auth/authorized-keys/parse.ts";
import { checkCertificate } from "../../../src/auth/certificate/check.ts";
import { schemeOf } from "../../../src/auth/password/schemes.ts";
import { parsePhc } from "../../../src/auth/password/phc.ts";
import { parseKeyLines } from "../../../src/auth/revocation/key-lines.ts";
import { parseKrl } from "../../../src/auth/revocation/krl.ts";
import {
  generatePrivateKey,
  parsePrivateKey,
  parsePublicKeyBlob,
  signatureAlgorithms,
} from "../../../src/crypto/index.ts";
import { matchesAddress } from "../../../src/index.ts";
import { Writer } from "../../../src/wire/index.ts";
import { Authenticator, certify, strings } from "../../client/index.ts";
import type { Signer } from "../../client/index.ts";
import { decoder } from "../decoders.ts";
import type { Random } from "../random.ts";
import type { Target } from "../target.ts";

const ca = parsePrivateKey(generatePrivateKey("ed25519"));
const signer: Signer = { blob: ca.publicKey.blob, sign: (data) => ca.sign("ssh-ed25519", data) };
const token = parsePublicKeyBlob(new Authenticator("ed25519").blob);
const line = ca.publicKey.toString();

const options = [
  "restrict,pty",
  "no-pty,no-port-forwarding",
  'command="echo \\"a b\\"",environment="A=1"',
  'from="10.0.0.0/8,!10.0.0.1,2001:db8::/32"',
  'expiry-time="20300102030405Z"',
  'permitopen="[::1]:80",permitlisten="8080"',
  'cert-authority,principals="ada,bob"',
];

function authorizedKeys(random: Random): Uint8Array {
  const lines = Array.from({ length: 1 + random.below(4) }, () => `${random.pick(options)} ${line} comment`);
  return Buffer.from(["# keys", ...lines, `verify-required ${token.toString()}`].join("\n"));
}

function section(type: number, data: Uint8Array): Uint8Array {
  return new Writer().byte(type).string(data).finish();
}

function krl(random: Random): Uint8Array {
  const serials = [
    section(0x20, new Writer().uint64(7n).uint64(9n).finish()),
    section(0x21, new Writer().uint64(10n).uint64(20n).finish()),
    section(
      0x22,
      new Writer()
        .uint64(100n)
        .mpint(Uint8Array.of(9, 36, 146))
        .finish(),
    ),
    section(0x23, strings(["stolen"])),
    section(0x39, new Writer().utf8("x").boolean(false).utf8("").finish()),
  ];
  const sections = [
    section(1, new Writer().string(ca.publicKey.blob).utf8("").bytes(Buffer.concat(serials)).finish()),
    section(2, new Writer().string(token.blob).finish()),
    section(3, new Writer().string(new Uint8Array(20)).finish()),
    section(5, new Writer().string(new Uint8Array(32)).finish()),
    section(255, new Writer().utf8("x").boolean(false).utf8("").finish()),
  ];
  const to = new Writer().bytes(Buffer.from("SSHKRL\n\0")).uint32(1).uint64(1n).uint64(0n).uint64(0n).utf8("").utf8("");
  return to.bytes(Buffer.concat(sections.filter(() => random.chance(0.7)))).finish();
}

function criticalOptions(random: Random): Uint8Array {
  const all = [
    new Writer()
      .utf8("force-command")
      .string(strings(["ls"]))
      .finish(),
    new Writer()
      .utf8("source-address")
      .string(strings(["10.0.0.0/8,2001:db8::/32"]))
      .finish(),
    new Writer().utf8("verify-required").utf8("").finish(),
  ];
  return Buffer.concat(all.filter(() => random.chance(0.6)));
}

/** A decoder that may also throw the errors of this folder. */
function fileDecoder(
  name: string,
  seeds: (random: Random) => Uint8Array,
  decode: (bytes: Uint8Array) => unknown,
): Target {
  return decoder(name, seeds, (bytes) => {
    try {
      decode(bytes);
    } catch (error) {
      if (!(error instanceof AuthError) && !(error instanceof LineFault)) throw error;
    }
  });
}

/** Every decoder of what logins are judged by: files of keys and revocations, options of certificates, password hashes. */
export const authDecoders: readonly Target[] = [
  fileDecoder("authorized-keys", authorizedKeys, parseAuthorizedKeys),
  fileDecoder(
    "key-options",
    (random) => Buffer.from(Array.from({ length: 1 + random.below(3) }, () => random.pick(options)).join()),
    (bytes) => parseOptions(Buffer.from(bytes).toString("latin1")),
  ),
  fileDecoder(
    "expiry-time",
    (random) => Buffer.from(random.pick(["20300102030405Z", "203001020304", "20300102", "20300230UTC"])),
    (bytes) => parseExpiryTime(Buffer.from(bytes).toString("latin1")),
  ),
  fileDecoder(
    "address-list",
    () => Buffer.from("10.0.0.0/8,!10.0.0.1,2001:db8::/32,192.0.2.*"),
    (bytes) => {
      for (const parse of [parseAddressList, parseBlockList]) parse(Buffer.from(bytes).toString("latin1"));
    },
  ),
  fileDecoder(
    "address-match",
    (random) =>
      Buffer.from(
        random.pick(["10.0.0.0/8,!10.0.0.1", "2001:db8::/32,*", "192.0.2.?,*.*.*.*", "*?".repeat(random.length(4000))]),
      ),
    (bytes) => {
      const patterns = Buffer.from(bytes).toString("latin1").split(",");
      for (const address of ["10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1", "fe80::1%eth0", "", "@pipe"]) {
        matchesAddress(address, patterns);
        // Whom a list names must not be let in by it, whatever else it says.
        if (matchesAddress(address, [...patterns, `!${address}`]) && isIP(address) !== 0) {
          throw new Error(`${address} was let in by a list that keeps it out`);
        }
      }
    },
  ),
  fileDecoder("krl", krl, (bytes) => {
    const list = parseKrl(bytes);
    const { certificate } = parsePublicKeyBlob(certify(token.blob, signer, { serial: 9n }));
    list.hasKey(token.blob);
    list.hasCertificate(certificate!);
  }),
  fileDecoder("revoked-keys", () => Buffer.from(`# gone\n${line} me\n${token.toString()}\n`), parseKeyLines),
  fileDecoder("certificate-options", criticalOptions, (bytes) => {
    const { certificate } = parsePublicKeyBlob(certify(token.blob, signer, { criticalOptions: bytes }));
    checkCertificate(certificate!, { principals: ["ada"], algorithms: signatureAlgorithms, now: 0 });
  }),
  fileDecoder(
    "password-hash",
    (random) =>
      Buffer.from(
        random.pick([
          "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
          "$scrypt$ln=14,r=8,p=5$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        ]),
      ),
    (bytes) => schemeOf(parsePhc(Buffer.from(bytes).toString("latin1"))),
  ),
];
