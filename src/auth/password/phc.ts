import { AuthError } from "../error.ts";

/**
 * A password hash in the PHC string format: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`, with salt and hash in Base64
 * without padding (https://github.com/P-H-C/phc-string-format).
 */
export interface PhcString {
  readonly id: string;
  readonly version: number | undefined;
  /** Names and whole numbers. */
  readonly parameters: ReadonlyMap<string, number>;
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

/** No hash that is well-meant is longer. */
const MAX_LENGTH = 512;

/** @throws {AuthError} `BAD_HASH` when the text is not of that form. */
export function parsePhc(text: string): PhcString {
  const match =
    text.length <= MAX_LENGTH
      ? /^\$([a-z0-9-]{1,32})(?:\$v=(\d{1,3}))?\$((?:[a-z]{1,8}=\d{1,10},?)+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(
          text,
        )
      : null;
  if (match === null) throw badHash("it is not a string such as $argon2id$v=19$m=…,t=…,p=…$salt$hash");
  const [, id = "", version, list = "", salt = "", hash = ""] = match;
  const parameters = new Map(list.split(",").map((entry) => parameter(entry)));
  return {
    id,
    version: version === undefined ? undefined : Number(version),
    parameters,
    salt: fromBase64(salt),
    hash: fromBase64(hash),
  };
}

/** Writes a {@link PhcString}. */
export function formatPhc({ id, version, parameters, salt, hash }: PhcString): string {
  const list = [...parameters].map(([name, value]) => `${name}=${value}`).join(",");
  const parts = [id, ...(version === undefined ? [] : [`v=${version}`]), list, toBase64(salt), toBase64(hash)];
  return `$${parts.join("$")}`;
}

/** The error for a stored hash that cannot be used. It never quotes the hash. */
export function badHash(why: string): AuthError {
  return new AuthError("BAD_HASH", `A stored password hash cannot be used: ${why}. Make it with hashPassword().`);
}

function parameter(entry: string): [string, number] {
  const [name = "", value = ""] = entry.split("=");
  if (value === "") throw badHash("its parameters are not names and numbers");
  return [name, Number(value)];
}

function fromBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, "base64");
  // Buffer.from passes over what does not belong: what it read has to be all that there was.
  if (toBase64(bytes) !== text) throw badHash("its salt or its hash is not Base64 without padding");
  return bytes;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replaceAll("=", "");
}
