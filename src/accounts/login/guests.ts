import type { AuthData, AuthVerdict } from "../../server/index.ts";
import { guestOf } from "../account/account.ts";
import type { Book } from "../book/book.ts";
import type { GuestOptions } from "../options.ts";
import type { Admission } from "./admission.ts";

/** Lets in, under the names that the app has for them, those who have no account. */
export class Guests {
  readonly #book: Book;
  readonly #admission: Admission;

  constructor(book: Book, admission: Admission) {
    this.#book = book;
    this.#admission = admission;
  }

  /** What the app says of guests of this name; undefined for every other name. */
  of(username: string): GuestOptions | undefined {
    return this.#book.options.guests.get(this.#book.keyOf(username) ?? "");
  }

  async judge(
    { name, ...settings }: GuestOptions,
    data: AuthData & { readonly method: "keyboard-interactive" },
  ): Promise<AuthVerdict> {
    if (data.passed.length > 0) return { accept: false, why: "a guest has no second factor" };
    await data.prompt("Press Enter to come in as a guest. ", { echo: true });
    const set = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
    return this.#admission.admitGuest(this.#book.keyOf(name) ?? "", guestOf(name, set));
  }
}
