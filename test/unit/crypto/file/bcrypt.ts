import { createHash } from "node:crypto";
// @ts-expect-error it ships no types
import bcryptPbkdf from "bcrypt-pbkdf";
import type { BcryptPbkdf } from "../../../../src/crypto/index.ts";

const known = new Map<string, Uint8Array>();

/** The derivation of the real package; it takes 11 ms a round, so what it has done once it remembers. */
export const bcrypt: BcryptPbkdf = (passphrase, salt, rounds, length) => {
  const name = [passphrase, salt].map((bytes) => Buffer.from(bytes).toString("hex")).join() + [rounds, length].join();
  const key = known.get(name) ?? derive(passphrase, salt, rounds, length);
  known.set(name, key);
  // Whoever asked will zero it.
  return Uint8Array.from(key);
};

const derive: BcryptPbkdf = (passphrase, salt, rounds, length) => {
  const key = new Uint8Array(length);
  const result: unknown = bcryptPbkdf.pbkdf(passphrase, passphrase.length, salt, salt.length, key, length, rounds);
  if (result !== 0) throw new Error("bcrypt_pbkdf refuses its arguments");
  return key;
};

/** One that takes no time, for tests that need any derivation at all. */
export const quick: BcryptPbkdf = (passphrase, salt, rounds, length) =>
  createHash("shake256", { outputLength: length }).update(passphrase).update(salt).update(`${rounds}`).digest();

export const PASSPHRASE = "open sesame";
