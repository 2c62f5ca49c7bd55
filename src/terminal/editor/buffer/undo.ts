/** What an edit put in the place of what, from one cluster on. */
export interface Change {
  readonly start: number;
  readonly removed: string;
  readonly inserted: string;
  /** How many clusters these are. */
  readonly removedCount: number;
  readonly insertedCount: number;
  /** Where the cursor was before. */
  readonly cursor: number;
}

/** Edits of one kind that follow one another are undone as one: the letters of a word, letters erased, lines recalled. */
export type EditKind = "typed" | "erased" | "recalled" | "other";

interface Entry extends Change {
  readonly kind: EditKind;
}

/** Code units of text that are kept, the one change that is always kept aside. */
const MAX_SIZE = 65_536;
const MAX_ENTRIES = 500;
/** Typed text without blanks is undone in pieces of so many clusters. */
const MAX_TYPED = 40;

/** The edits of a line, to be undone and done again. It takes no memory until something is edited. */
export class UndoLog {
  #done: Entry[] = [];
  #undone: Entry[] = [];
  #size = 0;
  /** The next edit begins a new entry, whatever it is. */
  #isParted = false;

  /** Takes note of an edit. What was undone before cannot be done again then. */
  record(change: Change, kind: EditKind): void {
    this.#undone = [];
    const last = this.#done.at(-1);
    const joined = last === undefined || this.#isParted ? undefined : join(last, change, kind);
    this.#isParted = false;
    if (joined !== undefined) this.#drop(this.#done.pop());
    const entry = joined ?? { ...change, kind };
    // Back where it began: there is nothing to undo.
    if (entry.removed === entry.inserted) return;
    this.#push(entry);
    while (this.#done.length > 1 && (this.#size > MAX_SIZE || this.#done.length > MAX_ENTRIES)) {
      this.#drop(this.#done.shift());
    }
  }

  /** What is edited from here on is undone on its own. */
  part(): void {
    this.#isParted = true;
  }

  /** The edit to undo: its `inserted` gives way to its `removed`. */
  undo(): Change | undefined {
    const entry = this.#done.pop();
    if (entry === undefined) return undefined;
    this.#drop(entry);
    this.#undone.push(entry);
    this.#isParted = true;
    return entry;
  }

  /** The edit to do again. */
  redo(): Change | undefined {
    const entry = this.#undone.pop();
    if (entry === undefined) return undefined;
    this.#push(entry);
    this.#isParted = true;
    return entry;
  }

  #push(entry: Entry): void {
    this.#done.push(entry);
    this.#size += entry.removed.length + entry.inserted.length;
  }

  #drop(entry: Entry | undefined): void {
    if (entry !== undefined) this.#size -= entry.removed.length + entry.inserted.length;
  }
}

/** Two edits as one; undefined when they are to be undone one after the other. */
function join(last: Entry, next: Change, kind: EditKind): Entry | undefined {
  if (last.kind !== kind) return undefined;
  switch (kind) {
    case "typed":
      return joinTyped(last, next);
    case "erased":
      return joinErased(last, next);
    case "recalled":
      return next.start === last.start && next.removed === last.inserted
        ? { ...last, inserted: next.inserted, insertedCount: next.insertedCount }
        : undefined;
    case "other":
      return undefined;
  }
}

function joinTyped(last: Entry, next: Change): Entry | undefined {
  // A mark joins the letter before it: then that letter is what the edit removed.
  const isNext = next.start + next.removedCount === last.start + last.insertedCount;
  const isNewWord = last.inserted.endsWith(" ") && next.inserted !== " ";
  if (!isNext || isNewWord || next.removedCount > last.insertedCount || last.insertedCount >= MAX_TYPED)
    return undefined;
  return {
    ...last,
    inserted: last.inserted.slice(0, last.inserted.length - next.removed.length) + next.inserted,
    insertedCount: last.insertedCount - next.removedCount + next.insertedCount,
  };
}

function joinErased(last: Entry, next: Change): Entry | undefined {
  if (last.insertedCount > 0 || next.insertedCount > 0) return undefined;
  const removedCount = last.removedCount + next.removedCount;
  if (next.start === last.start) return { ...last, removed: last.removed + next.removed, removedCount };
  if (next.start + next.removedCount !== last.start) return undefined;
  return { ...last, start: next.start, removed: next.removed + last.removed, removedCount };
}
