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

/** Looks at all of it first: a list that is broken, or does not go with what is there, changes nothing. */
export async function importAll(
  book: Book,
  accounts: Iterable<unknown> | AsyncIterable<unknown>,
  { replace = false }: ImportOptions,
): Promise<ImportResult> {
  const documents: AccountDocument[] = [];
  for await (const value of accounts) documents.push(checked(book, value, documents.length + 1));
  const { added, replaced, left, moved } = await planned(book, documents, replace);
  const names = (all: readonly AccountDocument[]): string[] => all.map(({ name }) => name);
  // A key is one account's: where two exchange theirs, both are without them first.
  for (const [name, fingerprints] of moved) {
    await book.change(name, ({ keys, ...rest }) => ({
      ...rest,
      keys: keys.filter(({ fingerprint }) => !fingerprints.has(fingerprint)),
    }));
  }
  // Who is in by the account of before is somebody else now.
  for (const document of replaced) await book.change(document.name, ({ epoch }) => ({ ...document, epoch: epoch + 1 }));
  for (const document of added) await book.insert(document);
  return { added: names(added), replaced: names(replaced), left: names(left) };
}

/** What an import comes to. */
interface Plan {
  readonly added: readonly AccountDocument[];
  readonly replaced: readonly AccountDocument[];
  readonly left: readonly AccountDocument[];
  /** Accounts by their names that keys go from, to another of the list. */
  readonly moved: ReadonlyMap<string, ReadonlySet<string>>;
}

/** @throws {AccountError} `BAD_VALUE`, `KEY_TAKEN`: two of the list, or one of it and one that stays as it is, have what only one can have. */
async function planned(book: Book, documents: readonly AccountDocument[], replace: boolean): Promise<Plan> {
  const byKey = new Map<string, AccountDocument>();
  for (const document of documents) {
    const { key } = book.nameOf(document.name);
    if (byKey.has(key)) throw refused("BAD_VALUE", `the name ${document.name} is in it twice`);
    byKey.set(key, document);
  }
  const [owners, ids, there] = [new Map<string, Entry>(), new Map<string, Entry>(), new Set<string>()];
  for await (const entry of book.all()) {
    there.add(entry.key);
    ids.set(entry.document.id, entry);
    for (const { fingerprint } of entry.document.keys) owners.set(fingerprint, entry);
  }
  const isWritten = (key: string): boolean => byKey.has(key) && (replace || !there.has(key));
  const moved = new Map<string, Set<string>>();
  const [newOwners, newIds] = [new Map<string, string>(), new Map<string, string>()];
  for (const [key, { name, id, keys }] of byKey) {
    if (!isWritten(key)) continue;
    const namesake = newIds.get(id) ?? nameUnless(ids.get(id), key, isWritten);
    if (namesake !== undefined)
      throw refused("BAD_VALUE", `${name} has the id of ${namesake}: one of them was the other`);
    newIds.set(id, name);
    for (const { fingerprint } of keys) {
      const owner = owners.get(fingerprint);
      const other = newOwners.get(fingerprint) ?? nameUnless(owner, key, isWritten);
      if (other !== undefined) throw refused("KEY_TAKEN", `the key ${fingerprint} of ${name} is ${other}'s`);
      newOwners.set(fingerprint, name);
      if (owner === undefined || owner.key === key) continue;
      const { name: from } = owner.document;
      moved.set(from, (moved.get(from) ?? new Set()).add(fingerprint));
    }
  }
  const pick = (isPicked: (key: string) => boolean): AccountDocument[] =>
    [...byKey].filter(([key]) => isPicked(key)).map(([, document]) => document);
  return {
    added: pick((key) => !there.has(key)),
    replaced: pick((key) => there.has(key) && replace),
    left: pick((key) => there.has(key) && !replace),
    moved,
  };
}

/** The name of an account that is another than this and stays as it is. */
function nameUnless(entry: Entry | undefined, key: string, isWritten: (key: string) => boolean): string | undefined {
  return entry === undefined || entry.key === key || isWritten(entry.key) ? undefined : entry.document.name;
}

function refused(code: "BAD_VALUE" | "KEY_TAKEN", why: string): AccountError {
  return new AccountError(code, `The import cannot be used, as ${why}: nothing is imported.`);
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
