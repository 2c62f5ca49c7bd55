import { randomBytes, timingSafeEqual } from "node:crypto";
import { formatPhc, parsePhc } from "./phc.ts";
import type { PhcString } from "./phc.ts";
import type { Scheme } from "./schemes.ts";
import { schemeOf, schemes } from "./schemes.ts";

/** How {@link hashPassword} hashes. */
export interface HashOptions {
  /** Default `argon2id`; `scrypt` on a Node before 24.7, which has no other. */
  readonly scheme?: "argon2id" | "scrypt";
}

/** What {@link verifyPassword} found out. */
export interface PasswordFinding {
  readonly ok: boolean;
  /** The password is right, and its hash is not as new ones are: store a new one, since now the password is at hand. */
  readonly rehash: boolean;
}

const SALT_LENGTH = 16;
const HASH_LENGTH = 32;

/**
 * Hashes a password for keeping, with a salt of its own, as a string in the PHC format: `$argon2id$v=19$m=19456,t=2,p=1$…`.
 * It costs 65 ms and 19 MiB on an ordinary machine, off the event loop.
 */
export async function hashPassword(password: string, options: HashOptions = {}): Promise<string> {
  const record = blank(schemes.get(options.scheme ?? preferred().id) ?? preferred());
  const scheme = schemeOf(record);
  return formatPhc({ ...record, hash: await scheme.derive(password, record, HASH_LENGTH) });
}

/**
 * Compares a password with a stored hash, in a time that does not depend on where they differ.
 *
 * @throws {AuthError} `BAD_HASH` when the hash is none of those that {@link hashPassword} makes.
 */
export async function verifyPassword(password: string, hash: string): Promise<PasswordFinding> {
  const record = parsePhc(hash);
  const scheme = schemeOf(record);
  const derived = await scheme.derive(password, record, record.hash.length);
  const ok = timingSafeEqual(derived, record.hash);
  return { ok, rehash: ok && !isAsNew(record) };
}

/**
 * A hash that no password has, and that costs to verify what `like` costs, or else what a new hash costs. For users that
 * there are not.
 */
export function impossibleHash(like?: string): string {
  const record = like === undefined ? blank(preferred()) : parsePhc(like);
  if (like !== undefined) schemeOf(record);
  return formatPhc({ ...record, salt: randomBytes(record.salt.length), hash: randomBytes(record.hash.length) });
}

function preferred(): Scheme {
  return [...schemes.values()].find(({ isAvailable }) => isAvailable)!;
}

function blank({ id, version, parameters }: Scheme): PhcString {
  const values = new Map(Array.from(parameters, ([name, { preferred: value }]) => [name, value]));
  return { id, version, parameters: values, salt: randomBytes(SALT_LENGTH), hash: new Uint8Array(HASH_LENGTH) };
}

function isAsNew({ id, parameters, salt, hash }: PhcString): boolean {
  const { id: newest, parameters: costs } = preferred();
  return (
    id === newest &&
    salt.length >= SALT_LENGTH &&
    hash.length >= HASH_LENGTH &&
    [...costs].every(([name, { preferred: cost }]) => (parameters.get(name) ?? 0) >= cost)
  );
}
