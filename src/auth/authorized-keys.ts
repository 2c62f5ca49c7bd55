import { assertOptions, assertShape, isFunction, isOneOf, isText } from "./arguments.ts";
import { signatureAlgorithms } from "../crypto/index.ts";
import type { AuthData, Authenticator, AuthVerdict, OfferedKey, Restrictions } from "../server/index.ts";
import { matchesAddress } from "../server/index.ts";
import type { AuthorizedKeysSource } from "./authorized-keys/key-source.ts";
import { entriesOf } from "./authorized-keys/key-source.ts";
import type { KeyEntry } from "./authorized-keys/parse.ts";
import { checkCertificate } from "./certificate/check.ts";
import type { Terms } from "./certificate/terms.ts";
import { Journal } from "./journal.ts";
import type { RevocationSource } from "./revocation/revocations.ts";
import { Revocations } from "./revocation/revocations.ts";
import { touchFault } from "./touch.ts";

/** How {@link authorizedKeys} goes about it. */
export interface AuthorizedKeysOptions {
  /**
   * Refuses files that others than their owner could have written, or that lie where others can write. Default true, as
   * in sshd. Files may belong to root or to the user of the process; a process of root takes those of anybody.
   */
  readonly strictModes?: boolean;
  /** Whether `environment=` is heeded. Default true; say false where users write these files themselves. */
  readonly permitUserEnvironment?: boolean;
  /** Keys, CAs and certificates that are not good any more, whatever the lines say. */
  readonly revoked?: RevocationSource;
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

type KeyData = AuthData & { readonly method: "publickey" };
type Refusal = { readonly why: string };

/**
 * Lets in whoever holds one of a user's authorized keys, written as OpenSSH does, with all its options:
 *
 *     auth: [authorizedKeys({ file: (username) => `/srv/app/keys/${username}` })]
 *
 * The function is asked only for names that can be one part of a path: without slashes and leading dots. Of several
 * lines with a key the first whose options let it in counts. A line that is not understood, an option that is unknown, a
 * file above 64 KiB, a line above 8 KiB let nobody in, and the log says which. Files are read again when they change.
 *
 * The verdict attaches `key`, the fingerprint, to `client.user`.
 */
export function authorizedKeys(source: AuthorizedKeysSource, options: AuthorizedKeysOptions = {}): Authenticator {
  const { strictModes = true, permitUserEnvironment = true, now = Date.now } = options;
  assertShape(
    typeof source === "function" || isOneOf(source, { file: (file) => isText(file) || isFunction(file), text: isText }),
    "The source of authorizedKeys()",
    "{ file } with a path or a function of a user name, { text } with the lines, or a function that gives them",
  );
  assertOptions("authorizedKeys()", options, ["strictModes", "permitUserEnvironment", "revoked", "now"]);
  const journal = new Journal();
  const entries = entriesOf(source, strictModes, journal);
  const revocations = options.revoked === undefined ? undefined : new Revocations(options.revoked, journal);

  return {
    methods: ["publickey"],

    async prepare(log) {
      journal.use(log);
      await revocations?.prepare();
      // What is wrong with keys for all users should be said now, not at the first login; it lets in too few, not too many.
      if (typeof source === "object" && !("file" in source && typeof source.file === "function")) await entries("");
    },

    async judge(data): Promise<AuthVerdict | undefined> {
      if (data.method !== "publickey") return undefined;
      const listed = (await entries(data.username)).filter((entry) => concerns(entry, data.key));
      if (listed.length === 0) return undefined;
      if (await revocations?.has(data.key)) return { accept: false, why: "the key has been revoked" };
      const reasons: string[] = [];
      for (const entry of listed) {
        const terms = termsOfLine(entry, data, now());
        if ("why" in terms) {
          reasons.push(`line ${entry.line}: ${terms.why}`);
          continue;
        }
        const { environment, ...others } = terms.restrictions;
        const restrictions = permitUserEnvironment && environment !== undefined ? { ...others, environment } : others;
        return { accept: true, restrictions, user: { key: data.key.fingerprint } };
      }
      return { accept: false, why: reasons.join("; ") };
    },
  };
}

/** A line is about a key, or about the CA of its certificate; a certificate is not the key that it is for. */
function concerns({ key, options }: KeyEntry, offered: OfferedKey): boolean {
  const { certificate } = offered;
  return certificate === undefined
    ? !options.certAuthority && key.equals(offered)
    : options.certAuthority && key.equals(certificate.signatureKey);
}

function termsOfLine({ options }: KeyEntry, data: KeyData, now: number): Terms | Refusal {
  const { certificate } = data.key;
  const principals = options.principals ?? [data.username];
  const certified = certificate && checkCertificate(certificate, { principals, algorithms: signatureAlgorithms, now });
  if (certified !== undefined && "why" in certified) return certified;
  const terms = certified === undefined ? options : together(options, certified);
  if ("why" in terms) return terms;
  const { expires = Infinity } = terms.restrictions;
  if (now >= expires) return { why: "it has expired" };
  const lists = [options.restrictions.sourceAddress, certified?.restrictions.sourceAddress];
  if (lists.some((list) => list !== undefined && !matchesAddress(data.peer.address, list))) {
    return { why: "it is not for this address" };
  }
  const fault = touchFault(data, terms);
  return fault === undefined ? terms : { why: fault };
}

/** What both the line of a CA and the certificate allow (OpenSSH's sshauthopt_merge). */
function together(line: Terms, certificate: Terms): Terms | Refusal {
  const { forceCommand: command, ...ofLine } = line.restrictions;
  const { forceCommand = command, ...ofCertificate } = certificate.restrictions;
  if (command !== undefined && forceCommand !== command)
    return { why: "the line and the certificate force two commands" };
  const expires = Math.min(ofLine.expires ?? Infinity, ofCertificate.expires ?? Infinity);
  const restrictions: Restrictions = {
    ...ofLine,
    // Both lists of addresses are looked at before this is used, and an address stays what it is.
    ...ofCertificate,
    ...(forceCommand !== undefined && { forceCommand }),
    ...(expires !== Infinity && { expires }),
  };
  return {
    restrictions,
    touchRequired: line.touchRequired || certificate.touchRequired,
    verifyRequired: line.verifyRequired || certificate.verifyRequired,
  };
}
