import type { LineEditorOptions } from "../../terminal/index.ts";

type Reflow = NonNullable<LineEditorOptions["reflow"]>;

/** Terminals by how they call themselves (XTVERSION), and by their type, that do not wrap all lines anew at a new width. */
const NAMES: readonly (readonly [name: RegExp, reflow: Reflow])[] = [
  [/^xterm\.js/i, "others"],
  [/^(?:xterm|putty)\b/i, "none"],
];
const TYPES: readonly (readonly [type: RegExp, reflow: Reflow])[] = [[/^(?:screen|linux|putty|vt\d)/, "none"]];

/** Which lines a terminal wraps anew when its width changes. @param name how it calls itself, if that is known. */
export function reflowOf(term: string, name: string | undefined): Reflow {
  const known = NAMES.find(([pattern]) => name !== undefined && pattern.test(name));
  return (known ?? TYPES.find(([pattern]) => pattern.test(term)))?.[1] ?? "all";
}
