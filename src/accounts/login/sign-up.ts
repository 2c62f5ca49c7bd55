import { randomUUID } from "node:crypto";
import { Tries } from "../../auth/index.ts";
import { sourceOf } from "../../server/index.ts";
import type { AuthData, AuthVerdict, Endpoint } from "../../server/index.ts";
import type { AccountKey } from "../account/keys.ts";
import { parseKey } from "../account/keys.ts";
import type { Book, Entry } from "../book/book.ts";
import { checkNew, hashInTurn } from "../book/passwords.ts";
import { AccountError } from "../error.ts";
import type { ResolvedSignUp } from "../options.ts";

type KeyData = AuthData & { readonly method: "publickey" };
type DialogueData = AuthData & { readonly method: "keyboard-interactive" };

/** What a new account has to log in with. */
interface OwnMeans {
  readonly keys: readonly AccountKey[];
  readonly password?: string;
}

const HOUR = 3_600_000;
/** Whoever has one IPv6 address has the 64 bits behind it. */
const BLOCK = { ipv4: 32, ipv6: 64 };

/** Makes users of strangers, where the app lets them: by their first key, or by a password that they choose, at the login or inside. */
export class SignUp {
  readonly #book: Book;
  readonly #options: ResolvedSignUp;
  readonly #tries: Tries;

  constructor(book: Book, options: ResolvedSignUp) {
    this.#book = book;
    this.#options = options;
    this.#tries = new Tries(options.perHour, HOUR);
  }

  /** Whether a password may be chosen under this name. */
  isOpenTo(username: string): boolean {
    return this.#options.passwords && this.#isFree(username);
  }

  /** The account that a proved key has got; `true` for a key that is only offered; undefined when there is none to be got. */
  async byKey(data: KeyData): Promise<Entry | (AuthVerdict & object) | undefined> {
    const { key, proved, passed } = data;
    if (!this.#options.keys || !this.#isFree(data.username) || passed.length > 0) return undefined;
    if (key.certificate !== undefined) return { accept: false, why: "nobody signs up by a certificate" };
    if ((await this.#book.findByKey(key.fingerprint)) !== undefined) {
      return { accept: false, why: "the key is another account's" };
    }
    // An offer proves nothing: whoever saw the public key could make it.
    if (!proved) return { accept: true };
    if (data.touch?.present === false) return { accept: false, why: "nobody touched its authenticator" };
    return this.#make(data, () => ({ keys: [parseKey(key.toString())] }));
  }

  /** Asks for a password twice. */
  async byPassword(data: DialogueData): Promise<Entry | (AuthVerdict & object)> {
    const { minPassword } = this.#book.options;
    const instruction = `The name is free. Choose a password of ${minPassword} characters or more to sign up.`;
    const [password = "", again] = await data.prompt(
      [
        { prompt: "New password: ", echo: false },
        { prompt: "The same again: ", echo: false },
      ],
      { instruction },
    );
    if (password !== again) return { accept: false, why: "the new password was not repeated" };
    try {
      checkNew(password, minPassword);
    } catch (error) {
      if (error instanceof AccountError) return { accept: false, why: "the new password is none" };
      throw error;
    }
    return this.#make(data, async () => ({ keys: [], password: await hashInTurn(password) }));
  }

  /** Makes an account for somebody who is in already. @throws {AccountError} */
  async fromInside(peer: Endpoint, username: string, given: string): Promise<Entry> {
    const { name, key } = this.#book.nameOf(username);
    const password = checkNew(given, this.#book.options.minPassword);
    if (!this.#isFree(username) || (await this.#book.read(key)) !== undefined) {
      throw new AccountError(
        "EXISTS",
        `There is an account ${name} already, or nobody may be called so: choose another name.`,
      );
    }
    const why = await this.#refusal(name, peer);
    if (why !== undefined) throw new AccountError("NO_SIGN_UP", `No account was made, as ${why}.`);
    return this.#insert(name, { keys: [], password: await hashInTurn(password) });
  }

  #isFree(username: string): boolean {
    const key = this.#book.keyOf(username);
    return key !== undefined && !this.#options.reserved.includes(key) && !this.#book.options.guests.has(key);
  }

  async #make(
    { username, peer }: AuthData,
    own: () => Promise<OwnMeans> | OwnMeans,
  ): Promise<Entry | (AuthVerdict & object)> {
    const { name } = this.#book.nameOf(username);
    const why = await this.#refusal(name, peer);
    if (why !== undefined) return { accept: false, why };
    try {
      return await this.#insert(name, await own());
    } catch (error) {
      // Somebody else was first.
      if (error instanceof AccountError && (error.code === "EXISTS" || error.code === "KEY_TAKEN")) {
        return { accept: false, why: "the name, or the key, is another's" };
      }
      throw error;
    }
  }

  /** Why there is no account for whoever comes from there; it is asked before a hash is made, which is dear. */
  async #refusal(name: string, peer: Endpoint): Promise<string | undefined> {
    const { accept } = this.#options;
    if (!this.#tries.take(sourceOf(peer.address, BLOCK), this.#book.options.now()))
      return "too many new accounts from this address";
    const isTaken: unknown = accept === undefined || (await accept(name, peer));
    return isTaken === true ? undefined : "the app takes no new account";
  }

  #insert(name: string, own: OwnMeans): Promise<Entry> {
    const { settings } = this.#options;
    return this.#book.insert({
      ...settings,
      id: randomUUID(),
      name,
      created: this.#book.options.now(),
      epoch: 0,
      ...own,
    });
  }
}
