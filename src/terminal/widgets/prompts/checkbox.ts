import type { Outcome } from "../../foreground.ts";
import type { Key } from "../../keys/key.ts";
import type { Size, View, Widget } from "../frame/widget.ts";
import type { Glyphs } from "../theme.ts";
import { dim, green, red } from "../theme.ts";
import { MAX_LIST_ROWS } from "./choose.ts";
import { objectionOf } from "./controls.ts";
import type { Entry } from "./list.ts";
import { isDisabled, List } from "./list.ts";
import { answered, questionView } from "./question.ts";

/** What a list of boxes to tick asks for. */
export interface CheckboxRules<Item> {
  /** So many are ticked at least, and at most. */
  readonly min: number;
  readonly max: number;
  /** Says what is wrong with what is ticked; undefined or true takes it. */
  readonly validate?: ((items: readonly Item[]) => string | true | undefined) | undefined;
}

/** A question with a list below it, of which any number of entries is ticked. */
export class Checkbox<Item extends Entry> implements Widget<readonly Item[]> {
  readonly #question: string;
  readonly #items: readonly Item[];
  readonly #rules: CheckboxRules<Item>;
  readonly #glyphs: Glyphs;
  readonly #list: List<Item>;
  readonly #ticked: Set<Item>;
  #objection = "";

  constructor(
    question: string,
    items: readonly Item[],
    ticked: Iterable<Item>,
    rules: CheckboxRules<Item>,
    glyphs: Glyphs,
  ) {
    this.#question = question;
    this.#items = items;
    this.#ticked = new Set(ticked);
    this.#rules = rules;
    this.#glyphs = glyphs;
    this.#list = new List(items, 0, false);
  }

  key(chord: string, key: Key): Outcome<readonly Item[]> | undefined {
    if (chord === "return" || chord === "enter") return this.#submit();
    const action = ACTIONS[chord];
    if (action !== undefined) this.#change(action);
    else this.#list.key(chord, key);
    return undefined;
  }

  view({ columns, rows }: Size): View {
    const head = questionView(this.#question, columns).rows;
    const foot =
      this.#objection === "" ? dim("space ticks, a all, i the others, Enter when done") : red(this.#objection);
    const height = Math.min(MAX_LIST_ROWS, rows - head.length - 1);
    const { on, off } = this.#glyphs;
    const list = this.#list.view(height, this.#glyphs, (item) => `${this.#ticked.has(item) ? green(on) : off} `);
    return { rows: [...head, ...list.rows, foot], focus: head.length + list.focus };
  }

  epitaph(outcome: Outcome<readonly Item[]>): string {
    const answer = outcome.type === "done" ? outcome.value.map(({ label }) => label).join(", ") : "";
    return answered(this.#question, outcome, answer === "" ? "none" : answer);
  }

  /** Ticks what the action says, unless that is too much. */
  #change(action: Action): void {
    const wanted = action(this.#list.current, this.#ticked, this.#items);
    this.#objection = wanted.length > this.#rules.max ? `At most ${this.#rules.max}.` : "";
    if (this.#objection !== "") return;
    this.#ticked.clear();
    for (const item of wanted) this.#ticked.add(item as Item);
  }

  #submit(): Outcome<readonly Item[]> | undefined {
    const value = this.#items.filter((item) => this.#ticked.has(item));
    const isEnough = value.length >= this.#rules.min;
    const objection = isEnough ? objectionOf(this.#rules.validate?.(value)) : `At least ${this.#rules.min}.`;
    if (objection === undefined) return { type: "done", value };
    this.#objection = objection;
    return undefined;
  }
}

/** What is ticked after a key, by what was before. */
type Action = (current: Entry | undefined, ticked: ReadonlySet<Entry>, items: readonly Entry[]) => readonly Entry[];

const ACTIONS: Readonly<Record<string, Action>> = {
  space: (current, ticked) => {
    if (current === undefined) return [...ticked];
    return ticked.has(current) ? [...ticked].filter((item) => item !== current) : [...ticked, current];
  },
  a: (_current, ticked, items) => {
    const all = items.filter((item) => ticked.has(item) || !isDisabled(item));
    return all.length > ticked.size ? all : all.filter((item) => isDisabled(item));
  },
  i: (_current, ticked, items) => items.filter((item) => ticked.has(item) === isDisabled(item)),
};
