import { graphemes } from "../text/graphemes.ts";
import { Line } from "./buffer/line.ts";
import type { Draft } from "./commands/draft.ts";
import type { KillRing } from "./commands/kill-ring.ts";
import type { CompletionRequest } from "./completion/candidates.ts";
import { Composition, type Highlight, type Material } from "./display/composition.ts";
import type { Source } from "./display/sheet.ts";
import type { Size } from "./display/view.ts";
import type { History } from "./history/history.ts";
import { Recall } from "./history/recall.ts";
import type { Mode } from "./mode.ts";
import { type Suggest, Suggestion } from "./suggestion.ts";

/** What one prompt asks for. */
export interface PromptOptions {
  /**
   * Hides what is typed: behind one character each, or with `true` altogether. Nothing of it is kept anywhere, and what
   * completes, suggests and highlights never gets to see it.
   */
  mask?: string | true;
  /** Whether Up recalls earlier lines and this one joins them. Default true; with a mask it never does. */
  history?: boolean;
  /** Text that is there already, to be edited. */
  initial?: string;
  /** Whether the line may have several rows, parted by `\n`. Default false: line breaks that are pasted become blanks. */
  multiline?: boolean;
  /** Tab was pressed: is answered by `completed`, at once or later. Without it, Tab does nothing. */
  complete?: ((request: CompletionRequest) => void) | undefined;
  /** What is shown behind the line, for Right to take. With `true` the newest line of the history that begins so. */
  suggest?: Suggest | true | undefined;
  /** Colours what is typed. */
  highlight?: Highlight | undefined;
}

/** What an entry shares with others of its editor. */
interface Shared {
  readonly kills: KillRing;
  readonly history: History | undefined;
  readonly limit: number;
  readonly failed: (error: unknown) => void;
}

/** One prompt and the line that is being written behind it. */
export class Entry implements Source {
  prompt: string;
  readonly draft: Draft;
  readonly composition: Composition;
  readonly complete: ((request: CompletionRequest) => void) | undefined;
  /** Where the line goes when it is entered; undefined if it is kept nowhere. */
  readonly history: History | undefined;
  /** What has the keys in place of the keymap. */
  mode: Mode | undefined;
  /** A key that another has to follow. */
  prefix = "";
  readonly #mask: string | undefined;
  readonly #highlight: Highlight | undefined;
  readonly #suggestion: Suggestion | undefined;

  constructor(prompt: string, options: PromptOptions, { kills, history, limit, failed }: Shared) {
    const { mask, initial = "", multiline = false, complete, suggest, highlight } = options;
    const isSecret = mask !== undefined;
    this.prompt = prompt;
    // A mask of several characters would tell more of the length than one.
    this.#mask = mask === true ? "" : mask === undefined ? undefined : (graphemes(mask)[0] ?? "");
    this.history = options.history === false || isSecret ? undefined : history;
    const recall = this.history === undefined ? undefined : new Recall(this.history);
    const line = new Line({ limit, multiline: multiline && !isSecret, secret: isSecret });
    this.draft = { line, kills, recall, streak: undefined };
    line.start(initial);
    this.composition = new Composition(failed);
    if (isSecret) return;
    this.complete = complete;
    this.#highlight = highlight;
    const how = suggest === true ? (text: string) => this.history?.newestAfter(text) : suggest;
    if (how !== undefined) this.#suggestion = new Suggestion(how, failed);
  }

  get line(): Line {
    return this.draft.line;
  }

  /** What is suggested behind the line, as long as that is what is shown. */
  get suggestion(): Suggestion | undefined {
    return this.mode?.material === undefined ? this.#suggestion : undefined;
  }

  /** What there is to see. */
  material(size: Size): Material {
    const { line } = this;
    const base: Material = {
      prompt: this.prompt,
      graphemes: line.graphemes,
      cursor: line.cursor,
      mask: this.#mask,
      highlight: this.#highlight,
    };
    if (this.mode?.material !== undefined) return this.mode.material(base, size);
    const { suggestion } = this;
    if (suggestion === undefined) return base;
    suggestion.update(line);
    return suggestion.rest === "" ? base : { ...base, rest: suggestion.rest };
  }
}
