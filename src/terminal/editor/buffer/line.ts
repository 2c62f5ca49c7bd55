import { graphemes } from "../../text/graphemes.ts";
import { clean, fit, MAX_CLUSTER } from "./clean.ts";
import { type Replacement, replacement } from "./clusters.ts";
import { type Change, type EditKind, UndoLog } from "./undo.ts";

/** What an edit did, as far as a display of the line must know. */
export type Edit =
  /** Nothing: there was nothing to delete, or nowhere to go. */
  | { readonly kind: "none" }
  /** Nothing, and the user is to hear of it: the line is full. */
  | { readonly kind: "refused" }
  | { readonly kind: "moved" }
  /** The graphemes before `from` are as before. `clipped` says that not all of the text fitted in. */
  | { readonly kind: "changed"; readonly from: number; readonly clipped: boolean };

export interface LineOptions {
  /** UTF-16 code units the line may have. */
  limit: number;
  /** Whether it may have several rows. Default false: line breaks become blanks. */
  multiline?: boolean;
  /** For secrets: the whole line is one word, so that moves tell nothing of it. */
  secret?: boolean;
}

export const NONE: Edit = { kind: "none" };
export const REFUSED: Edit = { kind: "refused" };
const MOVED: Edit = { kind: "moved" };

/** What is passed to a function one by one must not be many. */
const MAX_SPLICED = 1024;

/**
 * A line being edited: grapheme clusters and a cursor between two of them. It knows no keys and no screen.
 *
 * The line is always clean: well-formed Unicode without control characters, but for the `\n` between its rows if it may
 * have several, whatever was pasted.
 */
export class Line {
  readonly isMultiline: boolean;
  readonly isSecret: boolean;
  readonly #limit: number;
  #graphemes: string[] = [];
  #cursor = 0;
  #size = 0;
  #log: UndoLog | undefined;

  constructor(options: LineOptions) {
    this.#limit = options.limit;
    this.isMultiline = options.multiline ?? false;
    this.isSecret = options.secret ?? false;
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

  /** The text from one cluster up to another. */
  slice(start: number, end: number = this.length): string {
    return this.#graphemes.slice(start, end).join("");
  }

  /** Moves the cursor, as far as the line goes. */
  moveTo(index: number): Edit {
    const cursor = Math.min(Math.max(index, 0), this.length);
    if (cursor === this.#cursor) return NONE;
    this.#cursor = cursor;
    this.#log?.part();
    return MOVED;
  }

  /** Inserts text before the cursor, as much of it as there is room for. */
  insert(text: string, kind: EditKind = "other"): Edit {
    return this.replace(this.#cursor, this.#cursor, text, kind);
  }

  /** Puts text in the place of the clusters from `start` to `end`, as much of it as there is room for; the cursor follows it. */
  replace(start: number, end: number, text: string, kind: EditKind = "other"): Edit {
    const room = this.#limit - this.#size + lengthOf(this.#graphemes, start, end);
    const { kept, clipped } = fit(clean(text, this.isMultiline), room);
    if (kept === "" && start === end) return clipped ? REFUSED : NONE;
    const change = replacement(this.#graphemes, start, end, kept);
    if (kept !== "" && change.clusters.some((cluster) => cluster.length > MAX_CLUSTER)) return REFUSED;
    return this.#become(change, clipped, kind);
  }

  /** Replaces the whole line; the cursor goes to its end. */
  set(text: string, kind: EditKind = "other"): Edit {
    const { kept, clipped } = fit(clean(text, this.isMultiline), this.#limit);
    const clusters = graphemes(kept);
    return this.#become({ start: 0, end: this.length, clusters, after: clusters.length }, clipped, kind);
  }

  /** Begins with a text, which no undo takes away. */
  start(text: string): void {
    this.set(text);
    this.#log = undefined;
  }

  /** Takes the last edit back. */
  undo(): Edit {
    const change = this.#log?.undo();
    if (change === undefined) return NONE;
    const { start, insertedCount, removed, cursor } = change;
    return this.#restore(start, start + insertedCount, removed, cursor);
  }

  /** Does again what was undone last. */
  redo(): Edit {
    const change = this.#log?.redo();
    if (change === undefined) return NONE;
    const { start, removedCount, inserted, insertedCount } = change;
    return this.#restore(start, start + removedCount, inserted, start + insertedCount);
  }

  /** A text that was cut out along its clusters has the same clusters again. */
  #restore(start: number, end: number, text: string, cursor: number): Edit {
    return this.#become({ start, end, clusters: graphemes(text), after: cursor }, false, undefined);
  }

  #become({ start, end, clusters, after }: Replacement, clipped: boolean, kind: EditKind | undefined): Edit {
    const old = this.#graphemes.slice(start, end);
    const cursor = this.#cursor;
    let same = 0;
    while (same < clusters.length && clusters[same] === old[same]) same++;
    const isSame = same === clusters.length && same === old.length;
    if (!isSame) {
      this.#splice(start, end, clusters);
      if (kind !== undefined) this.#record(changeOf(start, old, clusters, cursor, kind === "recalled"), kind);
    }
    this.#cursor = after;
    if (!isSame || clipped) return { kind: "changed", from: start + same, clipped };
    return after === cursor ? NONE : MOVED;
  }

  #splice(start: number, end: number, clusters: readonly string[]): void {
    this.#size += lengthOf(clusters) - lengthOf(this.#graphemes, start, end);
    if (clusters.length <= MAX_SPLICED) this.#graphemes.splice(start, end - start, ...clusters);
    else this.#graphemes = [...this.#graphemes.slice(0, start), ...clusters, ...this.#graphemes.slice(end)];
  }

  #record(change: Change, kind: EditKind): void {
    (this.#log ??= new UndoLog()).record(change, kind);
  }
}

/** The change from old clusters to new ones, without what is the same at both ends of them, unless it is to be whole. */
function changeOf(
  start: number,
  old: readonly string[],
  clusters: readonly string[],
  cursor: number,
  isWhole: boolean,
): Change {
  const shorter = isWhole ? 0 : Math.min(old.length, clusters.length);
  let head = 0;
  while (head < shorter && old[head] === clusters[head]) head++;
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail] === clusters[clusters.length - 1 - tail]) tail++;
  const removed = old.slice(head, old.length - tail);
  const inserted = clusters.slice(head, clusters.length - tail);
  return {
    start: start + head,
    removed: removed.join(""),
    inserted: inserted.join(""),
    removedCount: removed.length,
    insertedCount: inserted.length,
    cursor,
  };
}

function lengthOf(clusters: readonly string[], start = 0, end: number = clusters.length): number {
  let length = 0;
  for (let at = start; at < end; at++) length += clusters[at]?.length ?? 0;
  return length;
}
