import type { Key } from "../../keys/key.ts";
import { stripAnsi } from "../../text/sanitize.ts";
import { windowOf } from "../frame/window.ts";
import type { Glyphs } from "../theme.ts";
import { accent, dim } from "../theme.ts";
import { TextField } from "./text-field.ts";

/** One entry of a list. */
export interface Entry {
  readonly label: string;
  /** Shown beside the label. */
  readonly description?: string | undefined;
  /** It can be seen and not be chosen; a text says why. */
  readonly disabled?: boolean | string | undefined;
}

/** So many entries have numbers of one digit; of more of them, what is typed picks some out. */
const FEW = 9;
/** Of a label, so many code units are searched. */
const SEARCHED = 1000;

/** A list that is moved in and filtered, of any length: only the rows to be seen are ever made. */
export class List<Item extends Entry> {
  readonly filter: TextField = new TextField();
  readonly #items: readonly Item[];
  readonly #isFiltered: boolean;
  /** What is searched of each label, made when it is needed. */
  readonly #texts: (string | undefined)[] = [];
  #matches: readonly number[];
  #at: number;

  /** @param start the index where it begins. @param isFiltered whether text filters; else letters are up to the caller. */
  constructor(items: readonly Item[], start = 0, isFiltered = true) {
    this.#items = items;
    this.#isFiltered = isFiltered;
    this.#matches = [...items.keys()];
    this.#at = Math.min(Math.max(0, start), Math.max(0, items.length - 1));
    if (this.current === undefined) this.#seek(1);
  }

  /** The entry that the pointer is on, if that can be chosen. */
  get current(): Item | undefined {
    const item = this.#items[this.#matches[this.#at] ?? -1];
    return isDisabled(item) ? undefined : item;
  }

  /** Whether entries have numbers. */
  get isNumbered(): boolean {
    return this.#isFiltered && this.#items.length <= FEW;
  }

  /** Takes a key; false when it is none of the list's. */
  key(chord: string, key: Key): boolean {
    const move = MOVES.get(chord);
    if (move !== undefined) {
      this.#move(...move);
      return true;
    }
    if (!this.#isFiltered || (this.isNumbered && this.filter.isEmpty)) {
      const step = chord === "j" ? 1 : chord === "k" ? -1 : 0;
      if (step !== 0) {
        this.#move(step, "wrap");
        return true;
      }
      if (this.isNumbered && /^[1-9]$/.test(key.text)) {
        const index = Number(key.text) - 1;
        if (index < this.#items.length && !isDisabled(this.#items[index])) this.#at = index;
        return true;
      }
    }
    if (!this.#isFiltered) return false;
    const before = this.filter.text;
    if (!this.filter.key(chord, key)) return false;
    this.#refilter(before);
    return true;
  }

  paste(text: string): void {
    if (!this.#isFiltered) return;
    const before = this.filter.text;
    this.filter.paste(text);
    this.#refilter(before);
  }

  clearFilter(): void {
    const before = this.filter.text;
    this.filter.clear();
    this.#refilter(before);
  }

  /** The entries around the pointer in so many rows, and which of the rows the pointer is in. */
  view(height: number, glyphs: Glyphs, mark: (item: Item) => string = () => ""): { rows: string[]; focus: number } {
    const matches = this.#matches;
    if (matches.length === 0) return { rows: [dim("  Nothing matches.")], focus: 0 };
    const { start, end, hasMarks } = windowOf(matches.length, this.#at, Math.max(1, height));
    const rows: string[] = [];
    if (hasMarks && start > 0) rows.push(dim(`${glyphs.up} ${start} more`));
    const focus = rows.length + this.#at - start;
    for (let at = start; at < end; at++) rows.push(this.#row(at, glyphs, mark));
    if (hasMarks && end < matches.length) rows.push(dim(`${glyphs.down} ${matches.length - end} more`));
    return { rows, focus };
  }

  #row(at: number, glyphs: Glyphs, mark: (item: Item) => string): string {
    const index = this.#matches[at] ?? 0;
    const item = this.#items[index];
    if (item === undefined) return "";
    const { label, description = "", disabled } = item;
    const name = this.isNumbered ? `${index + 1}) ${label}` : label;
    const isHere = at === this.#at && this.current !== undefined;
    const head = `${isHere ? glyphs.pointer : " "} ${mark(item)}${name}`;
    const reason = typeof disabled === "string" ? disabled : description;
    const tail = reason === "" ? "" : dim(`  ${reason}`);
    if (isDisabled(item)) return dim(head) + tail;
    return (isHere ? accent(head) : head) + tail;
  }

  /** Moves the pointer by so many entries that can be chosen; at an end it stays, or goes to the other one. */
  #move(step: number, atEnd: "stay" | "wrap"): void {
    const { length } = this.#matches;
    const to = this.#at + step;
    const isOut = to < 0 || to >= length;
    const direction = Math.sign(step);
    if (isOut && atEnd === "stay") this.#at = step < 0 ? 0 : length - 1;
    else this.#at = length === 0 ? 0 : (to + length) % length;
    if (this.current === undefined) this.#seek(isOut && atEnd === "stay" ? -direction : direction);
  }

  /** From where it is, goes to the next entry that can be chosen, round the ends; stays when there is none. */
  #seek(direction: number): void {
    const { length } = this.#matches;
    for (let tried = 1; tried < length; tried++) {
      const at = (this.#at + tried * direction + length * tried) % length;
      if (isDisabled(this.#items[this.#matches[at] ?? -1])) continue;
      this.#at = at;
      return;
    }
  }

  #refilter(before: string): void {
    const wanted = this.filter.text.toLowerCase();
    if (wanted === before.toLowerCase()) return;
    const current = this.#matches[this.#at];
    const among = wanted.startsWith(before.toLowerCase()) ? this.#matches : [...this.#items.keys()];
    this.#matches = wanted === "" ? among : among.filter((index) => this.#text(index).includes(wanted));
    // What begins with it is rather meant than what has it somewhere.
    const first = this.#matches.findIndex((index) => this.#text(index).startsWith(wanted) && this.#canBeChosen(index));
    const same = wanted === "" ? this.#matches.indexOf(current ?? -1) : -1;
    this.#at = Math.max(0, same >= 0 ? same : first);
    if (this.current === undefined) this.#seek(1);
  }

  #canBeChosen(index: number): boolean {
    return !isDisabled(this.#items[index]);
  }

  #text(index: number): string {
    return (this.#texts[index] ??= stripAnsi(this.#items[index]?.label.slice(0, SEARCHED) ?? "").toLowerCase());
  }
}

const PAGE = 10;
const ALL = 1e9;

const MOVES: ReadonlyMap<string, readonly [step: number, atEnd: "stay" | "wrap"]> = new Map([
  ["up", [-1, "wrap"]],
  ["ctrl+p", [-1, "wrap"]],
  ["down", [1, "wrap"]],
  ["ctrl+n", [1, "wrap"]],
  ["pageup", [-PAGE, "stay"]],
  ["pagedown", [PAGE, "stay"]],
  ["alt+<", [-ALL, "stay"]],
  ["alt+>", [ALL, "stay"]],
  ["home", [-ALL, "stay"]],
  ["end", [ALL, "stay"]],
]);

/** Whether an entry, or the lack of one, cannot be chosen. */
export function isDisabled(item: Entry | undefined): boolean {
  return item === undefined || (item.disabled !== undefined && item.disabled !== false);
}
