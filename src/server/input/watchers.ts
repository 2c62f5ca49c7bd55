import type { Key, Mouse } from "../../terminal/index.ts";
import type { AbortCause } from "../client/abort-error.ts";
import { AbortError } from "../client/abort-error.ts";
import type { Output } from "../client/output.ts";
import type { Watch, Watched } from "./input.ts";
import type { MouseReach } from "./reports.ts";
import { Reports } from "./reports.ts";
import { Waiting } from "./waiting.ts";

/** Somebody who watches. */
interface Watcher {
  readonly watched: Watched;
  /** Why there is nothing to be seen any more. */
  off: AbortCause | undefined;
}

/** What somebody who watches needs of the input. */
interface WatchersHost {
  readonly output: Output;
  /** Somebody has begun to wait. */
  joined(): void;
  /** Somebody does not watch any more. */
  left(): void;
}

/** The moves, with the reaches at which they are told. */
const MOVES: Readonly<Partial<Record<Mouse["action"], readonly (MouseReach | undefined)[]>>> = {
  drag: ["drag", "move"],
  move: ["move"],
};

/** Those who watch what the visitor does with keys and mouse, and ask for one deed after the other. */
export class Watchers {
  readonly #host: WatchersHost;
  readonly #open: Set<Watcher> = new Set();
  readonly #waiting: Waiting<Key | Mouse, Watched> = new Waiting();
  #reports: Reports | undefined;

  constructor(host: WatchersHost) {
    this.#host = host;
  }

  /** Whether somebody waits for a deed right now. */
  get isWaiting(): boolean {
    return this.#waiting.first !== undefined;
  }

  /** Whether somebody waits for a key right now. */
  get wantsKeys(): boolean {
    return this.#waiting.has((watched) => watched.keys);
  }

  /** Whether somebody waits for this right now. */
  wants(event: Key | Mouse): boolean {
    return this.#waiting.has((watched) => suits(watched, event));
  }

  /** Whether somebody watches for this, be it that they wait for it or will ask for it later. */
  isWatched(event: Key | Mouse): boolean {
    for (const { watched } of this.#open) if (suits(watched, event)) return true;
    return false;
  }

  /** Waits for one key. Rejects with an AbortError. */
  key(signal: AbortSignal | undefined): Promise<Key> {
    const key = this.#waiting.join({ keys: true }, signal, () => undefined);
    this.#host.joined();
    return key as Promise<Key>;
  }

  /** Watches until it is closed. */
  watch(watched: Watched): Watch {
    const watcher: Watcher = { watched, off: undefined };
    const reports = (this.#reports ??= new Reports(this.#host.output));
    this.#open.add(watcher);
    reports.add(watched);
    return {
      next: () => this.#next(watcher),
      // Who waits for one deed after the other misses nothing in between, and makes the terminal change nothing.
      close: () =>
        void setImmediate(() => {
          this.#open.delete(watcher);
          reports.delete(watched);
          this.#host.left();
        }),
    };
  }

  /** Gives a deed to the first who waits for such a one; false when nobody does. */
  give(event: Key | Mouse): boolean {
    const waiter = this.#waiting.leave((watched) => suits(watched, event));
    waiter?.resolve(event);
    return waiter !== undefined;
  }

  /** All who watch are called off, those too who do not wait right now. */
  rejectAll(reason: AbortCause): void {
    for (const watcher of this.#open) watcher.off ??= reason;
    this.#waiting.rejectAll(reason);
  }

  /** The session is over. */
  end(): void {
    this.rejectAll("disconnected");
    this.#waiting.close("disconnected");
  }

  #next({ watched, off }: Watcher): Promise<Key | Mouse> {
    if (off !== undefined) return Promise.reject(new AbortError(off));
    const deed = this.#waiting.join(watched, watched.signal, () => undefined);
    this.#host.joined();
    return deed;
  }
}

function suits(watched: Watched, event: Key | Mouse): boolean {
  if (event.type === "key") return watched.keys && (event.event !== "release" || watched.releases === true);
  const reaches = MOVES[event.action];
  return reaches === undefined ? watched.mouse !== undefined : reaches.includes(watched.mouse);
}
