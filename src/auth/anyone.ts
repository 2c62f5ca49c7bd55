import { assertOptions, assertShape, isFunction } from "./arguments.ts";
import { AuthError } from "./error.ts";
import type { AuthData, Authenticator, AuthVerdict, Awaitable, Identity, OfferedKey } from "../server/index.ts";

/**
 * Is told who comes in: with the key that was proved, or `undefined` for a visitor without one. `false` refuses; an
 * object is attached to `client.user`.
 */
export type Remember = (username: string, key: OfferedKey | undefined) => Awaitable<boolean | Identity | void>;

/** How {@link anyone} goes about it. */
export interface AnyoneOptions {
  /** Default nobody is told, and keys are taken but not looked at. */
  readonly remember?: Remember;
}

/**
 * Lets everybody in, under any name: for public apps. With `remember` visitors are known again by their key:
 *
 *     auth: [anyone({ remember: firstKeyWins(store) })]
 *
 * Their clients then have to show a key before they are let in otherwise; those who have none come in by pressing Enter.
 */
export function anyone(options: AnyoneOptions = {}): Authenticator {
  assertOptions("anyone()", options, ["remember"]);
  const { remember } = options;
  assertShape(remember === undefined || isFunction(remember), "anyone: remember", "a function");
  if (remember === undefined) {
    return {
      methods: ["none", "publickey", "password", "keyboard-interactive"],
      judge: (data) => (data.method === "keyboard-interactive" ? afterEnter(data, () => true) : true),
    };
  }
  const admit = async (username: string, key: OfferedKey | undefined): Promise<AuthVerdict> => {
    const found = await remember(username, key);
    if (found === false) return { accept: false, why: "the name is another's" };
    if (found === undefined || found === true) return { accept: true };
    // Anything else than an object is a mistake in the app, and is none to be let in by.
    if (typeof found !== "object" || found === null) throw new TypeError("remember gives true, false or an object.");
    return { accept: true, user: found };
  };
  return {
    // Not `none`: clients ask for it first, and would be in before they have shown a key.
    methods: ["publickey", "keyboard-interactive"],
    judge(data) {
      if (data.method === "publickey") {
        // An offer proves nothing: whoever saw the public key could make it.
        return data.proved ? admit(data.username, data.key.certificate?.publicKey ?? data.key) : true;
      }
      if (data.method === "keyboard-interactive") return afterEnter(data, () => admit(data.username, undefined));
      return undefined;
    },
  };
}

/** Where {@link firstKeyWins} keeps names: a `Map`, or anything with these two of its methods. */
export interface NameStore {
  get(username: string): Awaitable<string | undefined>;
  set(username: string, key: string): Awaitable<unknown>;
}

/** As many names as {@link firstKeyWins} keeps by itself. */
const MAX_NAMES = 10_000;

/**
 * For {@link anyone}: a name belongs to the first key that comes under it, from then on. Visitors without a key may use
 * the names that belong to nobody, and do not get them. Attaches `key`, the fingerprint, to `client.user`.
 *
 * Names count as they are written: fold their letters in the store if `Ann` is to be `ann`.
 *
 * @param store keeps the keys, as lines of an authorized_keys file, and says by itself how many: whoever comes may take as many names as they like.
 *   Default a memory of 10,000 names that ends with the process; when it is full, new names are refused.
 */
export function firstKeyWins(store: NameStore = new Names()): Remember {
  /** Visitors under the same name come one after the other, so that only one of them is the first. */
  const turns = new Map<string, Promise<unknown>>();

  async function enter(username: string, key: OfferedKey | undefined): Promise<boolean | Identity> {
    const owner = await store.get(username);
    if (key === undefined) return owner === undefined;
    if (owner === undefined) await store.set(username, key.toString());
    else if (owner !== key.toString()) return false;
    return { key: key.fingerprint };
  }

  return async (username, key) => {
    const before = turns.get(username) ?? Promise.resolve();
    const turn = before.then(() => enter(username, key));
    const quiet = turn.catch(() => undefined);
    turns.set(username, quiet);
    try {
      return await turn;
    } finally {
      if (turns.get(username) === quiet) turns.delete(username);
    }
  };
}

/** So many names in memory, each as long as the process lives: one that went would be anybody's. */
class Names extends Map<string, string> {
  override set(username: string, key: string): this {
    if (this.size >= MAX_NAMES)
      throw new AuthError("FULL", `${MAX_NAMES} names are taken: give firstKeyWins a store that keeps more.`);
    return super.set(username, key);
  }
}

async function afterEnter(
  data: AuthData & { readonly method: "keyboard-interactive" },
  admit: () => Awaitable<AuthVerdict>,
): Promise<AuthVerdict> {
  await data.prompt("Press Enter to come in. ", { echo: true });
  return admit();
}
