import type { AuthAnswer } from "../auth.ts";
import type { Identity } from "../connection.ts";
import type { AuthVerdict } from "../events.ts";

/** A verdict in one shape: what the door answers, and what is attached to the user when the login completes. */
export interface Judgement {
  readonly answer: AuthAnswer;
  readonly user?: Identity | undefined;
}

/** The refusal that every path ends in. */
export const REFUSED: Judgement = { answer: { type: "refuse" } };

/** RFC 4256 sets no limit; a client that is asked more than this at once is not asked by an honest handler. */
const MAX_PROMPTS = 16;

/**
 * Brings what a handler returned into one shape.
 *
 * @throws TypeError when it is no verdict: anything that is merely truthy must not let a user in.
 */
export function judgementOf(verdict: AuthVerdict, method: string): Judgement {
  if (verdict === true) return { answer: { type: "accept" } };
  if (verdict === false) return REFUSED;
  if (typeof verdict !== "object" || verdict === null) {
    throw new TypeError(`A verdict is true, false or an object, not a value of type ${typeof verdict}.`);
  }
  if ("accept" in verdict) {
    if (typeof verdict.accept !== "boolean") throw new TypeError("The accept of a verdict is true or false.");
    return verdict.accept ? { answer: { type: "accept" }, user: verdict.user } : REFUSED;
  }
  if ("partial" in verdict) {
    const methods = verdict.partial;
    if (!Array.isArray(methods) || methods.length === 0)
      throw new TypeError("The partial of a verdict names a method.");
    return { answer: { type: "partial", methods }, user: verdict.user };
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
