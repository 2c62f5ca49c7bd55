import type { OfferedKey } from "../auth.ts";
import type { Identity } from "../connection.ts";
import type { Judge } from "../login/judges.ts";
import type { Grant, Restrictions } from "../login/restrictions.ts";
import type { Dialogue } from "./dialogue.ts";

/** How far a connection has come in its login. */
export interface Progress {
  /** The name that everything below belongs to. */
  readonly username: string;
  /** The methods passed so far. */
  passed: readonly string[];
  /** The keys that were proved, by {@link keyIdentity}. */
  readonly keys: Set<string>;
  /** Of each factor passed so far that has any. */
  restrictions: readonly Restrictions[];
  user: Identity | undefined;
  /** What the user goes by, as a factor has said. */
  goesBy: string | undefined;
  /** What the complete login may do. */
  grant: Grant | undefined;
  /** After a partial success: what may follow. */
  allowed: readonly string[] | undefined;
  failures: number;
  /** Refusals that are nobody's fault. */
  excused: number;
  attempts: number;
  isUnknownUser: boolean;
  dialogue: Dialogue | undefined;
  /** After a verdict of `prompt`: how many answers it waits for, and whose question it is. */
  question: { readonly count: number; readonly asker: Judge | undefined } | undefined;
  /** In the dialogue that is under way, some question has been answered. */
  hasAnswered: boolean;
}

/** A login that begins. @param before what the connection tried under another name: it counts on, and is worth nothing. */
export function newProgress(username: string, before: Progress | undefined): Progress {
  const { failures = 0, excused = 0, attempts = 0, isUnknownUser = false } = before ?? {};
  return {
    username,
    passed: [],
    keys: new Set(),
    restrictions: [],
    user: undefined,
    goesBy: undefined,
    grant: undefined,
    allowed: undefined,
    failures,
    excused,
    attempts,
    isUnknownUser,
    dialogue: undefined,
    question: undefined,
    hasAnswered: false,
  };
}

/** What makes a key the same key, whether it comes with a certificate or without. */
export function keyIdentity(key: OfferedKey): string {
  return Buffer.from((key.certificate?.publicKey ?? key).blob).toString("base64");
}
