import type { AccountDocument } from "../account/document.ts";
import { faultOf } from "../account/document.ts";
import { parseKey } from "../account/keys.ts";
import { AccountError } from "../error.ts";
import type { Book, Entry } from "./book.ts";

/**
 * An account as it is written to a file: everything that is kept of it but its history and its last login, **with the hash
 * of its password and the secret of its codes**. It is JSON.
 */
export interface ExportedAccount extends Readonly<Record<string, unknown>> {
  readonly name: string;
}

/** What came of an import, by names. */
export interface ImportResult {
  readonly added: readonly string[];
  readonly replaced: readonly string[];
  /** They were there already, and were left as they are. */
  readonly left: readonly string[];
}

/** How accounts are imported. */
export interface ImportOptions {
  /** Takes the place of accounts that are there already. Default false. */
  readonly replace?: boolean;
}

/** Hashes of other kinds nobody could log in by; whether the costs of these can be borne is found out at the login. */
const HASH = /^\$(?:argon2id|scrypt)\$/;

/** What an export says of an account. */
export function exported({ document }: Entry): ExportedAccount {
  // A code that was asked for is for the moment, and its clock is this machine's.
  const { link: _, ...lasting } = document;
  return { ...lasting };
}

/** Reads all of it first: a file that is broken changes nothing. */
export async function importAll(
  book: Book,
  accounts: Iterable<unknown> | AsyncIterable<unknown>,
  { replace = false }: ImportOptions,
): Promise<ImportResult> {
  const documents: AccountDocument[] = [];
  for await (const value of accounts) documents.push(checked(book, value, documents.length + 1));
  const result = { added: [] as string[], replaced: [] as string[], left: [] as string[] };
  for (const document of documents) {
    const there = await book.find(document.name);
    if (there === undefined) await book.insert(document);
    // Who is in by the account of before is somebody else now.
    else if (replace) await book.change(document.name, ({ epoch }) => ({ ...document, epoch: epoch + 1 }));
    const list = there === undefined ? result.added : replace ? result.replaced : result.left;
    list.push(document.name);
  }
  return result;
}

/** @throws {AccountError} `BAD_VALUE`, which says the how manieth account it is, and `BAD_NAME`. */
function checked(book: Book, value: unknown, number: number): AccountDocument {
  const fault = faultOf(value);
  if (fault !== undefined) {
    throw new AccountError(
      "BAD_VALUE",
      `Account ${number} of the import cannot be used, as ${fault}: nothing is imported.`,
    );
  }
  const document = value as AccountDocument;
  if (document.password !== undefined && !HASH.test(document.password)) {
    throw new AccountError(
      "BAD_VALUE",
      `Account ${number} of the import has a password that is no hash by argon2id or scrypt: nothing is imported.`,
    );
  }
  const { name } = book.nameOf(document.name);
  // The fingerprint of a key is not what a file says it is.
  return { ...document, name, keys: document.keys.map(({ line }) => parseKey(line)) };
}
