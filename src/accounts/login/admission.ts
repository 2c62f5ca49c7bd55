import type { AuthVerdict, Identity, Restrictions } from "../../server/index.ts";
import type { Account } from "../account/account.ts";
import { methodsOf } from "../account/document.ts";
import { step } from "../account/methods.ts";
import type { Book, Entry } from "../book/book.ts";
import type { Presence } from "../presence/presence.ts";
import { standing } from "../presence/standing.ts";

/** What somebody has shown. */
export interface Shown {
  /** The methods before this one. */
  readonly passed: readonly string[];
  readonly method: string;
  /** What comes with it: the restrictions of a key, for one. */
  readonly restrictions?: Restrictions | undefined;
  readonly user?: Identity | undefined;
}

/** Lets in by an account who has shown enough, and refuses for the same reasons whatever was shown. */
export class Admission {
  readonly #book: Book;
  readonly #presence: Presence;

  constructor(book: Book, presence: Presence) {
    this.#book = book;
    this.#presence = presence;
  }

  /** What has to follow this method: nothing any more, or one of these; undefined when it may not come here. */
  next({ document }: Entry, passed: readonly string[], method: string): readonly string[] | undefined {
    return step(methodsOf(document), passed, method);
  }

  /** The verdict on what has been shown, which was right. */
  admit(entry: Entry, { passed, method, restrictions, user }: Shown): AuthVerdict {
    const { document } = entry;
    const why = standing(document, this.#book.options.now());
    if (why !== undefined) return { accept: false, why };
    const partial = this.next(entry, passed, method);
    if (partial === undefined)
      return { accept: false, why: "the account may not log in by this method, or not by it first" };
    const account = this.#presence.issue(entry);
    const all = together(restrictionsOf(account), restrictions);
    if (all === undefined) return { accept: false, why: "the key and the account set one variable to two values" };
    const verdict = { username: document.name, user: { ...user, account }, restrictions: all };
    return partial.length > 0 ? { partial, ...verdict } : { accept: true, ...verdict };
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
