import type { Key } from "../../keys/key.ts";
import { backspace } from "../commands/changes.ts";
import { chordOf } from "../commands/chord.ts";
import type { Draft } from "../commands/draft.ts";
import { replacement } from "../buffer/clusters.ts";
import { type Edit, NONE } from "../buffer/line.ts";
import type { Material } from "../display/composition.ts";
import type { Size } from "../display/view.ts";
import type { Mode, Turn } from "../mode.ts";
import type { Choice } from "./candidates.ts";
import { MENU_KEYS } from "./keys.ts";
import type { Menu } from "./menu.ts";
import { putIn } from "./word.ts";

const STAY: Turn = { edit: NONE, next: "stay" };

/** A menu of what the word before the cursor may become. What is chosen is shown in the line, which takes it at the end. */
export class MenuMode implements Mode {
  readonly #draft: Draft;
  readonly #menu: Menu;
  /** The cluster where the word begins. */
  readonly #start: number;

  constructor(draft: Draft, menu: Menu, start: number) {
    this.#draft = draft;
    this.#menu = menu;
    this.#start = start;
  }

  key(key: Key): Turn {
    const { selected } = this.#menu;
    const meaning = MENU_KEYS.get(chordOf(key, MENU_KEYS));
    switch (meaning) {
      case "leave":
        return { edit: NONE, next: "leave" };
      case "accept":
        if (selected === undefined) return { edit: NONE, next: "pass" };
        return { edit: this.#put(selected, key.text === "" ? selected.suffix : " "), next: "leave" };
      case "narrow":
        if (selected === undefined) return this.#narrow(backspace(this.#draft, undefined));
        this.#menu.deselect();
        return STAY;
      case undefined:
        break;
      default:
        this.#menu.move(meaning);
        return STAY;
    }
    const edit = selected === undefined ? NONE : this.#put(selected, "");
    if (key.text === "") return { edit, next: "pass" };
    return this.#narrow(both(edit, this.#draft.line.insert(key.text, "typed")));
  }

  paste(): Turn {
    const { selected } = this.#menu;
    return { edit: selected === undefined ? NONE : this.#put(selected, ""), next: "pass" };
  }

  material(base: Material, { columns, rows }: Size): Material {
    // Half of the screen stays for the line and what is above it.
    const below = this.#menu.draw(columns, Math.min(rows >> 1, rows - 1));
    const { selected } = this.#menu;
    if (selected === undefined) return { ...base, below };
    const { start, end, clusters, after } = replacement(base.graphemes, this.#start, base.cursor, selected.value);
    return { ...base, below, graphemes: base.graphemes.toSpliced(start, end - start, ...clusters), cursor: after };
  }

  end(): void {
    // The completer has answered long ago.
  }

  #put(choice: Choice, suffix: string): Edit {
    const edit = putIn(this.#draft.line, this.#start, { ...choice, suffix });
    this.#draft.streak = { kind: "completed" };
    return edit;
  }

  #narrow(edit: Edit): Turn {
    const { line } = this.#draft;
    const isOpen = line.cursor >= this.#start && this.#menu.narrow(line.slice(this.#start, line.cursor));
    return { edit, next: isOpen ? "stay" : "leave" };
  }
}

function both(one: Edit, other: Edit): Edit {
  if (one.kind !== "changed") return other;
  if (other.kind !== "changed") return one;
  return { kind: "changed", from: Math.min(one.from, other.from), clipped: other.clipped };
}
