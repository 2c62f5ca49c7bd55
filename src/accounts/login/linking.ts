import type { AuthData, AuthVerdict, Connection } from "../../server/index.ts";
import { Tries } from "../../auth/index.ts";
import { parseKey, withKey } from "../account/keys.ts";
import type { Book, Entry } from "../book/book.ts";
import { hashCode } from "../book/recovery.ts";
import type { Admission } from "./admission.ts";

type KeyData = AuthData & { readonly method: "publickey" };
type DialogueData = AuthData & { readonly method: "keyboard-interactive" };

const MAX_TRIES = 5;
const PERIOD = 600_000;

/**
 * Links a key of another machine to an account, by a code that its holder has asked for: as long as there is one, a key that
 * is not the account's may be proved, and has to be followed by the code.
 */
export class Linking {
  readonly #book: Book;
  readonly #admission: Admission;
  readonly #tries = new Tries(MAX_TRIES, PERIOD);
  /** The key that a connection has proved, and for which account. Nothing is kept of one that was only offered. */
  readonly #proved: WeakMap<Connection, { readonly id: string; readonly line: string }> = new WeakMap();

  constructor(book: Book, admission: Admission) {
    this.#book = book;
    this.#admission = admission;
  }

  /** What is said to a key that is not the account's; undefined when nobody has asked for a code. */
  offer({ document }: Entry, data: KeyData): AuthVerdict | undefined {
    const { key, proved, connection, passed } = data;
    const { link } = document;
    if (link === undefined || link.until <= this.#book.options.now()) return undefined;
    // A certificate is for a while, and a FIDO key that nobody touched shows nothing.
    if (key.certificate !== undefined || passed.length > 0) return undefined;
    if (!proved) return true;
    if (data.touch?.present === false) return { accept: false, why: "nobody touched its authenticator" };
    this.#proved.set(connection, { id: document.id, line: key.toString() });
    return { partial: ["keyboard-interactive"] };
  }

  /** Whether the dialogue that begins is about a key that waits to be linked. */
  isAwaited(data: DialogueData): boolean {
    return this.#proved.has(data.connection) && data.passed.length === 1 && data.passed[0] === "publickey";
  }

  /** Asks for the code; when it is right, the key is the account's from then on. */
  async judge(entry: Entry, data: DialogueData): Promise<AuthVerdict> {
    const proved = this.#proved.get(data.connection);
    const code = await data.prompt("Code to link this key: ");
    const now = this.#book.options.now();
    if (!this.#tries.take(entry.key, now)) return { accept: false, why: "too many wrong codes for this account" };
    const key = parseKey(proved?.line);
    let isRight = false;
    const changed = await this.#book.change(entry.document.name, ({ link, ...document }) => {
      isRight =
        link !== undefined &&
        link.until > now &&
        link.hash === hashCode(document.id, code) &&
        document.id === proved?.id;
      return isRight ? { ...document, keys: withKey(document.keys, key) } : undefined;
    });
    if (!isRight) return { accept: false, why: "the code to link a key is wrong" };
    this.#proved.delete(data.connection);
    this.#tries.clear(entry.key);
    return this.#admission.admit(changed, {
      connection: data.connection,
      passed: [],
      method: "publickey",
      key: key.fingerprint,
      user: { key: key.fingerprint },
    });
  }
}
