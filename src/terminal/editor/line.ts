import { graphemes, isPlain } from "../text/graphemes.ts";
import { type Replacement, replacement } from "./clusters.ts";
import type { History } from "./history.ts";
import type { KillDirection, KillRing } from "./kill-ring.ts";
import { type IsWord, isNotBlank, isWordLike, wordEnd, wordStart } from "./words.ts";

/** What an edit did, as far as a display of the line must know. */
export type Edit =
  /** Nothing: there was nothing to delete, or nowhere to go. */
  | { readonly kind: "none" }
  | { readonly kind: "moved" }
  /** The graphemes before `from` are as before. `clipped` says that not all of the text fitted in. */
  | { readonly kind: "changed"; readonly from: number; readonly clipped: boolean };

export interface LineOptions {
  /** What Up and Down go through; without it they do nothing. */
  history?: History | undefined;
  /** Where killed text goes, to be yanked into this line or a later one. */
  kills: KillRing;
  /** For secrets: nothing is put into the kill ring, and the whole line is one word, so that moves tell nothing of it. */
  secret?: boolean;
  /** UTF-16 code units the line may have. */
  limit: number;
}

const NONE: Edit = { kind: "none" };
const MOVED: Edit = { kind: "moved" };

const BREAKS = /\r\n|[\t\n\v\f\r\x85\u2028\u2029]/g;
/** Control characters, and those that turn the direction of writing on the screen: nobody means to type them. */
const UNTYPABLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** What is passed to a function one by one must not be many. */
const MAX_SPLICED = 1024;

/**
 * A letter may carry marks without end, and every further one would be cut and drawn anew with all before it: a new
 * cluster keeps this many code units (the longest emoji has 15), and none grows beyond the second number.
 */
const MAX_NEW_CLUSTER = 32;
const MAX_CLUSTER = 64;

/**
 * A line being edited: grapheme clusters and a cursor between two of them. It knows no keys and no screen.
 *
 * The line is always clean: one row of well-formed Unicode without control characters, whatever was pasted. Newlines and
 * tabs become blanks, other control characters and bidirectional overrides are dropped.
 */
export class Line {
  readonly #history: History | undefined;
  readonly #kills: KillRing;
  readonly #isSecret: boolean;
  readonly #limit: number;
  #graphemes: string[] = [];
  #cursor = 0;
  #size = 0;
  #last: "kill" | "yank" | undefined;
  /** What a yank-pop returns to before it yanks something else. */
  #beforeYank: { graphemes: string[]; cursor: number } | undefined;
  /** The line of the history that is shown; undefined while it is the new line. */
  #recalled: number | undefined;
  #draft = "";

  constructor(options: LineOptions) {
    this.#history = options.history;
    this.#kills = options.kills;
    this.#isSecret = options.secret ?? false;
    this.#limit = options.limit;
  }

  get text(): string {
    return this.#graphemes.join("");
  }

  /** The clusters of the text; a later edit may change this very array. */
  get graphemes(): readonly string[] {
    return this.#graphemes;
  }

  /** How many clusters are before the cursor. */
  get cursor(): number {
    return this.#cursor;
  }

  get length(): number {
    return this.#graphemes.length;
  }

  /** Inserts text before the cursor, as much of it as there is room for. */
  insert(text: string): Edit {
    this.#last = undefined;
    return this.#insert(clean(text));
  }

