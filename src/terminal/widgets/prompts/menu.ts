import type { Outcome } from "../../foreground.ts";
import type { Key } from "../../keys/key.ts";
import type { Size, View, Widget } from "../frame/widget.ts";
import type { Glyphs } from "../theme.ts";
import { dim } from "../theme.ts";
import { listView } from "./choose.ts";
import type { Entry } from "./list.ts";
import { List } from "./list.ts";
import { answered } from "./question.ts";

/** An entry of a menu: one to be chosen, or one that leads to others. */
export interface MenuEntry<Item extends MenuEntry<Item>> extends Entry {
  readonly items?: readonly Item[] | undefined;
}

/** A list within the menu, and the entry that led to it. */
interface Level<Item extends Entry> {
  readonly from: Item | undefined;
  readonly list: List<Item>;
}

/** Lists in lists, with the way back: Enter or Right goes down, Left or Escape goes up. */
export class Menu<Item extends MenuEntry<Item>> implements Widget<Item> {
  readonly #title: string;
  readonly #glyphs: Glyphs;
  readonly #levels: [Level<Item>, ...Level<Item>[]];

  constructor(title: string, items: readonly Item[], glyphs: Glyphs) {
    this.#title = title;
    this.#glyphs = glyphs;
    this.#levels = [{ from: undefined, list: new List(items) }];
  }

  get takesCtrlD(): boolean {
    return !this.#list.filter.isEmpty;
  }

  key(chord: string, key: Key): Outcome<Item> | undefined {
    const list = this.#list;
    const { current } = list;
    const isEnter = chord === "return" || chord === "enter";
    const isArrow = list.filter.isEmpty;
    if (isEnter || (chord === "right" && isArrow)) {
      if (current?.items !== undefined) this.#levels.push({ from: current, list: new List(current.items) });
      else if (current !== undefined && isEnter) return { type: "done", value: current };
    } else if ((chord === "left" && isArrow) || chord === "escape") {
      if (!list.filter.isEmpty) list.clearFilter();
      else if (this.#levels.length > 1) this.#levels.pop();
    } else list.key(chord, key);
    return undefined;
  }

  paste(text: string): void {
    this.#list.paste(text);
  }

  view(size: Size): View {
    const isDeep = this.#levels.length > 1;
    const view = listView(this.#path(), this.#list, { ...size, rows: size.rows - (isDeep ? 1 : 0) }, this.#glyphs);
    return isDeep ? { ...view, rows: [...view.rows, dim(`${this.#glyphs.left} Escape goes back`)] } : view;
  }

  epitaph(outcome: Outcome<Item>): string {
    return answered(this.#path(), outcome, outcome.type === "done" ? outcome.value.label : "");
  }

  get #list(): List<Item> {
    return (this.#levels.at(-1) ?? this.#levels[0]).list;
  }

  #path(): string {
    const labels = this.#levels.flatMap(({ from }) => from?.label ?? []);
    return [this.#title, ...labels].join(` ${this.#glyphs.right} `);
  }
}
