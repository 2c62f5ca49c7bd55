import type { Key, Paste } from "../../keys/key.ts";
import { graphemes } from "../../text/graphemes.ts";
import { type Edit, type Line, NONE, REFUSED } from "../buffer/line.ts";
import { chordOf } from "../commands/chord.ts";
import type { Material } from "../display/composition.ts";
import type { Mode, Turn } from "../mode.ts";
import { SEARCH_KEYS } from "./keys.ts";
import type { Direction, Search } from "./search.ts";

const STAY: Turn = { edit: NONE, next: "stay" };

/** A search of the history, shown in the place of the line, which stays as it is until a line is taken. */
export class SearchMode implements Mode {
  readonly #line: Line;
  readonly #search: Search;
  /** What was searched for before. */
  readonly #earlier: string;

  constructor(line: Line, search: Search, earlier: string) {
    this.#line = line;
    this.#search = search;
    this.#earlier = earlier;
  }

  /** What is searched for. */
  get pattern(): string {
    return this.#search.pattern;
  }

  key(key: Key): Turn {
    if (key.text !== "") return this.#heard(this.#search.type(key.text));
    switch (SEARCH_KEYS.get(chordOf(key, SEARCH_KEYS))) {
      case "older":
        return this.#next("older");
      case "newer":
        return this.#next("newer");
      case "backspace":
        return this.#heard(this.#search.backspace());
      case "accept":
        return { edit: this.#accept(), next: "leave" };
      case "abort":
        return { edit: NONE, next: "leave" };
      case undefined:
        return { edit: this.#accept(), next: "pass" };
    }
  }

  paste({ text }: Paste): Turn {
    return this.#heard(this.#search.type(text));
  }

  material(base: Material): Material {
    const { found, pattern, prompt } = this.#search;
    if (found === undefined) return { ...base, prompt };
    const before = graphemes(found.line.slice(0, found.at)).length;
    const clusters = graphemes(found.line);
    const end = graphemes(found.line.slice(0, found.at + pattern.length)).length;
    return { prompt, graphemes: clusters, cursor: before, mark: { start: before, end } };
  }

  end(): void {
    // Nobody waits for anything.
  }

  #next(direction: Direction): Turn {
    return this.#heard(this.#search.next(direction, this.#earlier));
  }

  #heard(isFound: boolean): Turn {
    return isFound ? STAY : { edit: REFUSED, next: "stay" };
  }

  /** Puts the line that was found in the place of the one that was being written, the cursor where the pattern is. */
  #accept(): Edit {
    const { found } = this.#search;
    if (found === undefined) return NONE;
    const edit = this.#line.set(found.line);
    this.#line.moveTo(graphemes(found.line.slice(0, found.at)).length);
    return edit.kind === "none" ? { kind: "moved" } : edit;
  }
}
