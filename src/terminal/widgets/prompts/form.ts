import type { Outcome } from "../../foreground.ts";
import type { Key } from "../../keys/key.ts";
import { pad, widestOf, wrap } from "../cells/fit.ts";
import type { Size, View, Widget } from "../frame/widget.ts";
import type { Glyphs } from "../theme.ts";
import { accent, bold, dim, inverse, red } from "../theme.ts";
import type { Choice, Control, FormField, Validate } from "./controls.ts";
import { controlFor, objectionOf } from "./controls.ts";

/** The fields of a form by their names, in the order in which they are shown. */
export type FormFields = Readonly<Record<string, FormField>>;

/** What a field gives. */
type AnswerOf<Field> = Field extends { readonly type: "confirm" }
  ? boolean
  : Field extends { readonly type: "choice"; readonly choices: readonly (infer Item)[] }
    ? Item extends Choice<infer Value>
      ? Value
      : Item
    : string;

/** What a form gives: an answer for each of its fields. */
export type FormAnswers<Fields> = { -readonly [Name in keyof Fields]: AnswerOf<Fields[Name]> };

/** What a form looks like apart from its fields. */
export interface FormTexts {
  readonly title: string;
  /** What stands on the button. */
  readonly submit: string;
}

/** A field as it is filled in. */
interface Line {
  readonly name: string;
  readonly label: string;
  readonly control: Control;
  objection: string | undefined;
}

/** Several fields on one screen, with a button below them. */
export class Form<Fields extends FormFields> implements Widget<FormAnswers<Fields>> {
  readonly #texts: FormTexts;
  readonly #validate: Validate<FormAnswers<Fields>> | undefined;
  readonly #glyphs: Glyphs;
  readonly #lines: readonly Line[];
  /** The field that has the keys; the button comes after the last. */
  #at = 0;
  #objection: string | undefined;

  constructor(texts: FormTexts, fields: Fields, validate: Validate<FormAnswers<Fields>> | undefined, glyphs: Glyphs) {
    this.#texts = texts;
    this.#validate = validate;
    this.#glyphs = glyphs;
    this.#lines = Object.entries(fields).map(([name, field]) => ({
      name,
      label: field.label,
      control: controlFor(field, glyphs),
      objection: undefined,
    }));
  }

  get takesCtrlD(): boolean {
    return this.#lines[this.#at]?.control.takesCtrlD ?? false;
  }

  key(chord: string, key: Key): Outcome<FormAnswers<Fields>> | undefined {
    const line = this.#lines[this.#at];
    if (chord === "return" || chord === "enter") {
      if (line === undefined) return this.#submit();
      if (this.#check(line)) this.#go(1);
      return undefined;
    }
    const step = chord === "tab" && key.shift ? -1 : STEPS.get(chord);
    if (step === undefined) {
      line?.control.key(chord, key);
      return undefined;
    }
    if (line !== undefined) this.#check(line);
    this.#go(step);
    return undefined;
  }

  paste(text: string): void {
    this.#lines[this.#at]?.control.paste(text);
  }

  view({ columns }: Size): View {
    const rows = this.#texts.title === "" ? [] : wrap(bold(this.#texts.title), columns);
    const labels = Math.min(widestOf(this.#lines.map(({ label }) => label)), columns >> 1);
    const indent = labels + 4;
    let cursor = { row: 0, column: 0 };
    for (const [index, { label, control, objection }] of this.#lines.entries()) {
      const isFocused = index === this.#at;
      const { text, column } = control.view(Math.max(1, columns - indent), isFocused);
      const name = pad(label, labels, this.#glyphs.ellipsis);
      const head = `${isFocused ? this.#glyphs.pointer : " "} ${name}`;
      if (isFocused) cursor = { row: rows.length, column: indent + column };
      rows.push(`${isFocused ? accent(head) : head}  ${text}`);
      if (objection !== undefined) rows.push(...this.#explain(objection, indent, columns));
    }
    const button = `[ ${this.#texts.submit} ]`;
    const isAtButton = this.#at === this.#lines.length;
    if (isAtButton) cursor = { row: rows.length, column: 2 };
    rows.push(isAtButton ? `${this.#glyphs.pointer} ${inverse(button)}` : `  ${dim(button)}`);
    if (this.#objection !== undefined) rows.push(...this.#explain(this.#objection, 2, columns));
    return { rows, cursor };
  }

  epitaph(outcome: Outcome<FormAnswers<Fields>>): string {
    const { title } = this.#texts;
    if (outcome.type !== "done") return outcome.type === "interrupt" ? `${title} ^C` : title;
    const labels = widestOf(this.#lines.map(({ label }) => label));
    const answers = this.#lines.map(
      ({ label, control }) => `  ${pad(label, labels, this.#glyphs.ellipsis)}  ${accent(control.shown)}`,
    );
    return [...(title === "" ? [] : [bold(title)]), ...answers].join("\n");
  }

  #explain(text: string, indent: number, columns: number): string[] {
    const left = Math.min(indent, columns >> 1);
    return wrap(red(text), Math.max(1, columns - left)).map((row) => " ".repeat(left) + row);
  }

  #go(step: number): void {
    const count = this.#lines.length + 1;
    this.#at = (this.#at + step + count) % count;
  }

  #check(line: Line): boolean {
    line.objection = line.control.objection();
    return line.objection === undefined;
  }

  #submit(): Outcome<FormAnswers<Fields>> | undefined {
    for (const line of this.#lines) this.#check(line);
    const wrong = this.#lines.findIndex(({ objection }) => objection !== undefined);
    if (wrong >= 0) {
      this.#at = wrong;
      return undefined;
    }
    const value = Object.fromEntries(
      this.#lines.map(({ name, control }) => [name, control.value]),
    ) as FormAnswers<Fields>;
    this.#objection = objectionOf(this.#validate?.(value));
    return this.#objection === undefined ? { type: "done", value } : undefined;
  }
}

const STEPS: ReadonlyMap<string, number> = new Map([
  ["tab", 1],
  ["down", 1],
  ["ctrl+n", 1],
  ["up", -1],
  ["ctrl+p", -1],
]);
