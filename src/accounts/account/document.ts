import { AccountError } from "../error.ts";
import type { AccountRow } from "../store/store.ts";
import type { AccountKey } from "./keys.ts";
import { usualMethods } from "./methods.ts";
import type { AccountChange } from "./settings.ts";
import { SETTINGS } from "./settings.ts";

/** A one-time code that was asked for, and until when it is good, in milliseconds since 1970. */
export interface PendingLink {
  readonly hash: string;
  readonly until: number;
}

/** All that is kept of an account, with its secrets. It does not leave this folder but for the store and an export. */
export interface AccountDocument extends AccountChange {
  /** Of its own for ever: another account that gets the name later is another. */
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** One more each time that all who are in are to be thrown out. */
  readonly epoch: number;
  readonly keys: readonly AccountKey[];
  /** The hash of the password. */
  readonly password?: string | undefined;
  /** The secret of an authenticator app, and the number of the last code that was used. */
  readonly totp?: { readonly secret: string; readonly step: number } | undefined;
  /** Hashes of the recovery codes that are left. */
  readonly recovery?: readonly string[] | undefined;
  readonly link?: PendingLink | undefined;
}

type OwnField = Exclude<keyof AccountDocument, keyof AccountChange>;

/** What is kept beside the settings: whether it has to be there, and what it has to be. */
const FIELDS: Readonly<Record<OwnField, readonly [isNeeded: boolean, isRight: (value: unknown) => boolean]>> = {
  id: [true, isText],
  name: [true, isText],
  created: [true, isNumber],
  epoch: [true, isNumber],
  keys: [true, (value) => Array.isArray(value) && value.every(isKey)],
  password: [false, isText],
  totp: [false, (value) => isObject(value) && isText(value["secret"]) && isNumber(value["step"])],
  recovery: [false, (value) => Array.isArray(value) && value.every(isText)],
  link: [false, (value) => isObject(value) && isText(value["hash"]) && isNumber(value["until"])],
};

/**
 * Reads what a store has kept. What is not known here stays in it: a later version may have put it there.
 *
 * @throws {AccountError} `STORE_CORRUPT`, which names the account and the field.
 */
export function decode({ key, document }: Pick<AccountRow, "key" | "document">): AccountDocument {
  let value: unknown;
  try {
    value = JSON.parse(document);
  } catch (cause) {
    throw corrupt(key, "it is no JSON", cause);
  }
  const fault = faultOf(value);
  if (fault !== undefined) throw corrupt(key, fault);
  return value as AccountDocument;
}

/** What is wrong with a document; undefined when it can be used. */
export function faultOf(value: unknown): string | undefined {
  if (!isObject(value)) return "it is no object";
  for (const [name, [isNeeded, isRight]] of Object.entries(FIELDS)) {
    if (value[name] === undefined ? isNeeded : !isRight(value[name])) return `its ${name} cannot be read`;
  }
  for (const [name, [, isRight]] of Object.entries(SETTINGS)) {
    if (value[name] !== undefined && !isRight(value[name])) return `its ${name} cannot be read`;
  }
  return undefined;
}

/** The lists of methods of which one has to be completed, those of the account's own or the usual ones. */
export function methodsOf({ methods, totp }: AccountDocument): readonly string[] {
  return methods ?? usualMethods(totp !== undefined);
}

/** The row of a document. */
export function encode(key: string, document: AccountDocument, revision: number): AccountRow {
  // A CA may stand for many accounts: its key is nobody's own.
  const own = document.keys.filter(({ certAuthority }) => !certAuthority).map(({ fingerprint }) => fingerprint);
  return { key, revision, document: JSON.stringify(document), fingerprints: [...new Set(own)] };
}

function corrupt(key: string, why: string, cause?: unknown): AccountError {
  return new AccountError(
    "STORE_CORRUPT",
    `The account ${key} cannot be read from the store, as ${why}: restore it, or remove it.`,
    { cause },
  );
}

function isKey(value: unknown): boolean {
  if (!isObject(value)) return false;
  const texts = ["line", "type", "fingerprint", "comment", "options"];
  return texts.every((name) => isText(value[name])) && typeof value["certAuthority"] === "boolean";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isNumber(value: unknown): boolean {
  return typeof value === "number";
}
