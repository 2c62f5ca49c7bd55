const MAX_ENTRIES = 8;

/** Which way text was killed from the cursor: it is joined to the kill before it at that end. */
export type KillDirection = "forward" | "backward";

/** The texts that were killed last, to be yanked again. It takes no memory until something is killed. */
export class KillRing {
  #entries: string[] | undefined;

  /** What a yank inserts; undefined before the first kill. */
  get top(): string | undefined {
    return this.#entries?.at(-1);
  }

  /** Keeps a killed text; one that follows right upon another kill is joined to it. */
  add(text: string, direction: KillDirection, follows: boolean): void {
    const entries = (this.#entries ??= []);
    const before = follows ? entries.pop() : undefined;
    if (before === undefined) entries.push(text);
    else entries.push(direction === "forward" ? before + text : text + before);
    if (entries.length > MAX_ENTRIES) entries.shift();
  }

  /** Brings up the kill before the top; the top becomes the last of the ring. */
  rotate(): void {
    const top = this.#entries?.pop();
    if (top !== undefined) this.#entries?.unshift(top);
  }
}
