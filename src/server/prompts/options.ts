import type { Choice, FormAnswers, FormFields, MenuEntry, Validate } from "../../terminal/index.ts";
import type { Completer } from "../line/hooks.ts";

/** Calls a question off from outside. */
export interface PromptSignal {
  readonly signal?: AbortSignal;
}

/** How `client.ask` asks. */
export interface AskOptions extends PromptSignal {
  /** What an empty answer means. Default the empty string. */
  readonly default?: string;
  /** Text that is there already, to be edited; only with a terminal. */
  readonly initial?: string;
  /** Whether the answer may have several rows: what is pasted keeps its newlines, and Alt-Enter begins one. Default false. */
  readonly multiline?: boolean;
  /** What Tab completes the answer with: candidates, or a function that finds some; only with a terminal. */
  readonly complete?: Completer;
  readonly validate?: Validate<string>;
}

/** How `client.password` asks. */
export interface PasswordOptions extends PromptSignal {
  /** What is shown for each character. Default nothing. */
  readonly mask?: string;
}

/** How `client.confirm` asks. */
export interface ConfirmOptions extends PromptSignal {
  /** What Enter alone means. Default false. */
  readonly default?: boolean;
}

/** How `client.choose` asks. */
export interface ChooseOptions extends PromptSignal {
  /** The number, from 1, that is pointed at first; without a terminal, the one that Enter alone means. Default none. */
  readonly default?: number;
}

/** How `client.checkbox` asks. */
export interface CheckboxOptions<Value> extends PromptSignal {
  /** The numbers, from 1, of those that are ticked at first. Default none. */
  readonly default?: readonly number[];
  /** So many must be ticked at least. Default 0. */
  readonly min?: number;
  /** So many may be ticked at most. Default all. */
  readonly max?: number;
  readonly validate?: Validate<readonly Value[]>;
}

/** An entry of a menu: one that can be chosen, or one that leads to others. A string is its own value. */
export type MenuItem =
  | string
  | Choice<unknown>
  | (Omit<Choice<unknown>, "value"> & { readonly items: readonly MenuItem[] });

/** What choosing an entry gives: its value, or that of one of those that it leads to. */
export type Chosen<Item> = Item extends { readonly items: readonly (infer Below)[] }
  ? Chosen<Below>
  : Item extends { readonly value: infer Value }
    ? Value
    : Item;

/** How `client.form` asks. */
export interface FormOptions<Fields extends FormFields> extends PromptSignal {
  /** Stands above the fields. Default none. */
  readonly title?: string;
  /** Stands on the button. Default `Submit`. */
  readonly submit?: string;
  /** Looks at all answers together, once each field is right by itself. */
  readonly validate?: Validate<FormAnswers<Fields>>;
}

/** What `client.dialog` says. */
export interface DialogOptions<Button> extends PromptSignal {
  /** Default none. */
  readonly title?: string;
  readonly text: string;
  /** Left to right; one at least. */
  readonly buttons: readonly Button[];
  /** The number, from 1, of the button that Enter presses at first. Default 1. */
  readonly default?: number;
}

/** How `client.alert` tells. */
export interface AlertOptions extends PromptSignal {
  /** Default none. */
  readonly title?: string;
}

/** How `client.page` shows a text. */
export interface PageOptions extends PromptSignal {
  /** Stands in the last row. Default none. */
  readonly title?: string;
  /** Whether lines that are too long go on in the next row; else Left and Right move over them. Default true. */
  readonly wrap?: boolean;
}

/** An entry as the widgets have it: with a value, or with entries below it. */
export interface Node extends MenuEntry<Node> {
  readonly value?: unknown;
}

/** What apps write as a choice, as the widgets have it. */
export function nodeOf(item: MenuItem): Node {
  if (typeof item === "string") return { label: item, value: item };
  return "items" in item ? { ...item, items: item.items.map(nodeOf) } : item;
}
