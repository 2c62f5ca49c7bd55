import type { AuthData, AuthVerdict, Authenticator } from "../../server/index.ts";
import type { Book, Entry } from "../book/book.ts";
import type { Admission } from "./admission.ts";
import { refusalOf } from "./by-password.ts";
import type { PasswordCheck } from "./by-password.ts";
import type { Codes } from "./codes.ts";
import type { Guests } from "./guests.ts";
import type { Linking } from "./linking.ts";
import type { SignUp } from "./sign-up.ts";

type DialogueData = AuthData & { readonly method: "keyboard-interactive" };

/** Whoever has a part in the dialogue of a login. */
export interface Parts {
  readonly check: PasswordCheck;
  readonly codes: Codes;
  readonly guests: Guests;
  readonly linking: Linking;
  readonly signUp: SignUp | undefined;
}

/**
 * Judges logins by `keyboard-interactive`. What comes first is a password, since clients try this method before `password`,
 * and then, if the account needs one, a code; behind another method it is the code alone. Strangers and guests are asked what
 * lets them in; whoever there is not is asked for a password as everybody is.
 */
export function byDialogue(book: Book, admission: Admission, parts: Parts): Authenticator {
  const { check, codes, guests, linking, signUp } = parts;

  async function byCode(entry: Entry, passed: readonly string[], data: DialogueData): Promise<AuthVerdict> {
    const code = await data.prompt("Verification code: ");
    const why = await codes.fault(entry, code);
    if (why !== undefined) return { accept: false, why };
    // Behind the question for it: others may have changed the account meanwhile, and its password with it.
    const now = await book.read(entry.key);
    if (now?.document.id !== entry.document.id || now.document.epoch !== entry.document.epoch)
      return { accept: false, why: "the account was changed meanwhile" };
    return admission.admit(now, { connection: data.connection, passed, method: "keyboard-interactive" });
  }

  async function asFirst(data: DialogueData): Promise<AuthVerdict> {
    if (signUp?.isOpenTo(data.username) === true && (await book.find(data.username)) === undefined) {
      const made = await signUp.byPassword(data);
      return "key" in made
        ? admission.admit(made, { connection: data.connection, passed: [], method: "password" })
        : made;
    }
    const found = await check.check(data, await data.prompt("Password: "));
    if ("refusal" in found) return found.refusal;
    const { entry } = found;
    const next = admission.next(entry, [], "password");
    // A verdict that lets in or refuses; what has to come by another method than this cannot follow here.
    if (next?.includes("keyboard-interactive") === true) return byCode(entry, ["password"], data);
    if (next !== undefined && next.length > 0)
      return { accept: false, why: "the account needs another method behind its password" };
    return admission.admit(entry, { connection: data.connection, passed: [], method: "password" });
  }

  return {
    methods: ["keyboard-interactive"],
    async judge(data): Promise<AuthVerdict | undefined> {
      if (data.method !== "keyboard-interactive") return undefined;
      const guest = guests.of(data.username);
      if (guest !== undefined) return guests.judge(guest, data);
      if (data.passed.length === 0) return asFirst(data);
      const entry = await book.find(data.username);
      if (entry === undefined) return refusalOf(book, data.username, "");
      return linking.isAwaited(data) ? linking.judge(entry, data) : byCode(entry, data.passed, data);
    },
  };
}
