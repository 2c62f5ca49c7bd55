/** Options of {@link escapeControls}. */
export interface EscapeOptions {
  /** UTF-16 code units of the answer, at most; what does not fit is cut off and an ellipsis says so. Default: no limit. */
  limit?: number;
}

/**
 * Control characters, lone surrogates, line and paragraph separators, the byte order mark, and what turns the direction
 * of writing: marks, embeddings, overrides, isolates.
 */
const UNSAFE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

const ELLIPSIS = "…";

/**
 * Text from the network made harmless for a log line or for somebody else's terminal: what would move a cursor, start an
 * escape sequence, break a line or turn the writing direction around is spelled out (`\n`, `\x1b`, `\u202e`).
 */
export function escapeControls(text: string, options: EscapeOptions = {}): string {
  const { limit = Infinity } = options;
  // No escape is shorter than what it stands for: of more characters than the limit, some will not fit.
  const escaped = text.length > limit ? undefined : text.replace(UNSAFE, escape);
  if (escaped !== undefined && escaped.length <= limit) return escaped;
  let kept = "";
  for (const character of text) {
    const shown = character.replace(UNSAFE, escape);
    if (kept.length + shown.length + ELLIPSIS.length > limit) break;
    kept += shown;
  }
  return limit < 1 ? "" : kept + ELLIPSIS;
}

/**
 * Control sequences (CSI), strings with a terminator (OSC, DCS, APC, PM, SOS) and two-character escapes of ECMA-48; each
 * alternative reads on to the next ESC at most, so that the whole is linear.
 */
const SEQUENCE =
  /\x1b(?:\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]?|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[\x20-\x2f]*[\x30-\x7e]?)/g;

/** The text without its escape sequences, for a log or to measure it; other control characters stay. */
export function stripAnsi(text: string): string {
  return text.includes("\x1b") ? text.replace(SEQUENCE, "") : text;
}

function escape(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.charCodeAt(0);
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
