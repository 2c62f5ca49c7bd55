import { hashPassword, spareThreads, verifyPassword, WorkQueue } from "../../auth/index.ts";
import type { AccountDocument } from "../account/document.ts";
import { AccountError } from "../error.ts";
import type { Book } from "./book.ts";

/**
 * Passwords that are set, or judged from inside, wait for one another: whoever types them in many sessions must not keep the
 * threads from logins and files. How many wait is bounded by the sessions.
 */
const queue = new WorkQueue(spareThreads(), Infinity);
/** RFC 4252 sets no limit; the hash of a longer one would be work that anybody can order. */
const MAX_BYTES = 1024;

/**
 * Hashes a new password.
 *
 * @throws {AccountError} as {@link checkNew}.
 */
export function hashNew(password: unknown, min: number): Promise<string> {
  return hashInTurn(checkNew(password, min));
}

/** Hashes what {@link checkNew} has let through. */
export function hashInTurn(password: string): Promise<string> {
  return queue.run(() => hashPassword(password));
}

/**
 * Gives back what can be a new password.
 *
 * @throws {AccountError} `BAD_VALUE` when it is too short, too long, or holds what cannot be typed. It is not repeated.
 */
export function checkNew(password: unknown, min: number): string {
  if (typeof password !== "string") throw bad("is no text");
  if (Array.from(password).length < min) throw bad(`is shorter than ${min} characters`);
  if (Buffer.byteLength(password) > MAX_BYTES) throw bad(`is longer than ${MAX_BYTES} bytes`);
  if (/\p{Cc}/u.test(password)) throw bad("has control characters");
  return password;
}

/**
 * Whether a password is an account's, in a time that does not tell whether there is one. A hash that is cheaper than those of
 * today is made anew.
 */
export async function isPasswordOf(
  book: Book,
  document: AccountDocument | undefined,
  password: string,
): Promise<boolean> {
  const isPossible = password !== "" && Buffer.byteLength(password) <= MAX_BYTES;
  const candidate = isPossible ? password : "";
  const hash = document?.password;
  if (document === undefined || hash === undefined) {
    await hashInTurn(candidate);
    return false;
  }
  const { ok, rehash } = await queue.run(() => verifyPassword(candidate, hash));
  if (!ok || !isPossible) return false;
  // It is right whether or not its new hash can be kept; the next time tries it again.
  if (rehash) {
    await keepAnew(book, document.name, await hashInTurn(candidate), hash).catch(() => undefined);
  }
  return true;
}

/** Keeps the hash of the same password, made at today's costs, unless it was changed meanwhile. */
export async function keepAnew(book: Book, name: string, hash: string, before: string | undefined): Promise<void> {
  await book.change(name, (document) => (document.password === before ? { ...document, password: hash } : undefined));
}

function bad(why: string): AccountError {
  return new AccountError("BAD_VALUE", `The password ${why}: choose another.`);
}
