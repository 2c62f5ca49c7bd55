/** The listeners on `process`, counted by their events, but those that a test adds itself. */
export function listenersOnProcess(): Readonly<Record<string, number>> {
  const names = process.eventNames().filter((name) => name !== "warning");
  return Object.fromEntries(names.map((name) => [String(name), process.listenerCount(name)]));
}
