import type { Awaitable } from "../server/index.ts";

// What is there at once is answered at once: Tab has its candidates before the next key of the same packet.

/** Goes on with a value now, or when it is there. */
export function following<Value, Result>(
  value: Awaitable<Value>,
  go: (value: Value) => Awaitable<Result>,
): Awaitable<Result> {
  return value instanceof Promise ? value.then(go) : go(value);
}

/** Those of a list for which something is so. */
export function filtered<Item>(items: readonly Item[], isSo: (item: Item) => Awaitable<boolean>): Awaitable<Item[]> {
  const verdicts = items.map(isSo);
  const pick = (all: readonly boolean[]): Item[] => items.filter((_, index) => all[index]);
  if (verdicts.every((verdict) => typeof verdict === "boolean")) return pick(verdicts);
  return Promise.all(verdicts.map((verdict) => Promise.resolve(verdict))).then(pick);
}
