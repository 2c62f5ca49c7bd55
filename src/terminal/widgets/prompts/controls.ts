import type { Key } from "../../keys/key.ts";
import type { Glyphs } from "../theme.ts";
import { dim } from "../theme.ts";
import type { Entry } from "./list.ts";
import { isDisabled } from "./list.ts";
import { TextField } from "./text-field.ts";

/** One of several to choose from. */
export interface Choice<Value> extends Entry {
  readonly value: Value;
}

/** Says what is wrong with an answer, which is then asked for again; undefined or true takes it. */
export type Validate<Value> = (answer: Value) => string | true | undefined;

/** A field of a form. */
export type FormField =
  | {
      readonly type: "text";
      readonly label: string;
      /** Text that is there already, to be edited. */
      readonly default?: string;
      readonly validate?: Validate<string>;
    }
  | {
      readonly type: "password";
      readonly label: string;
      readonly validate?: Validate<string>;
    }
  | {
      readonly type: "choice";
      readonly label: string;
      readonly choices: readonly (string | Choice<unknown>)[];
      /** The number, from 1, that is chosen at first. Default the first that can be. */
      readonly default?: number;
    }
  | {
      readonly type: "confirm";
      readonly label: string;
      readonly default?: boolean;
      readonly validate?: Validate<boolean>;
    };

/** What a user operates in one field. */
export interface Control {
  readonly value: unknown;
  /** The value as it may be left on the screen. */
  readonly shown: string;
  readonly takesCtrlD: boolean;
  /** What is wrong with the value; undefined if nothing is. */
  objection(): string | undefined;
  /** Takes a key that is none of the form's. */
  key(chord: string, key: Key): void;
  paste(text: string): void;
  /** How it looks, and where its cursor is. */
  view(columns: number, isFocused: boolean): { readonly text: string; readonly column: number };
}

/** Makes what operates a field. */
export function controlFor(field: FormField, glyphs: Glyphs): Control {
  switch (field.type) {
    case "text":
      return new TextControl(field.default, undefined, field.validate, glyphs);
    case "password":
      return new TextControl(undefined, glyphs.mask, field.validate, glyphs);
    case "choice": {
      const entries = field.choices.map((choice) => (typeof choice === "string" ? { label: choice } : choice));
      const values = field.choices.map((choice) => (typeof choice === "string" ? choice : choice.value));
      return new CycleControl(entries, values, (field.default ?? 1) - 1, () => true, glyphs);
    }
    case "confirm": {
      const validate: Validate<unknown> = (answer) => field.validate?.(answer === true);
      return new CycleControl(
        [{ label: "yes" }, { label: "no" }],
        [true, false],
        field.default === true ? 0 : 1,
        validate,
        glyphs,
      );
    }
  }
}

class TextControl implements Control {
  readonly #field: TextField;
  readonly #mask: string | undefined;
  readonly #validate: Validate<string> | undefined;
  readonly #glyphs: Glyphs;

  constructor(
    initial: string | undefined,
    mask: string | undefined,
    validate: Validate<string> | undefined,
    glyphs: Glyphs,
  ) {
    this.#field = new TextField({ initial, mask });
    this.#mask = mask;
    this.#validate = validate;
    this.#glyphs = glyphs;
  }

  get value(): string {
    return this.#field.text;
  }

  get shown(): string {
    // As many as the secret is long would tell too much to whoever reads the screen later.
    return this.#mask === undefined ? this.#field.text : this.#mask.repeat(this.#field.isEmpty ? 0 : 8);
  }

  get takesCtrlD(): boolean {
    return !this.#field.isEmpty;
  }

  objection(): string | undefined {
    return objectionOf(this.#validate?.(this.value));
  }

  key(chord: string, key: Key): void {
    this.#field.key(chord, key);
  }

  paste(text: string): void {
    this.#field.paste(text);
  }

  view(columns: number): { text: string; column: number } {
    return this.#field.view(columns, this.#glyphs.ellipsis);
  }
}

/** Several values of which one is shown; Left, Right and Space change it, a letter goes to what begins with it. */
class CycleControl implements Control {
  readonly takesCtrlD = false;
  readonly #entries: readonly Entry[];
  readonly #values: readonly unknown[];
  readonly #validate: Validate<unknown>;
  readonly #glyphs: Glyphs;
  #at: number;

  constructor(
    entries: readonly Entry[],
    values: readonly unknown[],
    start: number,
    validate: Validate<unknown>,
    glyphs: Glyphs,
  ) {
    this.#entries = entries;
    this.#values = values;
    this.#validate = validate;
    this.#glyphs = glyphs;
    this.#at = start - 1;
    this.#step(1);
  }

  get value(): unknown {
    return this.#values[this.#at];
  }

  get shown(): string {
    return this.#entries[this.#at]?.label ?? "";
  }

  objection(): string | undefined {
    return objectionOf(this.#validate(this.value));
  }

  key(chord: string, key: Key): void {
    const step = STEPS.get(chord);
    if (step !== undefined) this.#step(step);
    else if (key.text !== "") this.#step(1, key.text.toLowerCase());
  }

  paste(): void {
    // There is nothing to type.
  }

  view(_columns: number, isFocused: boolean): { text: string; column: number } {
    const { left, right } = this.#glyphs;
    const text = isFocused ? `${dim(left)} ${this.shown} ${dim(right)}` : this.shown;
    return { text, column: isFocused ? 2 : 0 };
  }

  /** Goes to the next that can be chosen and begins with a text; stays when there is none. */
  #step(step: number, beginning = ""): void {
    const { length } = this.#entries;
    for (let tried = 1; tried <= length; tried++) {
      const at = (this.#at + step * tried + length * (tried + 1)) % length;
      const entry = this.#entries[at];
      if (isDisabled(entry) || entry?.label.toLowerCase().startsWith(beginning) !== true) continue;
      this.#at = at;
      return;
    }
  }
}

const STEPS: ReadonlyMap<string, number> = new Map([
  ["left", -1],
  ["right", 1],
  ["space", 1],
]);

/** What a `validate` has against an answer. @throws TypeError for what is no verdict, such as a promise: it would be shown as one. */
export function objectionOf(verdict: unknown): string | undefined {
  if (verdict === undefined || verdict === true) return undefined;
  if (typeof verdict === "string") return verdict;
  throw new TypeError(
    "validate gives true or undefined for a good answer, and a text for any other; it is not waited for.",
  );
}
