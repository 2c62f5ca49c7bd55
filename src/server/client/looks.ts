import type { SessionHost } from "./facts.ts";

/** Whether menus and bars may be drawn on a terminal: a screen reader would read all of them with every change. */
export function canRedraw({ terminal, lines }: Pick<SessionHost, "terminal" | "lines">): boolean {
  return terminal.canDraw && !lines.isSpoken;
}
