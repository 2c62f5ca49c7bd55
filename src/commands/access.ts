import type { Awaitable, Client } from "../server/index.ts";
import { filtered, following } from "./awaitable.ts";
import type { May } from "./options.ts";
import type { Entry } from "./registry.ts";
import { below } from "./registry.ts";

/** Where the first words of a line lead. */
export interface Found<State> {
  readonly place: Entry<State>;
  /** How many words led there. */
  readonly depth: number;
  /** The place that the next word would lead to, if the client were allowed there. */
  readonly barred: Entry<State> | undefined;
}

/** What one client may run: asked for one line, or one Tab, and kept no longer. */
export class Access<State> {
  /** Whether sudo has opened everything. */
  readonly elevated: boolean;
  readonly #client: Client<State>;
  readonly #may: May<State>;
  readonly #known: Map<string, Awaitable<boolean>> = new Map();

  constructor(client: Client<State>, may: May<State>, elevated: boolean) {
    this.#client = client;
    this.#may = may;
    this.elevated = elevated;
  }

  /**
   * Those of the places below one that the client may run, or that lead to one.
   *
   * @param isMeant which of them are looked at.
   */
  visible(place: Entry<State>, isMeant: (child: Entry<State>) => boolean = () => true): Awaitable<Entry<State>[]> {
    return filtered([...place.children.values()].filter(isMeant), (child) =>
      following(this.#allows(child), (isAllowed) => {
        if (!isAllowed || child.definition?.run !== undefined) return isAllowed;
        return following(this.visible(child), (leads) => leads.length > 0);
      }),
    );
  }

  /** Where words lead, as far as the client may go. */
  find(root: Entry<State>, words: readonly string[]): Awaitable<Found<State>> {
    const from = (place: Entry<State>, depth: number): Awaitable<Found<State>> => {
      const next = depth < words.length ? below(place, words[depth] ?? "") : undefined;
      if (next === undefined) return { place, depth, barred: undefined };
      return following(this.#allows(next), (isAllowed) =>
        isAllowed ? from(next, depth + 1) : { place, depth, barred: next },
      );
    };
    return from(root, 0);
  }

  #allows({ definition }: Entry<State>): Awaitable<boolean> {
    if (this.elevated || definition === undefined) return true;
    if (definition.sudo === true) return false;
    return definition.permission === undefined || this.#has(definition.permission);
  }

  #has(permission: string): Awaitable<boolean> {
    const known = this.#known.get(permission) ?? this.#may(this.#client, permission);
    this.#known.set(permission, known);
    return known;
  }
}