  /** Replaces the whole line; the cursor goes to its end. */
  set(text: string): Edit {
    this.#last = undefined;
    const { kept, clipped } = fit(clean(text), this.#limit);
    const clusters = graphemes(kept);
    return this.#becomeAll(clusters, clusters.length, clipped);
  }

  clear(): Edit {
    return this.set("");
  }

  left(): Edit {
    return this.#move(this.#cursor - 1);
  }

  right(): Edit {
    return this.#move(this.#cursor + 1);
  }

  home(): Edit {
    return this.#move(0);
  }

  end(): Edit {
    return this.#move(this.length);
  }

  wordLeft(): Edit {
    return this.#move(this.#wordStart(isWordLike));
  }

  wordRight(): Edit {
    return this.#move(this.#wordEnd());
  }

  /** Deletes the cluster before the cursor. */
  backspace(): Edit {
    this.#last = undefined;
    return this.#delete(Math.max(0, this.#cursor - 1), this.#cursor);
  }

  /** Deletes the cluster after the cursor. */
  delete(): Edit {
    this.#last = undefined;
    return this.#delete(this.#cursor, Math.min(this.length, this.#cursor + 1));
  }

  killToEnd(): Edit {
    return this.#kill(this.#cursor, this.length, "forward");
  }

  killToStart(): Edit {
    return this.#kill(0, this.#cursor, "backward");
  }

  killWordRight(): Edit {
    return this.#kill(this.#cursor, this.#wordEnd(), "forward");
  }

  /** Kills back to the beginning of the word: letters and numbers. */
  killWordLeft(): Edit {
    return this.#kill(this.#wordStart(isWordLike), this.#cursor, "backward");
  }

  /** Kills back to the blank before the cursor. */
  killArgumentLeft(): Edit {
    return this.#kill(this.#wordStart(isNotBlank), this.#cursor, "backward");
  }

  /** Inserts what was killed last. */
  yank(): Edit {
    this.#last = undefined;
    const text = this.#kills.top;
    if (text === undefined) return NONE;
    this.#beforeYank = { graphemes: [...this.#graphemes], cursor: this.#cursor };
    this.#last = "yank";
    return this.#insert(text);
  }

  /** Right after a yank: replaces what it inserted by the kill before. */
  yankPop(): Edit {
    if (this.#last !== "yank" || this.#beforeYank === undefined) return NONE;
    this.#kills.rotate();
    const { graphemes, cursor } = this.#beforeYank;
    const undone = this.#becomeAll(graphemes, cursor);
    const done = this.#insert(this.#kills.top ?? "");
    if (undone.kind !== "changed" || done.kind !== "changed") return undone.kind === "changed" ? undone : done;
    return changed(Math.min(undone.from, done.from), done.clipped);
  }

  /** Swaps the cluster before the cursor with the one after it and moves on; at the end, the last two. */
  transpose(): Edit {
    this.#last = undefined;
    if (this.length < 2 || this.#cursor === 0) return NONE;
    const start = Math.min(this.#cursor, this.length - 1) - 1;
    const [first = "", second = ""] = this.#graphemes.slice(start, start + 2);
    return this.#rewrite(start, second + first, start + 2);
  }

  /** Shows the line of the history before; the new line is kept to return to. */
  older(): Edit {
    return this.#recall((this.#recalled ?? this.#history?.length ?? 0) - 1);
  }

  /** Shows the next line of the history, after the last of them the new line as it was left. */
  newer(): Edit {
    return this.#recalled === undefined ? NONE : this.#recall(this.#recalled + 1);
  }

  oldest(): Edit {
    return this.#recall(0);
  }

  newest(): Edit {
    return this.#recalled === undefined ? NONE : this.#recall(this.#history?.length ?? 0);
  }

  #wordStart(isWord: IsWord): number {
    return this.#isSecret ? 0 : wordStart(this.#graphemes, this.#cursor, isWord);
  }

  #wordEnd(): number {
    return this.#isSecret ? this.length : wordEnd(this.#graphemes, this.#cursor, isWordLike);
  }

  #move(to: number): Edit {
    this.#last = undefined;
    const cursor = Math.min(Math.max(to, 0), this.length);
    if (cursor === this.#cursor) return NONE;
    this.#cursor = cursor;
    return MOVED;
  }

  #kill(start: number, end: number, direction: KillDirection): Edit {
    const follows = this.#last === "kill";
    if (start === end) return NONE;
    if (!this.#isSecret) this.#kills.add(this.#graphemes.slice(start, end).join(""), direction, follows);
    this.#last = "kill";
    return this.#delete(start, end);
  }

  #recall(index: number): Edit {
    const history = this.#history;
    if (history === undefined || index < 0 || index === this.#recalled) return NONE;
    if (this.#recalled === undefined) {
      if (index >= history.length) return NONE;
      this.#draft = this.text;
    }
    const line = history.at(index);
    this.#recalled = line === undefined ? undefined : index;
    return this.set(line ?? this.#draft);
  }

  #insert(text: string): Edit {
    const { kept, clipped } = fit(text, this.#limit - this.#size);
    if (kept === "") return clipped ? this.#full() : NONE;
    return this.#rewrite(this.#cursor, kept, this.#cursor, clipped);
  }

  #full(): Edit {
    return changed(this.length, true);
  }

  #delete(start: number, end: number): Edit {
    return start === end ? NONE : this.#rewrite(start, "", end);
  }

  /** Puts text in the place of the clusters from `start` to `end`, the cursor behind it. */
  #rewrite(start: number, text: string, end: number, clipped = false): Edit {
    const change = replacement(this.#graphemes, start, end, text);
    if (text !== "" && change.clusters.some((cluster) => cluster.length > MAX_CLUSTER)) return this.#full();
    return this.#become(change, clipped);
  }

  #become({ start, end, clusters, after }: Replacement, clipped: boolean): Edit {
    const old = this.#graphemes.slice(start, end);
    const isMoved = after !== this.#cursor;
    let same = 0;
    while (same < clusters.length && clusters[same] === old[same]) same++;
    if (clusters.length <= MAX_SPLICED) this.#graphemes.splice(start, end - start, ...clusters);
    else this.#graphemes = [...this.#graphemes.slice(0, start), ...clusters, ...this.#graphemes.slice(end)];
    this.#cursor = after;
    this.#size += lengthOf(clusters) - lengthOf(old);
    if (same < clusters.length || same < old.length || clipped) return changed(start + same, clipped);
    return isMoved ? MOVED : NONE;
  }

  #becomeAll(clusters: readonly string[], cursor: number, clipped = false): Edit {
    return this.#become({ start: 0, end: this.length, clusters, after: cursor }, clipped);
  }
}

function lengthOf(clusters: readonly string[]): number {
  let length = 0;
  for (const cluster of clusters) length += cluster.length;
  return length;
}

function changed(from: number, clipped: boolean): Edit {
  return { kind: "changed", from, clipped };
}

function clean(text: string): string {
  if (isPlain(text)) return text;
  const cleaned = text.replace(BREAKS, " ").replace(UNTYPABLE, "").toWellFormed();
  const clusters = graphemes(cleaned);
  if (!clusters.some((cluster) => cluster.length > MAX_NEW_CLUSTER)) return cleaned;
  return clusters.map((cluster) => cluster.slice(0, MAX_NEW_CLUSTER).toWellFormed()).join("");
}

/** As many whole clusters of a text as there is room for. */
function fit(text: string, room: number): { kept: string; clipped: boolean } {
  if (text.length <= room) return { kept: text, clipped: false };
  let kept = "";
  for (const cluster of graphemes(text.slice(0, room + MAX_CLUSTER))) {
    if (kept.length + cluster.length > room) break;
    kept += cluster;
  }
  return { kept, clipped: true };
}
