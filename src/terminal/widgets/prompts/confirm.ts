import type { Outcome } from "../../foreground.ts";
import type { Size, View, Widget } from "../frame/widget.ts";
import { answered, questionView } from "./question.ts";

const ANSWERS: ReadonlyMap<string, boolean> = new Map([
  ["y", true],
  ["n", false],
]);

/** A question that one key answers: y, n, or Enter for the default. */
export class Confirm implements Widget<boolean> {
  readonly #question: string;
  readonly #byDefault: boolean;

  constructor(question: string, byDefault: boolean) {
    this.#question = question;
    this.#byDefault = byDefault;
  }

  key(chord: string): Outcome<boolean> | undefined {
    const value = chord === "return" || chord === "enter" ? this.#byDefault : ANSWERS.get(chord);
    return value === undefined ? undefined : { type: "done", value };
  }

  view({ columns }: Size): View {
    return questionView(`${this.#question} ${this.#byDefault ? "[Y/n]" : "[y/N]"}`, columns);
  }

  epitaph(outcome: Outcome<boolean>): string {
    return answered(this.#question, outcome, outcome.type === "done" && outcome.value ? "yes" : "no");
  }
}
