import type { Authenticator } from "../../server/index.ts";
import type { Book } from "../book/book.ts";
import { AccountError } from "../error.ts";
import type { Presence } from "../presence/presence.ts";
import { Admission } from "./admission.ts";
import { byDialogue } from "./by-dialogue.ts";
import { byKey } from "./by-key.ts";
import { byPassword, PasswordCheck } from "./by-password.ts";
import type { Codes } from "./codes.ts";
import { Guests } from "./guests.ts";
import { Linking } from "./linking.ts";
import type { SignUp } from "./sign-up.ts";

/** The ways to log in by an account. Their verdicts are final: what knows of other users stands before them. */
export function authenticatorsOf(
  book: Book,
  presence: Presence,
  { codes, signUp }: { readonly codes: Codes; readonly signUp: SignUp | undefined },
): readonly Authenticator[] {
  const admission = new Admission(book, presence);
  const check = new PasswordCheck(book);
  const linking = new Linking(book, admission);
  const guests = new Guests(book, admission);
  const all = [
    byKey(book, admission, { linking, signUp }),
    byPassword(check, admission),
    byDialogue(book, admission, { check, codes, guests, linking, signUp }),
  ];
  return all.map((authenticator) => excusing(authenticator, book));
}

/** While the store is away nobody can log in, and nobody is to blame. */
function excusing(authenticator: Authenticator, book: Book): Authenticator {
  return {
    methods: authenticator.methods,

    async prepare(log) {
      // A store that is read-only, damaged or newer stops the start; one that is away may come.
      await book.store().catch((error: unknown) => {
        if (!isAway(error)) throw error;
      });
      await authenticator.prepare?.(log);
    },

    async judge(data) {
      try {
        return await authenticator.judge(data);
      } catch (error) {
        if (!isAway(error)) throw error;
        return { accept: false, why: error.message, unavailable: true };
      }
    },
  };
}

function isAway(error: unknown): error is AccountError {
  return error instanceof AccountError && error.code === "STORE_UNAVAILABLE";
}
