import { escapeControls } from "./sanitize.ts";

const ESC = "\x1b";
const CSI = `${ESC}[`;
const OSC = `${ESC}]`;
/** String terminator (ECMA-48 §8.3.143). */
const ST = `${ESC}\\`;

const TITLE_LIMIT = 256;

/** Rings the terminal's bell. */
export const BELL: string = "\x07";
/** Empties the screen and moves the cursor to its top left; what scrolled out of it stays. */
export const CLEAR_SCREEN: string = `${CSI}H${CSI}2J`;
/** Empties the row from the cursor on. */
export const ERASE_LINE_RIGHT: string = `${CSI}K`;
/** Empties the row; the cursor stays. */
export const ERASE_LINE: string = `${CSI}2K`;
/** Empties the screen from the cursor on. */
export const ERASE_BELOW: string = `${CSI}J`;
/** Back to the default colours and attributes. */
export const RESET_STYLE: string = `${CSI}m`;
export const SHOW_CURSOR: string = `${CSI}?25h`;
export const HIDE_CURSOR: string = `${CSI}?25l`;
/** To the second screen, without scrollback, as full-screen programs use it; the first comes back unchanged. */
export const ENTER_ALTERNATE_SCREEN: string = `${CSI}?1049h`;
export const LEAVE_ALTERNATE_SCREEN: string = `${CSI}?1049l`;
/** From here on the terminal marks what is pasted, so that a newline in it is not the Enter key. */
export const ENABLE_BRACKETED_PASTE: string = `${CSI}?2004h`;
export const DISABLE_BRACKETED_PASTE: string = `${CSI}?2004l`;
/** What is written beyond the last column stays in it, or goes on in the next row, as it does by default. */
export const DISABLE_WRAP: string = `${CSI}?7l`;
export const ENABLE_WRAP: string = `${CSI}?7h`;

/** Moves the cursor to a cell of the screen; column and row count from 0. */
export function cursorTo(column: number, row: number): string {
  return `${CSI}${row + 1};${column + 1}H`;
}

/** Moves the cursor within its row; the column counts from 0. */
export function cursorToColumn(column: number): string {
  return column === 0 ? "\r" : `${CSI}${column + 1}G`;
}

/** Moves the cursor down by so many rows, up when negative, never beyond the screen; the column stays. */
export function cursorDown(rows: number): string {
  if (rows === 0) return "";
  return rows > 0 ? `${CSI}${rows}B` : `${CSI}${-rows}A`;
}

/** Sets the title of the terminal's window (OSC 2). Control characters are spelled out, 256 characters are kept. */
export function title(text: string): string {
  return `${OSC}2;${escapeControls(text, { limit: TITLE_LIMIT })}${ST}`;
}

/**
 * A link that terminals with OSC 8 make clickable and others show as its text. Control characters of the text are
 * spelled out; in the address, whatever is not printable ASCII is percent-encoded.
 */
export function hyperlink(text: string, url: string): string {
  const address = url.toWellFormed().replace(/[^\x21-\x7e]/gu, (character) => encodeURIComponent(character));
  return `${OSC}8;;${address}${ST}${escapeControls(text)}${OSC}8;;${ST}`;
}
