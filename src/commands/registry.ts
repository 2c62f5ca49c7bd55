import { ConfigError } from "../server/index.ts";
import type { CommandDefinition } from "./definition.ts";

/** A place in the tree of commands: a command, a heading, or both. */
export interface Entry<State> {
  /** The words that lead to it, as they are declared. Of the root there are none. */
  readonly path: readonly string[];
  /** Undefined of the root, and of what only stands in the name of a subcommand. */
  definition: CommandDefinition<State> | undefined;
  readonly parent: Entry<State> | undefined;
  /** What stands below it, by name. */
  readonly children: Map<string, Entry<State>>;
  /** The other words for those below it. */
  readonly aliases: Map<string, Entry<State>>;
}

/** The commands of a router, as a tree. */
export class Registry<State> {
  readonly root: Entry<State> = entry([], undefined);

  /** Every command, those above before those below, in the order in which they were added. */
  get definitions(): readonly CommandDefinition<State>[] {
    return [...walk(this.root)].flatMap(({ definition }) => (definition === undefined ? [] : [definition]));
  }

  /** @throws ConfigError `CONFLICT` when a name is taken. */
  add(definition: CommandDefinition<State>): () => void {
    const path = definition.name.split(" ");
    const { aliases = [] } = definition;
    const last = path.at(-1) ?? "";
    let place = this.root;
    for (const word of path.slice(0, -1)) {
      const next = place.children.get(word);
      if (next === undefined && place.aliases.has(word)) throw taken(definition.name, word);
      place = next ?? this.#grow(place, word);
    }
    const parent = place;
    const there = parent.children.get(last);
    if (there?.definition !== undefined || parent.aliases.has(last)) throw this.#taken(parent, definition.name, last);
    for (const alias of aliases) {
      if (alias === last || parent.children.has(alias) || parent.aliases.has(alias)) {
        throw this.#taken(parent, definition.name, alias);
      }
    }
    const here = there ?? this.#grow(parent, last);
    here.definition = definition;
    for (const alias of aliases) parent.aliases.set(alias, here);
    return () => {
      here.definition = undefined;
      for (const alias of aliases) parent.aliases.delete(alias);
      prune(here);
    };
  }

  #grow(parent: Entry<State>, word: string): Entry<State> {
    const grown = entry([...parent.path, word], parent);
    parent.children.set(word, grown);
    return grown;
  }

  #taken(parent: Entry<State>, name: string, word: string): ConfigError {
    prune(parent);
    return taken(name, word);
  }
}

/** What a word leads to from here, by name or by alias. */
export function below<State>(place: Entry<State>, word: string): Entry<State> | undefined {
  return place.children.get(word) ?? place.aliases.get(word);
}

/** How far words lead, whoever may go there. */
export function reach<State>(root: Entry<State>, words: readonly string[]): Entry<State> {
  let place = root;
  for (const word of words) {
    const next = below(place, word);
    if (next === undefined) break;
    place = next;
  }
  return place;
}

function entry<State>(path: readonly string[], parent: Entry<State> | undefined): Entry<State> {
  return { path, parent, definition: undefined, children: new Map(), aliases: new Map() };
}

function* walk<State>(place: Entry<State>): Generator<Entry<State>> {
  yield place;
  for (const child of place.children.values()) yield* walk(child);
}

/** Takes away what leads to no command any more. */
function prune<State>(place: Entry<State>): void {
  let here: Entry<State> | undefined = place;
  while (here?.parent !== undefined && here.definition === undefined && here.children.size === 0) {
    here.parent.children.delete(here.path.at(-1) ?? "");
    here = here.parent;
  }
}

function taken(name: string, word: string): ConfigError {
  return new ConfigError(
    "CONFLICT",
    `The command "${name}" cannot be added: "${word}" is the name or an alias of another. Take that away first, or choose another word.`,
  );
}
