import { randomBytes } from "node:crypto";
import type { Otpauth } from "./load-otpauth.ts";
import { loadOtpauth } from "./load-otpauth.ts";

/** What codes are made by. They have to be those that the user's app was set up with. */
export interface TotpRule {
  /** How many digits a code has. Default 6. */
  readonly digits?: 6 | 7 | 8;
  /** How long a code is good, in seconds. Default 30. */
  readonly period?: number;
  /** Default SHA1, the only one that every app knows; as HMAC it is not broken. */
  readonly algorithm?: "SHA1" | "SHA256" | "SHA512";
  /** How many codes before and after the present one are taken, for clocks that go wrong. Default 1, at most 10. */
  readonly window?: number;
}

/** RFC 4226 §4 asks for 128 bits; authenticator apps have made secrets of 80 for years. */
const MIN_SECRET_BYTES = 10;
/** What new secrets have: 160 bits, as RFC 4226 §4 recommends. */
export const SECRET_BYTES = 20;

let otpauth: Promise<Otpauth> | undefined;

/**
 * The number of a code (RFC 6238 §4.2), when it is one that is good now; undefined when it is wrong. Whoever lets somebody in
 * by it has to remember the number, and let in by none that is not higher: a code counts once.
 *
 * @param secret in Base32; without one, what is found out takes as long and is nothing.
 * @param now milliseconds since 1970.
 * @throws ConfigError `MISSING_PACKAGE`, and an Error for a secret that is none.
 */
export async function totpStep(
  code: string,
  secret: string | undefined,
  rule: TotpRule = {},
  now: number = Date.now(),
): Promise<number | undefined> {
  const { digits = 6, period = 30, algorithm = "SHA1", window = 1 } = rule;
  const { Secret, TOTP } = await (otpauth ??= loadOtpauth());
  // A user without a secret costs what every other does; this one nobody has.
  const key =
    secret === undefined
      ? new Secret({ buffer: Uint8Array.from(randomBytes(SECRET_BYTES)).buffer })
      : Secret.fromBase32(secret);
  if (key.bytes.length < MIN_SECRET_BYTES) throw new Error("The secret of a user is too short: see newTotp().");
  const delta = new TOTP({ secret: key, digits, period, algorithm }).validate({ token: code, window, timestamp: now });
  return delta === null || secret === undefined ? undefined : Math.floor(now / 1000 / period) + delta;
}
