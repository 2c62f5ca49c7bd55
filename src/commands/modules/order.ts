/** The names of a module and of those that it needs. */
interface Needing {
  readonly name: string;
  readonly needs?: readonly string[] | undefined;
}

/**
 * Puts modules into the order in which they can be set up: those that are needed before those that need them, and otherwise as
 * they come. One that needs itself, by whatever way round, keeps its place: what it needs is not there when its turn comes.
 */
export function inOrder<Item extends Needing>(items: readonly Item[]): readonly Item[] {
  const byName = new Map(items.map((item) => [item.name, item]));
  const ordered = new Set<Item>();
  const visit = (item: Item, above: ReadonlySet<Item>): void => {
    if (ordered.has(item) || above.has(item)) return;
    for (const name of item.needs ?? []) {
      const needed = byName.get(name);
      if (needed !== undefined) visit(needed, new Set([...above, item]));
    }
    ordered.add(item);
  };
  for (const item of items) visit(item, new Set());
  return [...ordered];
}
