import type { Glyphs } from "../../terminal/index.ts";
import { green, red } from "../../terminal/index.ts";
import type { LiveRegion } from "./live-region.ts";

/** Where spinners and progress bars of a session are shown. */
export interface LivePlace {
  /** Where they change by themselves; undefined without a terminal: then lines are written now and then. */
  readonly region: LiveRegion | undefined;
  readonly glyphs: Glyphs;
  /** Writes a line that stays. */
  say(line: string): void;
}

/** The last words of a spinner or a bar, after a sign that says how it went; in colour only where there is a terminal. */
export function lastWords({ region, glyphs }: LivePlace, how: "success" | "failure", text: string): string {
  const sign = glyphs[how];
  if (region === undefined) return `${sign} ${text}`;
  return `${how === "success" ? green(sign) : red(sign)} ${text}`;
}
