import type { AuthData, Authenticator, AuthVerdict, Awaitable } from "../server/index.ts";
import { ConfigError } from "../server/index.ts";
import { assertOptions, assertShape, assertWhole } from "./arguments.ts";
import { Journal } from "./journal.ts";
import { loadOtpauth } from "./totp/load-otpauth.ts";
import type { TotpRule } from "./totp/step.ts";
import { SECRET_BYTES, totpStep } from "./totp/step.ts";
import { Tries } from "./totp/tries.ts";
import { UsedCodes } from "./totp/used-codes.ts";

/** What {@link totp} goes by. Digits, period and algorithm have to be those that the users' apps were set up with. */
export interface TotpOptions extends TotpRule {
  /** A user's secret in Base32, at least 16 characters; `undefined` for a user who has none, and who is refused. */
  readonly secret: (username: string) => Awaitable<string | undefined>;
  /** How many wrong codes a user has in ten minutes, from wherever; then all are refused. Default 10. */
  readonly maxFailures?: number;
  /**
   * Claims a code for a user, so that it counts once: resolves to false when this step or a later one has been claimed.
   * Default a memory of this process; several machines need one that they share.
   */
  readonly claim?: (username: string, step: number) => Awaitable<boolean>;
  /** What the user is asked. Default `Verification code: `. */
  readonly prompt?: string;
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

const FAILURE_PERIOD = 600_000;

/**
 * Asks for a one-time code of an authenticator app (TOTP, RFC 6238), by keyboard-interactive. Meant as the second factor:
 *
 *     auth: [publicKeys(knows), totp({ secret: (username) => db.totpSecret(username) })],
 *     authenticationMethods: ["publickey,keyboard-interactive"]
 *
 * Each code counts once. A user that there is not is asked as everybody is. The codes are checked by the package
 * `otpauth`, which has to be installed.
 *
 * @throws ConfigError `BAD_OPTION`; at the start `MISSING_PACKAGE`.
 */
export function totp(options: TotpOptions): Authenticator {
  assertShape(
    typeof options?.secret === "function",
    "The options of totp()",
    "{ secret } with a function of a user name that gives a secret in Base32",
  );
  assertOptions("totp()", options, [
    "secret",
    "digits",
    "period",
    "algorithm",
    "window",
    "maxFailures",
    "claim",
    "prompt",
    "now",
  ]);
  const { digits = 6, period = 30, algorithm = "SHA1", window = 1, maxFailures = 10 } = options;
  const { prompt = "Verification code: ", now = Date.now } = options;
  assertWhole("totp: digits", digits, 6, 8);
  assertShape(["SHA1", "SHA256", "SHA512"].includes(algorithm), "totp: algorithm", "SHA1, SHA256 or SHA512");
  assertWhole("totp: period", period, 1, 3600);
  assertWhole("totp: window", window, 0, 10);
  assertWhole("totp: maxFailures", maxFailures, 1, 1_000_000);
  const journal = new Journal();
  const used = new UsedCodes();
  const tries = new Tries(maxFailures, FAILURE_PERIOD);
  const claim =
    options.claim ?? ((username, step) => used.claim(username, step, Math.floor(now() / 1000 / period) - window));
  async function verdictOn(code: string, data: AuthData): Promise<AuthVerdict> {
    const { username } = data;
    const isInTime = tries.take(username, now());
    const secret = await options.secret(username);
    let step;
    try {
      step = await totpStep(code, secret, { digits, period, algorithm, window }, now());
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      // What the package throws quotes a character of the secret.
      journal.error(
        "one-time code not checked",
        data,
        new Error("The secret of a user is not Base32 of 16 characters or more."),
      );
      return false;
    }
    if (!isInTime) return { accept: false, why: "too many wrong codes for this user" };
    if (secret === undefined) return { accept: false, why: "the user has no secret for codes" };
    if (step === undefined) return { accept: false, why: "the code is wrong" };
    const isNew: unknown = await claim(username, step);
    if (isNew !== true) return { accept: false, why: "the code has been used" };
    tries.clear(username);
    return true;
  }

  return {
    methods: ["keyboard-interactive"],

    async prepare(log) {
      journal.use(log);
      await loadOtpauth();
    },

    async judge(data): Promise<AuthVerdict | undefined> {
      if (data.method !== "keyboard-interactive") return undefined;
      // Apps show codes in groups, and people type them so.
      const code = (await data.prompt(prompt)).replaceAll(/[ -]/g, "");
      return verdictOn(code, data);
    },
  };
}

/** What a user sets up an authenticator app with. */
export interface NewTotp {
  /** For keeping, and for typing: Base32. It is a secret as a password is, and cannot be kept as a hash. */
  readonly secret: string;
  /** The same as a link, to be shown as a QR code: `otpauth://totp/…`. */
  readonly uri: string;
}

/**
 * Makes a new secret for a user, with the default digits, period and algorithm.
 *
 * @param issuer the name of the service, as the app shows it.
 * @throws ConfigError `MISSING_PACKAGE`.
 */
export async function newTotp({
  issuer,
  username,
}: {
  readonly issuer: string;
  readonly username: string;
}): Promise<NewTotp> {
  const { Secret, TOTP } = await loadOtpauth();
  const secret = new Secret({ size: SECRET_BYTES });
  return { secret: secret.base32, uri: new TOTP({ issuer, label: username, secret }).toString() };
}
