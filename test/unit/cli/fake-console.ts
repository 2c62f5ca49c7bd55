import type { Console } from "../../../src/cli/verb.ts";

/** A console whose person has the answers ready. */
export class FakeConsole implements Console {
  readonly interactive: boolean;
  readonly lines: string[] = [];
  /** Every question, with what hides its answer marked. */
  readonly questions: string[] = [];
  readonly #answers: string[];

  constructor(answers: readonly string[] = [], interactive = true) {
    this.#answers = [...answers];
    this.interactive = interactive;
  }

  print(line: string): void {
    this.lines.push(line);
  }

  ask(question: string): Promise<string> {
    this.questions.push(question);
    return Promise.resolve(this.#answers.shift() ?? "");
  }

  askSecret(question: string): Promise<string> {
    return this.ask(`${question}(hidden)`);
  }

  readRest(): Promise<string> {
    return Promise.resolve(this.#answers.splice(0).join("\n"));
  }
}
