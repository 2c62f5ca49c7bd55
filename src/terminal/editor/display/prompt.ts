import { RESET_STYLE } from "../../text/ansi.ts";
import { graphemes } from "../../text/graphemes.ts";
import { stripAnsi } from "../../text/sanitize.ts";

/** A piece of a prompt: something to draw, an escape sequence without width, or the end of a row. */
export type PromptPart =
  | { readonly kind: "text"; readonly grapheme: string }
  | { readonly kind: "style"; readonly sequence: string }
  | { readonly kind: "newline" };

/** Colours and attributes (SGR) and hyperlinks (OSC 8) take no room and move no cursor; they alone are let through. */
const STYLE = /\x1b\[[\d;:]*m|\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\)/g;
const CONTROLS = /\p{Cc}/gu;

/** The parts of a prompt, drawn in order. What could move the cursor is left out; a tab becomes a blank. */
export function promptParts(prompt: string): PromptPart[] {
  const parts: PromptPart[] = [];
  let at = 0;
  for (const { 0: sequence, index } of prompt.matchAll(STYLE)) {
    pushText(parts, prompt.slice(at, index));
    parts.push({ kind: "style", sequence });
    at = index + sequence.length;
  }
  pushText(parts, prompt.slice(at));
  // What is typed has the terminal's own colours, whatever the prompt left on.
  if (at > 0) parts.push({ kind: "style", sequence: RESET_STYLE });
  return parts;
}

function pushText(parts: PromptPart[], text: string): void {
  const rows = stripAnsi(text).replaceAll("\t", " ").split(/\r?\n/);
  for (const [index, row] of rows.entries()) {
    if (index > 0) parts.push({ kind: "newline" });
    for (const grapheme of graphemes(row.replace(CONTROLS, ""))) parts.push({ kind: "text", grapheme });
  }
}
