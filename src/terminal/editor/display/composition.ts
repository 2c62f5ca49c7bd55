import { graphemes } from "../../text/graphemes.ts";
import { stylesOf } from "./highlight.ts";
import { firstDifference, NO_ROWS, NO_STYLES, type Style, type View } from "./view.ts";

/** Gives a text colours and attributes (SGR) and changes nothing else of it. */
export type Highlight = (text: string) => string;

/** What is to be shown, before it is made up. */
export interface Material {
  readonly prompt: string;
  readonly graphemes: readonly string[];
  readonly cursor: number;
  /** Shown in place of each cluster: a character, or nothing at all. */
  readonly mask?: string | undefined;
  readonly highlight?: Highlight | undefined;
  /** What is suggested behind the line. */
  readonly rest?: string;
  /** Clusters to be marked, from one up to another. */
  readonly mark?: { readonly start: number; readonly end: number };
  readonly below?: readonly string[];
}

/** What of a view is another than before; see {@link Display.update}. */
export interface Difference {
  readonly from: number | undefined;
  readonly until: number | undefined;
}

/** Grey, as fish and zsh show suggestions. */
const FAINT = "\x1b[90m";
const MARK = "\x1b[7m";

/** Makes views of what is edited at one prompt, and knows what of them is new. */
export class Composition {
  readonly #failed: (error: unknown) => void;
  #view: View = { prompt: "", graphemes: [], cursor: 0, styles: NO_STYLES, below: NO_ROWS };
  #rest = "";
  /** What was highlighted last, and what came of it. */
  #highlighted: { readonly text: string; readonly styles: readonly Style[] } | undefined;
  #hasFailed = false;

  /** @param failed hears of a highlighter that threw or gave another text; it is asked no more. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  /** The view that was made last. */
  get view(): View {
    return this.#view;
  }

  /**
   * Makes the next view. @param from the first cluster of the line that was edited; undefined for none. Where another line
   * is shown than before is found out here.
   */
  compose(material: Material, from: number | undefined): Difference {
    const { mask, rest = "", prompt, below = NO_ROWS, cursor } = material;
    if (mask !== undefined) return this.#masked(material, mask, from);
    const { length } = material.graphemes;
    const before = this.#view;
    const was = this.#rest;
    const line = this.#stylesOf(material);
    const styles = rest === "" ? line : [...line, { from: length, sgr: FAINT }];
    // What was suggested has been typed: it stands there already, and so does the rest.
    const isTyped = from !== undefined && rest !== "" && was !== rest && isSuggested(before, material, from, was, rest);
    const suggested = isTyped ? before.graphemes : [...material.graphemes, ...graphemes(rest)];
    const all = rest === "" ? material.graphemes : suggested;
    this.#view = { prompt, graphemes: all, cursor, styles, below };
    this.#rest = rest;
    const other = Math.min(firstOther(before.graphemes, all), firstDifference(before.styles, styles));
    const differs = Math.min(from ?? Infinity, other);
    if (isTyped && differs === from) return { from, until: length };
    return { from: differs === Infinity ? undefined : differs, until: undefined };
  }

  #masked(
    { prompt, graphemes, cursor, below = NO_ROWS }: Material,
    mask: string,
    from: number | undefined,
  ): Difference {
    const isShown = mask !== "";
    this.#view = {
      prompt,
      graphemes: isShown ? Array<string>(graphemes.length).fill(mask) : [],
      cursor: isShown ? cursor : 0,
      styles: NO_STYLES,
      below,
    };
    return { from: isShown ? from : undefined, until: undefined };
  }

  #stylesOf({ graphemes, highlight, mark }: Material): readonly Style[] {
    if (mark !== undefined) {
      return [
        { from: mark.start, sgr: MARK },
        { from: mark.end, sgr: "" },
      ];
    }
    if (highlight === undefined || this.#hasFailed || graphemes.length === 0) return NO_STYLES;
    const text = graphemes.join("");
    if (this.#highlighted?.text !== text) {
      this.#highlighted = { text, styles: this.#highlight(text, highlight, graphemes) };
    }
    return this.#highlighted.styles;
  }

  #highlight(text: string, highlight: Highlight, graphemes: readonly string[]): readonly Style[] {
    try {
      const styles = stylesOf(text, highlight(text), graphemes);
      if (styles !== undefined) return styles;
      throw new TypeError("A highlighter gave another text than it got: it may add colours (SGR) and nothing else.");
    } catch (error) {
      this.#hasFailed = true;
      this.#failed(error);
      return NO_STYLES;
    }
  }
}

/** The first cluster that is another; Infinity if all are the same. */
function firstOther(before: readonly string[], after: readonly string[]): number {
  if (before === after) return Infinity;
  let at = 0;
  while (at < before.length && before[at] === after[at]) at++;
  return at === before.length && at === after.length ? Infinity : at;
}

/** Whether what was typed from one cluster on is what was suggested, of which a rest is left. */
function isSuggested(before: View, { graphemes, cursor }: Material, from: number, was: string, rest: string): boolean {
  let typed = 0;
  for (let at = from; at < graphemes.length; at++) {
    const cluster = graphemes[at] ?? "";
    if (before.graphemes[at] !== cluster) return false;
    typed += cluster.length;
  }
  return cursor === graphemes.length && typed > 0 && was.length === typed + rest.length && was.endsWith(rest);
}
