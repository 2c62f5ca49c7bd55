import { assertOptions, assertShape, isOneOf, isText } from "./arguments.ts";
import { resolve } from "node:path";
import { signatureAlgorithms } from "../crypto/index.ts";
import type { PublicKey } from "../crypto/index.ts";
import type { Authenticator, AuthVerdict, Awaitable } from "../server/index.ts";
import { ConfigError, matchesAddress } from "../server/index.ts";
import { MAX_KEYS_LENGTH, parseAuthorizedKeys } from "./authorized-keys/parse.ts";
import { checkCertificate } from "./certificate/check.ts";
import { AuthError } from "./error.ts";
import { WatchedFile } from "./file/watched-file.ts";
import { Journal } from "./journal.ts";
import type { RevocationSource } from "./revocation/revocations.ts";
import { Revocations } from "./revocation/revocations.ts";
import { touchFault } from "./touch.ts";

/** Whom {@link certificates} lets in. */
export interface CertificateOptions {
  /**
   * The CAs: their public keys, one a line, as in sshd_config's TrustedUserCAKeys. A file is read again when it changes;
   * one that cannot be read stops the start, and later is not taken: the CAs that it had before stay.
   */
  readonly trusted: { readonly file: string } | { readonly text: string };
  /** Keys, CAs and certificates that are not good any more. A list that cannot be read is treated as `trusted`'s. */
  readonly revoked?: RevocationSource;
  /**
   * The principals by which a user may log in: one of them has to be in the certificate, letter for letter. Default the
   * user name alone. `undefined` and an empty list: none.
   */
  readonly principals?: (username: string) => Awaitable<readonly string[] | undefined>;
  /** The algorithms by which CAs may sign (CASignatureAlgorithms). Default all that the engine has; SHA-1 is not among them. */
  readonly algorithms?: readonly string[];
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Lets in whoever holds a certificate of a trusted CA that is for the user and in force:
 *
 *     auth: [certificates({ trusted: { file: "/etc/app/user_ca.pub" }, revoked: { file: "/etc/app/revoked.krl" } })]
 *
 * Its critical options force-command, source-address and verify-required are kept to, and an unknown one makes it
 * worthless; what no extension permits (a terminal, forwarding) is forbidden. A certificate of another CA is left to the
 * next authenticator; one of a trusted CA that is not good is refused for good.
 *
 * The verdict attaches `key`, `keyId` and `serial` to `client.user`.
 *
 * @throws ConfigError `BAD_OPTION` for an algorithm that there is not, `BAD_KEY_FILE` for a list that is given and broken.
 */
export function certificates(options: CertificateOptions): Authenticator {
  assertShape(
    isOneOf(options?.trusted, { file: isText, text: isText }),
    "The option trusted of certificates()",
    "{ file } with a path, or { text } with the public keys of CAs",
  );
  assertOptions("certificates()", options, ["trusted", "revoked", "principals", "algorithms", "now"]);
  const { principals = (username: string) => [username], algorithms = signatureAlgorithms, now = Date.now } = options;
  const unknown = algorithms.find((name) => !signatureAlgorithms.includes(name));
  if (unknown !== undefined) {
    throw new ConfigError(
      "BAD_OPTION",
      `There is no signature algorithm ${unknown}; there are ${signatureAlgorithms.join(", ")}.`,
    );
  }
  const journal = new Journal();
  const trusted = new TrustedCas(options.trusted, journal);
  const revocations = options.revoked === undefined ? undefined : new Revocations(options.revoked, journal);

  return {
    methods: ["publickey"],

    async prepare(log) {
      journal.use(log);
      await trusted.prepare();
      await revocations?.prepare();
    },

    async judge(data): Promise<AuthVerdict | undefined> {
      if (data.method !== "publickey") return undefined;
      const { key, username, peer } = data;
      const { certificate } = key;
      if (certificate === undefined) return undefined;
      if (!(await trusted.current()).some((ca) => ca.equals(certificate.signatureKey))) return undefined;
      const refused = (why: string): AuthVerdict => ({
        accept: false,
        why: `certificate ${certificate.serial}: ${why}`,
      });
      if (await revocations?.has(key)) return refused("it has been revoked");
      const allowed = (await principals(username)) ?? [];
      const terms = checkCertificate(certificate, { principals: allowed, algorithms, now: now() });
      if ("why" in terms) return refused(terms.why);
      const { restrictions } = terms;
      if (restrictions.sourceAddress !== undefined && !matchesAddress(peer.address, restrictions.sourceAddress)) {
        return refused("it is not for this address");
      }
      const fault = touchFault(data, terms);
      if (fault !== undefined) return refused(fault);
      const { keyId, serial } = certificate;
      return { accept: true, restrictions, user: { key: key.fingerprint, keyId, serial: String(serial) } };
    },
  };
}

/** The keys of the CAs, from a file or as they were given. */
class TrustedCas {
  readonly #source: WatchedFile<readonly PublicKey[]> | { readonly text: string };
  readonly #journal: Journal;
  #given: readonly PublicKey[] | undefined;

  constructor(source: CertificateOptions["trusted"], journal: Journal) {
    this.#journal = journal;
    if ("text" in source) {
      this.#source = source;
      return;
    }
    const file = resolve(source.file);
    this.#source = new WatchedFile(file, {
      rules: { maxLength: MAX_KEYS_LENGTH, strictModes: false },
      onFailure: "keep",
      parse: (bytes) => this.#parse(bytes, file),
      failed: (error) => journal.warn("trusted CAs not read", { file, why: `${error.message} The last ones hold on.` }),
    });
  }

  /** @throws ConfigError `BAD_KEY_FILE`. */
  async prepare(): Promise<void> {
    try {
      if (this.#source instanceof WatchedFile) await this.#source.demand();
      else await this.current();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new ConfigError("BAD_KEY_FILE", `The CAs of the option trusted cannot be used: ${why}`, { cause: error });
    }
  }

  async current(): Promise<readonly PublicKey[]> {
    if (this.#source instanceof WatchedFile) return (await this.#source.value()) ?? [];
    return (this.#given ??= this.#parse(Buffer.from(this.#source.text), "the option trusted"));
  }

  /** A line that is no key is passed over, which trusts nobody; options have no place here. */
  #parse(bytes: Uint8Array, file: string): readonly PublicKey[] {
    const { entries, faults } = parseAuthorizedKeys(bytes);
    const bare = entries.filter(({ hasOptions }) => !hasOptions);
    const others = entries.filter(({ hasOptions }) => hasOptions);
    const why = "it has options, which are not heeded here: put them into an authorized_keys file, with cert-authority";
    for (const fault of [...faults, ...others.map(({ line }) => ({ line, why }))]) {
      this.#journal.warn("trusted CA not used", { file, ...fault });
    }
    if (bare.length === 0) throw new AuthError("NO_KEYS", `There is no usable public key in ${file}.`);
    return bare.map(({ key }) => key);
  }
}
