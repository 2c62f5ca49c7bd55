import { graphemes } from "../text/graphemes.ts";
import { clean } from "./buffer/clean.ts";
import { type Edit, type Line, NONE } from "./buffer/line.ts";
import { isWordLike, wordEnd } from "./buffer/words.ts";

/** Gives a whole line that goes on from the text, now, or later by {@link LineEditor.suggested}. */
export type Suggest = (text: string) => string | undefined;

/** What is longer than this is suggested to nobody. */
const MAX_SUGGESTION = 1024;

/** What the line may go on with, shown behind it. Only what is on the screen can be taken. */
export class Suggestion {
  readonly #suggest: Suggest;
  readonly #failed: (error: unknown) => void;
  #rest = "";
  #isCurrent = false;
  /** Nothing is suggested any more. */
  #isOver = false;

  /** @param failed hears of what the function throws; it is asked no more then. */
  constructor(suggest: Suggest, failed: (error: unknown) => void) {
    this.#suggest = suggest;
    this.#failed = failed;
  }

  /** What stands behind the line; empty for nothing. */
  get rest(): string {
    return this.#rest;
  }

  /** Text was typed at the end of the line: as long as that is what was suggested, the rest of it stays. */
  typed(text: string): void {
    if (this.#rest.length > text.length && this.#rest.startsWith(text)) this.#rest = this.#rest.slice(text.length);
    else this.forget();
  }

  /** The line is another, or the cursor elsewhere. */
  forget(): void {
    this.#rest = "";
    this.#isCurrent = false;
  }

  /** The line is entered, or is not for the eye. */
  end(): void {
    this.forget();
    this.#isOver = true;
  }

  /** Asks for a suggestion, if the line can have one and has not been asked for before. */
  update(line: Line): void {
    if (this.#isCurrent || this.#isOver) return;
    this.#isCurrent = true;
    if (line.length === 0 || line.cursor < line.length) return;
    const { text } = line;
    try {
      this.offer(text, this.#suggest(text), line);
    } catch (error) {
      this.end();
      this.#failed(error);
    }
  }

  /** Takes a suggestion that was made for a text; false when the line is no longer that. */
  offer(text: string, suggestion: string | undefined, line: Line): boolean {
    if (this.#isOver || line.cursor < line.length || line.text !== text || typeof suggestion !== "string") return false;
    const isFitting = suggestion.length <= MAX_SUGGESTION && suggestion.startsWith(text);
    const rest = isFitting ? clean(suggestion.slice(text.length), line.isMultiline) : "";
    if (rest === this.#rest) return false;
    this.#rest = rest;
    return true;
  }

  /** Puts what is suggested into the line, all of it or the next word. */
  take(line: Line, how: "all" | "word"): Edit {
    if (this.#rest === "") return NONE;
    const clusters = graphemes(this.#rest);
    const end = how === "all" ? clusters.length : wordEnd(clusters, 0, isWordLike);
    return line.insert(clusters.slice(0, end).join(""));
  }
}
