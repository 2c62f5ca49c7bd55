import type { AuthAnswer, AuthPrompt } from "../auth.ts";
import type { AuthPrompter, AuthPromptOptions } from "../events.ts";
import type { Judgement } from "./verdict.ts";

/** The user went away, took too long, or began another attempt: a question of the login dialogue stays unanswered. */
export class DialogueAborted extends Error {
  override readonly name = "AbortError";
}

/** What ends a round: the handler asks, or it has judged. */
type Turn = { readonly ask: AuthAnswer } | { readonly judgement: Judgement };

/**
 * A keyboard-interactive login as a conversation: the handler of `authinteractive` runs on while the protocol goes back
 * and forth, one request and answer a round.
 */
export class Dialogue {
  readonly #timeLimit: number;
  #timer: NodeJS.Timeout | undefined;
  /** Ends the round that the door waits for. */
  #turn: PromiseWithResolvers<Turn> = Promise.withResolvers();
  /** The handler's question, while the user is thinking. */
  #question: PromiseWithResolvers<readonly string[]> | undefined;
  #isOver = false;

  /**
   * @param judge runs the handlers; it must not reject.
   * @param timeLimit how long the user may think about a question, in milliseconds.
   */
  constructor(judge: (prompt: AuthPrompter) => Promise<Judgement>, timeLimit: number) {
    this.#timeLimit = timeLimit;
    void judge(this.#prompter()).then((judgement) => {
      this.#isOver = true;
      this.#turn.resolve({ judgement });
    });
  }

  /** Waits for the handler's next question or its judgement. */
  async next(): Promise<Turn> {
    const turn = await this.#turn.promise;
    if ("ask" in turn) this.#turn = Promise.withResolvers();
    return turn;
  }

  /** Hands the user's answers to the handler; false when it has not asked. */
  reply(responses: readonly string[]): boolean {
    clearTimeout(this.#timer);
    const question = this.#question;
    this.#question = undefined;
    question?.resolve(responses);
    return question !== undefined;
  }

  /** Nobody will answer any more: a pending question rejects, and so does every later one. */
  abort(why: string): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#question?.reject(new DialogueAborted(why));
    this.#question = undefined;
  }

  #prompter(): AuthPrompter {
    const prompt = (questions: string | readonly AuthPrompt[], options: AuthPromptOptions = {}): Promise<unknown> => {
      const { echo = false, name = "", instruction = "" } = options;
      const prompts = typeof questions === "string" ? [{ prompt: questions, echo }] : questions;
      const answers = this.#ask(prompts, name, instruction);
      const answer = typeof questions === "string" ? answers.then(([first = ""]) => first) : answers;
      // A handler that does not wait for its answer must not bring the process down when the user hangs up.
      answer.catch(() => undefined);
      return answer;
    };
    return prompt as AuthPrompter;
  }

  async #ask(prompts: readonly AuthPrompt[], name: string, instruction: string): Promise<readonly string[]> {
    if (this.#isOver) throw new DialogueAborted("The login is over.");
    if (this.#question !== undefined) throw new Error("Await the answer before you ask the next question.");
    if (prompts.length > 16) throw new Error("At most 16 questions at once.");
    const question = Promise.withResolvers<readonly string[]>();
    this.#question = question;
    this.#timer = setTimeout(() => this.abort("No answer in time."), this.#timeLimit);
    this.#turn.resolve({ ask: { type: "prompt", name, instruction, prompts } });
    const responses = await question.promise;
    // A client answers each question or the protocol has refused it; a gap would shift answers to other questions.
    if (responses.length !== prompts.length) throw new DialogueAborted("The number of answers is wrong.");
    return responses;
  }
}
