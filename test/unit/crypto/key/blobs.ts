import { readFileSync } from "node:fs";
import { parsePrivateKey } from "../../../../src/crypto/index.ts";
import type { HostKey } from "../../../../src/crypto/index.ts";
import { Writer } from "../../../../src/wire/index.ts";

/** A file of ../fixtures as text. */
export function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8");
}

export function hostKey(name: string): HostKey {
  return parsePrivateKey(fixture(`${name}.key`));
}

/** A structure of strings and mpints: a key or signature blob. */
export function blob(...fields: readonly (string | Uint8Array | { mpint: Uint8Array })[]): Uint8Array {
  const to = new Writer();
  for (const field of fields) {
    if (typeof field === "string") to.utf8(field);
    else if (field instanceof Uint8Array) to.string(field);
    else to.mpint(field.mpint);
  }
  return to.finish();
}

export const hex = (text: string): Buffer => Buffer.from(text, "hex");

/** A fixture that ssh-keygen made, of each key type and size. */
export const fixtures: readonly string[] = ["ed25519", "ecdsa-256", "ecdsa-384", "ecdsa-521", "rsa-2048"];
