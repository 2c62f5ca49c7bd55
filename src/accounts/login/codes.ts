import { Tries, totpStep } from "../../auth/index.ts";
import type { Book, Entry } from "../book/book.ts";
import { hashCode } from "../book/recovery.ts";

const MAX_TRIES = 10;
const PERIOD = 600_000;
/** What an authenticator app shows; everything else can only be a recovery code. */
const TOTP = /^\d{6}$/;

/** Checks codes of authenticator apps, and recovery codes. Each counts once, whichever process is asked. */
export class Codes {
  readonly #book: Book;
  readonly #tries = new Tries(MAX_TRIES, PERIOD);

  constructor(book: Book) {
    this.#book = book;
  }

  /** Why a code is not good; undefined when it is, and has been used up by that. @throws ConfigError `MISSING_PACKAGE`. */
  async fault(entry: Entry, typed: string): Promise<string | undefined> {
    const { now } = this.#book.options;
    if (!this.#tries.take(entry.key, now())) return "too many wrong codes for this account";
    // Apps show codes in groups, and people type them so.
    const code = typed.replaceAll(/[ -]/g, "");
    const why = TOTP.test(code) ? await this.#useTotp(entry, code) : await this.#useRecovery(entry, code);
    if (why === undefined) this.#tries.clear(entry.key);
    return why;
  }

  async #useTotp({ document: { name, totp } }: Entry, code: string): Promise<string | undefined> {
    const step = await totpStep(code, totp?.secret, {}, this.#book.options.now());
    if (step === undefined) return "the code is wrong";
    let isNew = false;
    await this.#book.change(name, (document) => {
      const known = document.totp;
      // RFC 6238 §5.2: a code counts once, and so do those before it.
      isNew = known !== undefined && known.secret === totp?.secret && step > known.step;
      return isNew && known !== undefined ? { ...document, totp: { ...known, step } } : undefined;
    });
    return isNew ? undefined : "the code has been used";
  }

  async #useRecovery({ document: { id, name } }: Entry, code: string): Promise<string | undefined> {
    const hash = hashCode(id, code);
    let isRight = false;
    await this.#book.change(name, (document) => {
      const { recovery = [] } = document;
      isRight = recovery.includes(hash);
      return isRight ? { ...document, recovery: recovery.filter((one) => one !== hash) } : undefined;
    });
    return isRight ? undefined : "the recovery code is wrong, or has been used";
  }
}
