import type { Outcome } from "../../foreground.ts";
import type { Key } from "../../keys/key.ts";
import type { Size, View, Widget } from "../frame/widget.ts";
import type { Glyphs } from "../theme.ts";
import type { Entry } from "./list.ts";
import { List } from "./list.ts";
import { answered, questionView } from "./question.ts";

/** Entries that are shown at once, at most: what stood on the screen shall not all be pushed out of it. */
export const MAX_LIST_ROWS = 12;

/** A question with a list below it, of which one entry is chosen. */
export class Choose<Item extends Entry> implements Widget<Item> {
  readonly #question: string;
  readonly #list: List<Item>;
  readonly #glyphs: Glyphs;

  /** @param start the index of the entry that is pointed at first. */
  constructor(question: string, items: readonly Item[], start: number | undefined, glyphs: Glyphs) {
    this.#question = question;
    this.#list = new List(items, start);
    this.#glyphs = glyphs;
  }

  get takesCtrlD(): boolean {
    return !this.#list.filter.isEmpty;
  }

  key(chord: string, key: Key): Outcome<Item> | undefined {
    if (chord === "return" || chord === "enter") {
      const { current } = this.#list;
      return current === undefined ? undefined : { type: "done", value: current };
    }
    if (chord === "escape") this.#list.clearFilter();
    else this.#list.key(chord, key);
    return undefined;
  }

  paste(text: string): void {
    this.#list.paste(text);
  }

  view(size: Size): View {
    return listView(this.#question, this.#list, size, this.#glyphs);
  }

  epitaph(outcome: Outcome<Item>): string {
    return answered(this.#question, outcome, outcome.type === "done" ? outcome.value.label : "");
  }
}

/** A question, what is typed to filter, and the list. */
export function listView(question: string, list: List<Entry>, { columns, rows }: Size, glyphs: Glyphs): View {
  const hint = list.isNumbered ? "" : "type to filter";
  const head = questionView(question, columns, { field: list.filter, hint, ellipsis: glyphs.ellipsis });
  const below = list.view(Math.min(MAX_LIST_ROWS, rows - head.rows.length), glyphs);
  return { rows: [...head.rows, ...below.rows], cursor: head.cursor, focus: head.rows.length + below.focus };
}
