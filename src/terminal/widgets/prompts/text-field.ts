import { Line } from "../../editor/buffer/line.ts";
import { deleteRight } from "../../editor/commands/changes.ts";
import { type Draft, perform } from "../../editor/commands/draft.ts";
import { KEYMAP } from "../../editor/commands/keymap.ts";
import { KillRing } from "../../editor/commands/kill-ring.ts";
import type { Key } from "../../keys/key.ts";
import { graphemeWidth } from "../../text/width.ts";

export interface TextFieldOptions {
  /** What is there already. */
  readonly initial?: string | undefined;
  /** Stands for each character; the text is then a secret, and Ctrl-W and its kin take all of it. */
  readonly mask?: string | undefined;
}

/** UTF-16 code units, as at the prompt. */
const LIMIT = 4096;

/** Stands for what has no width of its own, as in the line editor. */
const PLACEHOLDER = "◌";

/** A line that is edited within one row, with the keys of the prompt; of a long one the part around the cursor is shown. */
export class TextField {
  readonly #line: Line;
  readonly #draft: Draft;
  readonly #mask: string | undefined;

  constructor({ initial = "", mask }: TextFieldOptions = {}) {
    this.#line = new Line({ secret: mask !== undefined, limit: LIMIT });
    this.#line.start(initial);
    this.#draft = { line: this.#line, kills: new KillRing(), recall: undefined, streak: undefined };
    this.#mask = mask;
  }

  /** Clean, as the line editor's: no control characters, no newline. */
  get text(): string {
    return this.#line.text;
  }

  get isEmpty(): boolean {
    return this.#line.length === 0;
  }

  /** Takes a key; false when it is none that edits. */
  key(chord: string, key: Key): boolean {
    if (key.text !== "") {
      this.paste(key.text);
      return true;
    }
    const command = KEYMAP.get(chord);
    // A field never ends by itself: who has it says what Ctrl-D means where there is nothing to delete.
    const action = command?.kind === "erase-or-end" ? deleteRight : command?.kind === "edit" ? command.act : undefined;
    if (action === undefined) return false;
    perform(this.#draft, action);
    return true;
  }

  paste(text: string): void {
    perform(this.#draft, ({ line }) => line.insert(text));
  }

  clear(): void {
    this.#line.set("");
  }

  /** The text, or what of it fits into so many columns with the cursor in sight, and the column of the cursor. */
  view(columns: number, ellipsis: string): { readonly text: string; readonly column: number } {
    const shown = this.#line.graphemes.map((cluster) => this.#shown(cluster));
    const { cursor } = this.#line;
    const room = Math.max(1, columns - 1);
    let start = 0;
    if (widthOf(shown) > room) {
      start = cursor;
      // Two thirds for what is before the cursor; if less follows, more.
      const after = widthOf(shown.slice(cursor));
      const before = Math.max(Math.ceil((room * 2) / 3), room - after) - ellipsis.length;
      for (let width = 0; start > 0; start--) {
        width += widthOf(shown.slice(start - 1, start));
        if (width > before) break;
      }
    }
    const mark = start > 0 ? ellipsis : "";
    return {
      text: mark + shown.slice(start).join(""),
      column: mark.length + widthOf(shown.slice(start, cursor)),
    };
  }

  #shown(cluster: string): string {
    return this.#mask ?? (graphemeWidth(cluster) === 0 ? PLACEHOLDER : cluster);
  }
}

function widthOf(clusters: readonly string[]): number {
  let width = 0;
  for (const cluster of clusters) width += graphemeWidth(cluster);
  return width;
}
