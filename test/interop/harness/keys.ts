import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generatePrivateKey, parsePrivateKey } from "../../../src/crypto/index.ts";
import type { GeneratedKeyType } from "../../../src/crypto/index.ts";

/** Every kind of key that a host or a user can have. */
export const keyKinds = ["ed25519", "ecdsa-256", "ecdsa-384", "ecdsa-521", "rsa-2048", "rsa-3072"] as const;

export type KeyKind = (typeof keyKinds)[number];

const made = new Map<string, string>();

const parent = mkdtempSync(join(tmpdir(), "sallyport-interop-"));
process.on("exit", () => rmSync(parent, { recursive: true, force: true }));

/** A new folder, which goes away with the process. */
export function makeFolder(): string {
  return mkdtempSync(join(parent, "f"));
}

const folder = makeFolder();

/** The private key of a user, as a file; always the same within one process. */
export function userKeyFile(kind: KeyKind): string {
  return keyFile("user", kind);
}

/** The private key of the host, as a file; always the same within one process. */
export function hostKeyFile(kind: KeyKind): string {
  return keyFile("host", kind);
}

/** The text of a private key file. */
export function privateKey(owner: "user" | "host", kind: KeyKind): string {
  const name = `${owner}-${kind}`;
  const known = made.get(name);
  if (known !== undefined) return known;
  const [type, bits] = kind.split("-") as [GeneratedKeyType, string?];
  const text = generatePrivateKey(type, { comment: name, ...(bits !== undefined && { bits: Number(bits) }) });
  made.set(name, text);
  return text;
}

/** The public key, as an authorized_keys file has it. */
export function publicKey(owner: "user" | "host", kind: KeyKind): string {
  return parsePrivateKey(privateKey(owner, kind)).publicKey.toString();
}

function keyFile(owner: "user" | "host", kind: KeyKind): string {
  const path = join(folder, `${owner}-${kind}`);
  // Not written anew: another program may be reading it.
  if (existsSync(path)) return path;
  writeFileSync(path, privateKey(owner, kind), { mode: 0o600 });
  // Some programs look for the public key beside the private one.
  writeFileSync(`${path}.pub`, `${publicKey(owner, kind)} ${owner}-${kind}\n`);
  return path;
}
