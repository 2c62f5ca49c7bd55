import type { AuthAnswer } from "../auth.ts";
import type { Identity } from "../connection.ts";
import type { AuthVerdict } from "../events.ts";
import type { Judge } from "../login/judges.ts";
import type { Restrictions } from "../login/restrictions.ts";
import { checkRestrictions } from "../login/restrictions.ts";

/** A verdict in one shape: what the door answers, and what is attached to the user when the login completes. */
export interface Judgement {
  readonly answer: AuthAnswer;
  readonly user?: Identity | undefined;
  readonly restrictions?: Restrictions | undefined;
  /** The name that the user goes by from here on. */
  readonly username?: string | undefined;
  /** Of a refusal: its reason, for the log. */
  readonly why?: string | undefined;
  /** Of a refusal: nobody of this name may log in. */
  readonly unknownUser?: boolean | undefined;
  /** Of a refusal: it is nobody's fault. */
  readonly unavailable?: boolean | undefined;
  /** Whose verdict it was. */
  readonly judge?: Judge | undefined;
}

/** A refusal; all of them look alike to the client. */
export function refusal(why: string | undefined, unknownUser = false): Judgement {
  return { answer: { type: "refuse" }, why, unknownUser };
}

/** What may follow a partial success; `none` proves nothing. */
const FOLLOWING: ReadonlySet<unknown> = new Set(["publickey", "password", "keyboard-interactive"]);

/** RFC 4256 sets no limit; a client that is asked more than this at once is not asked by an honest handler. */
const MAX_PROMPTS = 16;

/**
 * Brings what a handler returned into one shape.
 *
 * @throws TypeError when it is no verdict: anything that is merely truthy must not let a user in.
 */
export function judgementOf(verdict: AuthVerdict, method: string): Judgement {
  if (verdict === true) return { answer: { type: "accept" } };
  if (verdict === false) return refusal(undefined);
  if (typeof verdict !== "object" || verdict === null) {
    throw new TypeError(`A verdict is true, false or an object, not a value of type ${typeof verdict}.`);
  }
  if ("accept" in verdict) {
    if (typeof verdict.accept !== "boolean") throw new TypeError("The accept of a verdict is true or false.");
    const { accept, user, username, restrictions, why, unknownUser, unavailable } = verdict;
    if (!accept) return { ...refusal(why, unknownUser === true), unavailable: unavailable === true };
    return { answer: { type: "accept" }, user, username, restrictions: checked(restrictions) };
  }
  if ("partial" in verdict) {
    const { partial: methods, user, username, restrictions } = verdict;
    if (!Array.isArray(methods) || methods.length === 0 || !methods.every((method) => FOLLOWING.has(method))) {
      throw new TypeError(`The partial of a verdict names some of ${[...FOLLOWING].join(", ")}.`);
    }
    return { answer: { type: "partial", methods }, user, username, restrictions: checked(restrictions) };
  }
  if ("prompt" in verdict) {
    if (method !== "keyboard-interactive") throw new TypeError("A prompt verdict is for keyboard-interactive alone.");
    const { name = "", instruction = "", prompts } = verdict.prompt;
    if (prompts.length > MAX_PROMPTS) throw new TypeError(`A verdict asks at most ${MAX_PROMPTS} questions at once.`);
    return { answer: { type: "prompt", name, instruction, prompts } };
  }
  if ("changePassword" in verdict) {
    if (method !== "password") throw new TypeError("A changePassword verdict is for password alone.");
    return { answer: { type: "change-password", prompt: verdict.changePassword } };
  }
  throw new TypeError("A verdict object has accept, partial, prompt or changePassword.");
}

function checked(restrictions: unknown): Restrictions | undefined {
  return restrictions === undefined ? undefined : checkRestrictions(restrictions);
}
