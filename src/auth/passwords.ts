import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import type { AuthData, Authenticator, AuthVerdict, Awaitable, Identity, Restrictions } from "../server/index.ts";
import { assertOptions, assertShape, assertWhole, isFunction, isOneOf } from "./arguments.ts";
import { AuthError } from "./error.ts";
import { Journal } from "./journal.ts";
import { hashPassword, impossibleHash, verifyPassword } from "./password/hash.ts";
import { WorkQueue } from "./password/queue.ts";

/** What is kept of a user: the hash that `hashPassword` made, and what the login amounts to. */
export interface PasswordRecord {
  readonly hash: string;
  readonly user?: Identity;
  readonly restrictions?: Restrictions;
}

/** Looks up a user's hash; `undefined` for a user that there is not, or who has no password. */
export type FindPassword = (username: string) => Awaitable<string | PasswordRecord | undefined>;

/** Judges a password by other means, a directory service perhaps. It has to take as long for users that there are not. */
export type CheckPassword = (
  username: string,
  password: string,
) => Awaitable<boolean | { readonly accept: boolean; readonly user?: Identity; readonly restrictions?: Restrictions }>;

/** How {@link passwords} goes about it. */
export interface PasswordsOptions {
  /**
   * How many passwords are verified at once. Each takes a thread of libuv's pool (UV_THREADPOOL_SIZE, 4 by default),
   * which files and name look-ups need too, and a processor. Default one less than there are of either, at least 1; for
   * a `check` 16, since it waits for somebody else.
   */
  readonly concurrency?: number;
  /** How many more may wait; beyond that a login is refused unseen. Default 64. */
  readonly waiting?: number;
  /** Stores a new hash for a user whose old one was cheaper than those made today. The password was right. */
  readonly rehash?: (username: string, hash: string) => Awaitable<void>;
}

/** RFC 4252 sets no limit; the hash of a longer one would be work that anybody can order (CVE-2016-6515). */
const MAX_PASSWORD = 1024;
const DEFAULT_THREADS = 4;

/**
 * Lets in whoever knows a user's password:
 *
 *     auth: [passwords(async (username) => (await db.user(username))?.hash)]
 *
 * Hashes are made by `hashPassword`: argon2id or scrypt. They are verified off the event loop, a few at a time, so that
 * a storm of logins does not hold up those who are in. A user that there is not costs as long as one that there is; so
 * do empty passwords and those above 1024 bytes, which never are right. The verdict is final: later authenticators are
 * not asked for this password. Passwords cannot be changed by way of the login.
 *
 * @throws ConfigError `BAD_OPTION` for a `concurrency` or `waiting` that is no whole number in range.
 */
export function passwords(
  source: FindPassword | { readonly check: CheckPassword },
  options: PasswordsOptions = {},
): Authenticator {
  const isLookup = typeof source === "function";
  assertShape(
    isLookup || isOneOf(source, { check: isFunction }),
    "The source of passwords()",
    "a function of a user name that gives a hash, or { check } with a function",
  );
  assertOptions("passwords()", options, ["concurrency", "waiting", "rehash"]);
  const { concurrency = isLookup ? spareThreads() : 16, waiting = 64 } = options;
  assertWhole("passwords: concurrency", concurrency, 1, 1024);
  assertWhole("passwords: waiting", waiting, 0, 100_000);
  const journal = new Journal();
  const queue = new WorkQueue(concurrency, waiting);
  const judge = isLookup ? byHash(source, options.rehash, journal) : byCheck(source.check);

  return {
    methods: ["password"],
    prepare: (log) => journal.use(log),

    async judge(data): Promise<AuthVerdict | undefined> {
      if (data.method !== "password") return undefined;
      try {
        // Who has gone while waiting is not worth a hash.
        return await queue.run(async () => (data.connection.isOver ? false : judge(data)));
      } catch (error) {
        if (error instanceof AuthError && error.code === "BUSY") {
          // No attempt of this client's: many others' are before it.
          return { accept: false, why: error.message, unavailable: true };
        }
        throw error;
      }
    },
  };
}

type PasswordData = AuthData & { readonly method: "password" };

function byHash(find: FindPassword, rehash: PasswordsOptions["rehash"], journal: Journal) {
  const decoys = new Decoys();
  return async (data: PasswordData): Promise<AuthVerdict> => {
    const found = await find(data.username);
    const record: PasswordRecord | undefined = typeof found === "string" ? { hash: found } : found;
    const candidate = usable(data);
    if (record === undefined) {
      await verifyPassword(candidate ?? "", decoys.for(data.username));
      return { accept: false, why: "there is no such user, or none with a password", unknownUser: true };
    }
    let finding;
    try {
      finding = await verifyPassword(candidate ?? "", record.hash);
    } catch (error) {
      journal.error("password hash not usable", data, error);
      await verifyPassword(candidate ?? "", decoys.for(data.username));
      return false;
    }
    decoys.learn(record.hash);
    if (candidate === undefined || !finding.ok) return false;
    if (finding.rehash && rehash !== undefined) {
      try {
        await rehash(data.username, await hashPassword(candidate));
      } catch (error) {
        journal.error("password not hashed anew", data, error);
      }
    }
    const { user, restrictions } = record;
    return { accept: true, ...(user !== undefined && { user }), ...(restrictions !== undefined && { restrictions }) };
  };
}

/** As many kinds of hashes as an app may have from one time and another. */
const MAX_DECOYS = 8;

/**
 * Hashes that no password has, for names that nobody has: as costly as those that have been found. Where there are several kinds, a name has always
 * the same one, whoever has logged in before: what a wrong password costs does not tell whether there is such a user.
 */
class Decoys {
  readonly #key = randomBytes(32);
  readonly #byCosts = new Map<string, string>();
  readonly #first = impossibleHash();

  /** @param hash one that was found. */
  learn(hash: string): void {
    const prefix = hash.slice(0, hash.lastIndexOf("$"));
    const costs = prefix.slice(0, prefix.lastIndexOf("$"));
    if (this.#byCosts.has(costs) || this.#byCosts.size >= MAX_DECOYS) return;
    this.#byCosts.set(costs, impossibleHash(hash));
  }

  for(username: string): string {
    const hashes = [...this.#byCosts.values()];
    if (hashes.length < 2) return hashes[0] ?? this.#first;
    const chance = createHmac("sha256", this.#key).update(username).digest().readUInt32BE();
    return hashes[chance % hashes.length]!;
  }
}

function byCheck(check: CheckPassword) {
  return async (data: PasswordData): Promise<AuthVerdict> => {
    const candidate = usable(data);
    // A directory may take an empty password for no login at all, and let it in: it is shown another one in its place.
    const found = await check(data.username, candidate ?? randomUUID());
    return candidate === undefined ? false : found;
  };
}

/** The password if it may be right: one that is empty proves nothing, and to set a new one is not what is done here. */
function usable({ password, newPassword }: PasswordData): string | undefined {
  if (password === "" || newPassword !== undefined) return undefined;
  return Buffer.byteLength(password) <= MAX_PASSWORD ? password : undefined;
}

/** How many hashes may be made at once: one thread is left to the files and the names of everybody else. */
export function spareThreads(): number {
  const threads = Number(process.env["UV_THREADPOOL_SIZE"]) || DEFAULT_THREADS;
  return Math.max(1, Math.min(availableParallelism(), threads) - 1);
}
