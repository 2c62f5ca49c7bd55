import { assertShape, isOneOf, isText, isTextOrBytes } from "../arguments.ts";
import { resolve } from "node:path";
import { ConfigError } from "../../server/index.ts";
import type { OfferedKey } from "../../server/index.ts";
import { WatchedFile } from "../file/watched-file.ts";
import type { Journal } from "../journal.ts";
import { parseKeyLines } from "./key-lines.ts";
import { KRL_MAGIC, parseKrl } from "./krl.ts";
import type { RevocationList } from "./revoked-keys.ts";

/**
 * Where revoked keys are listed: a Key Revocation List as `ssh-keygen -k` makes it, or public keys one a line. A file is
 * read again when it has changed, and may have 4 MiB.
 */
export type RevocationSource = { readonly file: string } | { readonly list: string | Uint8Array };

/** A list of a million serial numbers has one MiB if they follow each other, and eight if not. */
const MAX_LENGTH = 4 * 1024 ** 2;

/** The keys and certificates that are not good any more, whatever else speaks for them. */
export class Revocations {
  readonly #source: WatchedFile<RevocationList> | RevocationList;
  /** What an operator knows the list by. */
  readonly #name: string;

  /** @throws ConfigError `BAD_KEY_FILE` when a list that is given as such is broken. */
  constructor(source: RevocationSource, journal: Journal) {
    assertShape(
      isOneOf(source, { file: isText, list: isTextOrBytes }),
      "The option revoked",
      "{ file } with a path, or { list } with a KRL or keys",
    );
    if ("file" in source) {
      const file = resolve(source.file);
      this.#name = `The list of revoked keys ${file}`;
      this.#source = new WatchedFile(file, {
        // As in sshd, whose RevokedKeys and TrustedUserCAKeys need no strict modes: they are the operator's.
        rules: { maxLength: MAX_LENGTH, strictModes: false },
        onFailure: "keep",
        parse: parseFile,
        failed: (error) =>
          journal.warn("revocation list not read", { file, why: `${error.message} The last one holds on.` }),
      });
    } else {
      this.#name = "The option revoked";
      this.#source = orConfigError(() => parseList(Buffer.from(source.list)), this.#name);
    }
  }

  /** @throws ConfigError `BAD_KEY_FILE` when the list cannot be read: without it too many would get in. */
  async prepare(): Promise<void> {
    if (!(this.#source instanceof WatchedFile)) return;
    try {
      await this.#source.demand();
    } catch (error) {
      throw configError(this.#name, error);
    }
  }

  /** Whether a key, its certificate, or the CA of that has been revoked. Nothing is good as long as there is no list. */
  async has(key: OfferedKey): Promise<boolean> {
    const list = this.#source instanceof WatchedFile ? await this.#source.value() : this.#source;
    if (list === undefined) return true;
    const { certificate } = key;
    if (certificate === undefined) return list.hasKey(key.blob);
    return (
      list.hasKey(certificate.publicKey.blob) ||
      list.hasCertificate(certificate) ||
      list.hasKey(certificate.signatureKey.blob)
    );
  }
}

/** A file that was cut to nothing, by a full disk or by who is just writing it, is no list that revokes nothing. */
function parseFile(bytes: Buffer): RevocationList {
  if (bytes.length === 0) throw new Error("It is empty. One that revokes nothing has a comment in it: # nothing");
  return parseList(bytes);
}

function parseList(bytes: Buffer): RevocationList {
  return bytes.subarray(0, KRL_MAGIC.length).equals(KRL_MAGIC) ? parseKrl(bytes) : parseKeyLines(bytes);
}

function orConfigError<Value>(make: () => Value, what: string): Value {
  try {
    return make();
  } catch (error) {
    throw configError(what, error);
  }
}

function configError(what: string, cause: unknown): ConfigError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ConfigError("BAD_KEY_FILE", `${what} cannot be used: ${why}`, { cause });
}
