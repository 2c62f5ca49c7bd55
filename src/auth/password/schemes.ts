import * as crypto from "node:crypto";
import { promisify } from "node:util";
import { badHash } from "./phc.ts";
import type { PhcString } from "./phc.ts";

/** All that is known about one way of hashing passwords. */
export interface Scheme {
  readonly id: string;
  readonly version: number | undefined;
  /** Each parameter: what a new hash gets, and what a stored one may have at most. */
  readonly parameters: ReadonlyMap<string, { readonly preferred: number; readonly most: number }>;
  /** The bytes of memory that one derivation takes. */
  memory(parameters: PhcString["parameters"]): number;
  /** Whether this Node has it. */
  readonly isAvailable: boolean;
  /** Runs off the event loop, on a thread of libuv's pool. */
  derive(password: string, from: Pick<PhcString, "parameters" | "salt">, length: number): Promise<Uint8Array>;
}

const KIB = 1024;
/** The most memory that one derivation may take: a stored hash must not be a way to bring the server down. */
const MAX_MEMORY = 1024 ** 3;
const MAX_LENGTH = 64;
const MIN_HASH_LENGTH = 16;
const MIN_SALT_LENGTH = 8;

/** Costs are those of OWASP's Password Storage Cheat Sheet: about 65 ms and 160 ms on the machine it was tried on. */
const argon2id: Scheme = {
  id: "argon2id",
  version: 19,
  parameters: new Map([
    ["m", { preferred: 19_456, most: MAX_MEMORY / KIB }],
    ["t", { preferred: 2, most: 64 }],
    ["p", { preferred: 1, most: 16 }],
  ]),
  memory: (parameters) => value(parameters, "m") * KIB,
  // Node 24.7 brought it.
  isAvailable: typeof crypto.argon2 === "function",
  async derive(password, { parameters, salt }, length) {
    if (!this.isAvailable) throw badHash("it is by argon2id, which takes Node 24.7 or later");
    const [memory, passes, parallelism] = [value(parameters, "m"), value(parameters, "t"), value(parameters, "p")];
    // RFC 9106 §3.1: at least 8 KiB for each lane.
    if (memory < 8 * parallelism) throw badHash("its memory is too small for its parallelism");
    const options = { message: password, nonce: salt, parallelism, tagLength: length, memory, passes };
    return promisify(crypto.argon2)("argon2id", options);
  },
};

const scrypt: Scheme = {
  id: "scrypt",
  version: undefined,
  parameters: new Map([
    ["ln", { preferred: 14, most: 20 }],
    ["r", { preferred: 8, most: 32 }],
    ["p", { preferred: 5, most: 16 }],
  ]),
  memory: (parameters) => 128 * 2 ** value(parameters, "ln") * value(parameters, "r"),
  isAvailable: true,
  async derive(password, { parameters, salt }, length) {
    const [ln, r, p] = [value(parameters, "ln"), value(parameters, "r"), value(parameters, "p")];
    // The limit of OpenSSL counts a little more than the table itself.
    const maxmem = this.memory(parameters) + 128 * r * p + 64 * KIB;
    return promisify<string, Uint8Array, number, crypto.ScryptOptions, Buffer>(crypto.scrypt)(password, salt, length, {
      N: 2 ** ln,
      r,
      p,
      maxmem,
    });
  },
};

/** Every scheme by its name in the hash, in order of preference. */
export const schemes: ReadonlyMap<string, Scheme> = new Map([argon2id, scrypt].map((scheme) => [scheme.id, scheme]));

/**
 * The scheme of a stored hash.
 *
 * @throws {AuthError} `BAD_HASH` when there is none, or the costs are not such that one would pay them.
 */
export function schemeOf({ id, version, parameters, salt, hash }: PhcString): Scheme {
  const scheme = schemes.get(id);
  if (scheme === undefined || version !== scheme.version) {
    throw badHash(`it is not by one of ${[...schemes.keys()].join(", ")}, in the usual version`);
  }
  const names = [...scheme.parameters.keys()].join();
  if ([...parameters.keys()].join() !== names) throw badHash(`its parameters are not ${names}`);
  for (const [name, { most }] of scheme.parameters) {
    const given = value(parameters, name);
    if (given < 1 || given > most) throw badHash(`its parameter ${name} is not between 1 and ${most}`);
  }
  if (scheme.memory(parameters) > MAX_MEMORY) throw badHash(`it takes more than ${MAX_MEMORY} bytes of memory`);
  if (salt.length < MIN_SALT_LENGTH || salt.length > MAX_LENGTH) throw badHash("its salt is not of 8 to 64 bytes");
  if (hash.length < MIN_HASH_LENGTH || hash.length > MAX_LENGTH) throw badHash("its hash is not of 16 to 64 bytes");
  return scheme;
}

function value(parameters: PhcString["parameters"], name: string): number {
  return parameters.get(name) ?? 0;
}
