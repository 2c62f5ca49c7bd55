import { parseAuthorizedKeys } from "../../auth/index.ts";
import { AccountError } from "../error.ts";

/** A public key of an account. */
export interface AccountKey {
  /** As in an authorized_keys file: options, type, key and comment. */
  readonly line: string;
  /** The type of the key, such as `ssh-ed25519`. */
  readonly type: string;
  /** `SHA256:…`, as `ssh-keygen -lf` prints it. */
  readonly fingerprint: string;
  readonly comment: string;
  /** The options in front of it, as they were written: `from="10.0.0.0/8",no-pty`. Empty for none. */
  readonly options: string;
  /** It is a CA's: not let in itself, but the certificates that it signs. */
  readonly certAuthority: boolean;
}

/** What a text of several keys holds. */
export interface KeyList {
  readonly keys: readonly AccountKey[];
  /** Lines that hold no key that can be used, by their numbers, from 1 on. They are not quoted. */
  readonly faults: readonly { readonly line: number; readonly why: string }[];
}

/** What a login reads: more than that would be passed over. */
const MAX_TEXT = 65_536;
const MAX_KEYS = 100;

/**
 * Reads one key, as a line of an authorized_keys or a `.pub` file has it.
 *
 * @throws {AccountError} `BAD_VALUE`.
 */
export function parseKey(text: unknown): AccountKey {
  const { keys, faults } = parseKeys(text);
  const [key, ...others] = keys;
  if (faults[0] !== undefined) throw bad(`cannot be used: ${faults[0].why}`);
  if (key === undefined) throw bad("is missing: give a line such as ssh-ed25519 AAAA… comment");
  if (others.length > 0) throw bad("is not one alone: add them one by one, or import the list");
  return key;
}

/**
 * Reads keys as they come in files: an authorized_keys file, a list such as `https://github.com/NAME.keys`, or the JSON of
 * GitHub's API, `[{ "key": "ssh-ed25519 AAAA…" }]`.
 *
 * @throws {AccountError} `BAD_VALUE` when it is no text, or longer than 64 KiB.
 */
export function parseKeys(text: unknown): KeyList {
  if (typeof text !== "string") throw bad("is no text");
  if (Buffer.byteLength(text) > MAX_TEXT) throw bad(`list is longer than ${MAX_TEXT} bytes`);
  const lines = text.trimStart().startsWith("[") ? linesInJson(text) : text.replace(/^\ufeff/, "").split("\n");
  const keys: AccountKey[] = [];
  const faults: KeyList["faults"][number][] = [];
  for (const [index, line] of lines.entries()) {
    const { entries, faults: found } = parseAuthorizedKeys(Buffer.from(line));
    for (const { why } of found) faults.push({ line: index + 1, why });
    for (const { key, options, hasOptions } of entries) {
      if (/\p{Cc}/u.test(line.trim().replaceAll("\t", " ")))
        faults.push({ line: index + 1, why: "it has control characters" });
      else
        keys.push({
          ...parts(line.trim(), key.toString(), hasOptions),
          fingerprint: key.fingerprint,
          certAuthority: options.certAuthority,
        });
    }
  }
  return { keys, faults };
}

/**
 * The keys of an account with one more; one that is there already gets a new line.
 *
 * @throws {AccountError} `BAD_VALUE` when there are more of them than a login reads.
 */
export function withKey(keys: readonly AccountKey[], key: AccountKey): readonly AccountKey[] {
  const all = [...keys.filter(({ fingerprint }) => fingerprint !== key.fingerprint), key];
  if (all.length > MAX_KEYS || Buffer.byteLength(linesOf(all)) > MAX_TEXT) {
    throw new AccountError("BAD_VALUE", `An account has at most ${MAX_KEYS} public keys, in 64 KiB: remove one first.`);
  }
  return all;
}

/** The keys as an authorized_keys file. */
export function linesOf(keys: readonly AccountKey[]): string {
  return keys.map(({ line }) => `${line}\n`).join("");
}

/** The parts of a line that is known to be one. */
function parts(
  line: string,
  bare: string,
  hasOptions: boolean,
): Pick<AccountKey, "line" | "type" | "comment" | "options"> {
  const [type = "", base64 = ""] = bare.split(" ");
  // Options may quote anything, also a key: what counts stands behind them. Without any it is the first that does.
  const at = hasOptions ? line.lastIndexOf(base64) : line.indexOf(base64);
  const before = line.slice(0, at).trimEnd();
  return {
    line,
    type,
    comment: line.slice(at + base64.length).trim(),
    options: before.slice(0, before.length - type.length).trimEnd(),
  };
}

function linesInJson(text: string): readonly string[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (cause) {
    throw bad("list begins as JSON and is none", cause);
  }
  return (list as unknown[]).map((entry) => {
    const line: unknown = typeof entry === "object" && entry !== null && "key" in entry ? entry.key : entry;
    // A line break in it would be a line more.
    return typeof line === "string" ? line.replaceAll(/[\r\n]/g, "\0") : "\0";
  });
}

function bad(why: string, cause?: unknown): AccountError {
  return new AccountError("BAD_VALUE", `The public key ${why}.`, { cause });
}
