import type { Glyphs } from "../../terminal/index.ts";
import { glyphsFor } from "../../terminal/index.ts";
import type { SessionFacts, SessionHost } from "./facts.ts";

/** Terminals on which nothing can be drawn: what they get is a text that goes on. */
const DUMB: ReadonlySet<string> = new Set(["dumb", "unknown", ""]);
/** Terminals that show ASCII and not much else. */
const PLAIN = /^(?:linux|vt\d|ansi|cons)/;

/** Whether a session has a terminal on which rows can be drawn and changed. */
export function canDraw({ pty }: SessionFacts): boolean {
  return pty !== undefined && !DUMB.has(pty.term);
}

/** Whether menus and bars may be drawn there: a screen reader would read all of them with every change. */
export function canRedraw({ facts, lines }: Pick<SessionHost, "facts" | "lines">): boolean {
  return canDraw(facts) && !lines.isSpoken;
}

/** The signs that a session's user can see. Without a terminal the text goes to a file or a program, in UTF-8 today. */
export function glyphsOf({ pty }: SessionFacts): Glyphs {
  return glyphsFor(pty === undefined || (!DUMB.has(pty.term) && !PLAIN.test(pty.term)));
}
