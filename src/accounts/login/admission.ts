import type { AuthVerdict, Connection, Identity, Restrictions } from "../../server/index.ts";
import type { Account } from "../account/account.ts";
import type { AccountDocument } from "../account/document.ts";
import { methodsOf } from "../account/document.ts";
import { step } from "../account/methods.ts";
import type { Book, Entry } from "../book/book.ts";
import type { Presence } from "../presence/presence.ts";
import { standing } from "../presence/standing.ts";

/** What somebody has shown. */
export interface Shown {
  readonly connection: Connection;
  /** The methods before this one. */
  readonly passed: readonly string[];
  readonly method: string;
  /** What comes with it: the restrictions of a key, for one. */
  readonly restrictions?: Restrictions | undefined;
  readonly user?: Identity | undefined;
  /** The fingerprint of a key of the account's that was proved. */
  readonly key?: string | undefined;
}

/** What a login that is not done yet stands on. */
interface Half {
  readonly id: string;
  readonly epoch: number;
  readonly keys: readonly string[];
}

/** Lets in by an account who has shown enough, and refuses for the same reasons whatever was shown. */
export class Admission {
  readonly #book: Book;
  readonly #presence: Presence;
  readonly #halves: WeakMap<Connection, Half> = new WeakMap();

  constructor(book: Book, presence: Presence) {
    this.#book = book;
    this.#presence = presence;
  }

  /** What has to follow this method: nothing any more, or one of these; undefined when it may not come here. */
  next({ document }: Entry, passed: readonly string[], method: string): readonly string[] | undefined {
    return step(methodsOf(document), passed, method);
  }

  /** The verdict on what has been shown, which was right. */
  admit(entry: Entry, { connection, passed, method, restrictions, user, key }: Shown): AuthVerdict {
    const { document } = entry;
    const half = passed.length === 0 ? undefined : this.#halves.get(connection);
    if (half !== undefined && !stands(half, document))
      return { accept: false, why: "the account was changed since the login began" };
    const why = standing(document, this.#book.options.now());
    if (why !== undefined) return { accept: false, why };
    const partial = this.next(entry, passed, method);
    if (partial === undefined)
      return { accept: false, why: "the account may not log in by this method, or not by it first" };
    const account = this.#presence.issue(entry);
    const all = together(restrictionsOf(account), restrictions);
    if (all === undefined) return { accept: false, why: "the key and the account set one variable to two values" };
    const verdict = { username: document.name, user: { ...user, account }, restrictions: all };
    if (partial.length === 0) return { accept: true, ...verdict };
    const keys = [...(half?.keys ?? []), ...(key === undefined ? [] : [key])];
    this.#halves.set(connection, { id: document.id, epoch: document.epoch, keys });
    return { partial, ...verdict };
  }

  /** Lets a guest in. */
  admitGuest(key: string, account: Account): AuthVerdict {
    return {
      accept: true,
      username: account.name,
      user: { account: this.#presence.issueGuest(key, account) },
      restrictions: restrictionsOf(account),
    };
  }
}

/** A password or a key that was taken away since it was shown does not count for the rest of the login. */
function stands({ id, epoch, keys }: Half, document: AccountDocument): boolean {
  const isListed = (key: string): boolean => document.keys.some(({ fingerprint }) => fingerprint === key);
  return document.id === id && document.epoch === epoch && keys.every(isListed);
}

function restrictionsOf({ environment, limits: { sessions, connections } }: Account): Restrictions {
  return {
    environment,
    ...(sessions !== undefined && { maxSessions: sessions }),
    ...(connections !== undefined && { maxConnections: connections }),
  };
}

/** A verdict has restrictions once: those of the account, and those of the key, none of which may take another's place. */
function together(ofAccount: Restrictions, ofKey: Restrictions = {}): Restrictions | undefined {
  const { environment = {} } = ofKey;
  const { environment: own = {} } = ofAccount;
  if (Object.entries(environment).some(([name, value]) => Object.hasOwn(own, name) && own[name] !== value))
    return undefined;
  return { ...ofKey, ...ofAccount, environment: { ...environment, ...own } };
}
