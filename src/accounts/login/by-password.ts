import { passwords } from "../../auth/index.ts";
import type { AuthData, AuthVerdict, Authenticator, Log } from "../../server/index.ts";
import type { Book, Entry } from "../book/book.ts";
import { keepAnew } from "../book/passwords.ts";
import type { Admission } from "./admission.ts";

/** Whose password it was, or why it was nobody's. */
export type PasswordFound = { readonly entry: Entry } | { readonly refusal: AuthVerdict };

/** Finds out whose password was given, for logins by `password` and for dialogues that ask for one. */
export class PasswordCheck {
  /** Its queue is one for all: hashes are dear. */
  readonly #authenticator: Authenticator;
  readonly #book: Book;
  /** Hashes at today's costs, by the name as it was typed, on their way from the check to the store. */
  readonly #anew: Map<string, string> = new Map();
  #log: Log = () => undefined;

  constructor(book: Book) {
    this.#book = book;
    this.#authenticator = passwords(
      async (username) => {
        const entry = await book.find(username);
        const hash = entry?.document.password;
        // Also of an account that is disabled: to refuse it takes as long as to refuse any other.
        return hash === undefined ? undefined : { hash, user: { entry } };
      },
      { rehash: (username, hash) => void this.#anew.set(username, hash) },
    );
  }

  async prepare(log: Log): Promise<void> {
    this.#log = log;
    await this.#authenticator.prepare?.(log);
  }

  async check(data: AuthData, password: string, newPassword?: string): Promise<PasswordFound> {
    const { username, peer, connection, passed } = data;
    const attempt = { username, peer, connection, passed, method: "password", password } as const;
    const verdict = await this.#authenticator.judge(newPassword === undefined ? attempt : { ...attempt, newPassword });
    if (typeof verdict === "object" && "accept" in verdict) {
      if (verdict.accept) return { entry: await this.#kept(data, verdict.user?.["entry"] as Entry) };
      if (verdict.unknownUser !== true) return { refusal: verdict };
      return { refusal: await refusalOf(this.#book, username, "the account has no password") };
    }
    return { refusal: { accept: false, why: "the password is wrong" } };
  }

  /** A hash that was made anew takes the place of the one that was checked, and of no other. */
  async #kept({ username, connection, peer }: AuthData, entry: Entry): Promise<Entry> {
    const hash = this.#anew.get(username);
    this.#anew.delete(username);
    if (hash === undefined) return entry;
    try {
      await keepAnew(this.#book, entry.document.name, hash, entry.document.password);
    } catch (error) {
      // The password is right all the same; the next login tries it again.
      const about = { connection: connection.id, peer: peer.address, username, error };
      this.#log({ level: "error", event: "password not hashed anew", ...about });
    }
    return entry;
  }
}

/** Judges logins by `password`. */
export function byPassword(check: PasswordCheck, admission: Admission): Authenticator {
  return {
    methods: ["password"],
    prepare: (log) => check.prepare(log),
    async judge(data) {
      if (data.method !== "password") return undefined;
      const found = await check.check(data, data.password, data.newPassword);
      if ("refusal" in found) return found.refusal;
      return admission.admit(found.entry, { connection: data.connection, passed: data.passed, method: "password" });
    },
  };
}

/** The refusal of a login that shows nothing which an account has. @param why of an account that there is. */
export async function refusalOf(book: Book, username: string, why: string): Promise<AuthVerdict> {
  const entry = await book.find(username);
  return entry === undefined
    ? { accept: false, why: "there is no such account", unknownUser: true }
    : { accept: false, why };
}
