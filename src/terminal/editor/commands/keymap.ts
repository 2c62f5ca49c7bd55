import * as changes from "./changes.ts";
import type { Action } from "./draft.ts";
import * as kills from "./kills.ts";
import * as moves from "./moves.ts";
import * as recalls from "./recalls.ts";

/** What a key is for. */
export type Command =
  /** It changes the line or moves in it; where a suggestion stands behind the line, it may take that first. */
  | { readonly kind: "edit"; readonly act: Action; readonly takes?: "all" | "word" }
  | { readonly kind: "submit" | "interrupt" | "erase-or-end" | "clear-screen" | "abort" }
  | { readonly kind: "complete" }
  | { readonly kind: "search"; readonly direction: "older" | "newer" };

/** The keys of readline's Emacs mode and of fish, where they do not contradict each other. */
export const KEYMAP: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["return", { kind: "submit" }],
  ["enter", { kind: "submit" }],
  ["ctrl+c", { kind: "interrupt" }],
  ["ctrl+d", { kind: "erase-or-end" }],
  ["ctrl+l", { kind: "clear-screen" }],
  ["ctrl+g", { kind: "abort" }],
  ["tab", { kind: "complete" }],
  ["ctrl+r", { kind: "search", direction: "older" }],
  ["ctrl+s", { kind: "search", direction: "newer" }],

  ["left", edit(moves.left)],
  ["ctrl+b", edit(moves.left)],
  ["right", edit(moves.right, "all")],
  ["ctrl+f", edit(moves.right, "all")],
  ["home", edit(moves.home)],
  ["ctrl+a", edit(moves.home)],
  ["end", edit(moves.end, "all")],
  ["ctrl+e", edit(moves.end, "all")],
  ["ctrl+left", edit(moves.wordLeft)],
  ["alt+left", edit(moves.wordLeft)],
  ["alt+b", edit(moves.wordLeft)],
  ["ctrl+right", edit(moves.wordRight, "word")],
  ["alt+right", edit(moves.wordRight, "word")],
  ["alt+f", edit(moves.wordRight, "word")],

  ["up", edit(recalls.up)],
  ["down", edit(recalls.down)],
  ["ctrl+p", edit(recalls.older)],
  ["ctrl+n", edit(recalls.newer)],
  ["alt+<", edit(recalls.oldest)],
  ["alt+>", edit(recalls.newest)],
  ["alt+.", edit(recalls.yankArgument)],
  ["alt+_", edit(recalls.yankArgument)],

  ["backspace", edit(changes.backspace)],
  ["delete", edit(changes.deleteRight)],
  ["alt+return", edit(changes.newline)],
  ["alt+enter", edit(changes.newline)],
  ["shift+return", edit(changes.newline)],
  ["ctrl+t", edit(changes.transpose)],
  ["alt+t", edit(changes.transposeWords)],
  ["alt+u", edit(changes.upperCase)],
  ["alt+l", edit(changes.lowerCase)],
  ["alt+c", edit(changes.capitalize)],
  ["alt+\\", edit(changes.deleteBlanks)],

  ["ctrl+k", edit(kills.killToEnd)],
  ["ctrl+u", edit(kills.killToStart)],
  ["ctrl+w", edit(kills.killArgumentLeft)],
  ["alt+backspace", edit(kills.killWordLeft)],
  ["ctrl+backspace", edit(kills.killWordLeft)],
  ["alt+d", edit(kills.killWordRight)],
  ["alt+delete", edit(kills.killWordRight)],
  ["ctrl+delete", edit(kills.killWordRight)],
  ["ctrl+y", edit(kills.yank)],
  ["alt+y", edit(kills.yankPop)],

  ["ctrl+_", edit(changes.undo)],
  ["ctrl+x ctrl+u", edit(changes.undo)],
  // There is nothing here to suspend, and this is what the key does everywhere but in a shell.
  ["ctrl+z", edit(changes.undo)],
  ["ctrl+/", edit(changes.undo)],
  ["alt+/", edit(changes.redo)],
  ["ctrl+shift+z", edit(changes.redo)],
  ["alt+r", edit(changes.revert)],
]);

/** The keys that another key has to follow. */
export const PREFIXES: ReadonlySet<string> = new Set(
  [...KEYMAP.keys()].flatMap((chord) => (chord.includes(" ") ? [chord.slice(0, chord.indexOf(" "))] : [])),
);

function edit(act: Action, takes?: "all" | "word"): Command {
  return { kind: "edit", act, ...(takes !== undefined && { takes }) };
}
