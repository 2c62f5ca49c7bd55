import { stringWidth } from "../../terminal/index.ts";
import type { Screen } from "./screen.ts";

/** The screen in a frame, for a message that says what was seen instead. */
export function picture(screen: Screen): string {
  const { columns, cursor } = screen;
  const side = "─".repeat(columns);
  const rows = screen.lines.map((line) => `│${line}${" ".repeat(Math.max(0, columns - stringWidth(line)))}│`);
  const shown = cursor.visible ? "" : ", hidden";
  return [
    `┌${side}┐`,
    ...rows,
    `└${side}┘`,
    `The cursor is in row ${cursor.row}, column ${cursor.column}${shown}.`,
  ].join("\n");
}
