import type { ServerOpen } from "./channel-open.ts";
import type { ChannelMachine } from "./channel.ts";

/** What holds a channel id: a channel, or our open request that has no answer yet. */
export type Slot = ChannelMachine | ServerOpen;

/** The channels of one connection by our ids. The lowest free id is used first, so that the ids stay small. */
export class ChannelSlots {
  readonly #slots: (Slot | undefined)[] = [];
  readonly #limit: number;
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Ids in use. */
  get size(): number {
    return this.#size;
  }

  get full(): boolean {
    return this.#size >= this.#limit;
  }

  /** The id that the next channel gets. */
  get nextId(): number {
    const free = this.#slots.indexOf(undefined);
    return free === -1 ? this.#slots.length : free;
  }

  /** `id` may be any number of the client's. */
  get(id: number): Slot | undefined {
    return id < this.#slots.length ? this.#slots[id] : undefined;
  }

  set(slot: Slot): void {
    if (this.#slots[slot.id] === undefined) this.#size++;
    this.#slots[slot.id] = slot;
  }

  remove(slot: Slot): void {
    if (this.#slots[slot.id] !== slot) return;
    this.#slots[slot.id] = undefined;
    this.#size--;
  }

  /** Empties the table: the connection is gone. Every slot hears of it, and what the first of them throws comes out then. */
  lose(): void {
    this.#size = 0;
    let fault: { readonly error: unknown } | undefined;
    for (const slot of this.#slots.splice(0)) {
      try {
        slot?.lost();
      } catch (error) {
        fault ??= { error };
      }
    }
    if (fault !== undefined) throw fault.error;
  }
}
