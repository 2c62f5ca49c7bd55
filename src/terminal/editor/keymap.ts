import type { Key } from "../keys/key.ts";
import type { Edit, Line } from "./line.ts";

/** What a key does to the line. */
export type Action = (line: Line) => Edit;

/** The editing keys, as readline and libedit have them in their Emacs mode. */
const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ["left", (line) => line.left()],
  ["ctrl+b", (line) => line.left()],
  ["right", (line) => line.right()],
  ["ctrl+f", (line) => line.right()],
  ["home", (line) => line.home()],
  ["ctrl+a", (line) => line.home()],
  ["end", (line) => line.end()],
  ["ctrl+e", (line) => line.end()],
  ["ctrl+left", (line) => line.wordLeft()],
  ["alt+left", (line) => line.wordLeft()],
  ["alt+b", (line) => line.wordLeft()],
  ["ctrl+right", (line) => line.wordRight()],
  ["alt+right", (line) => line.wordRight()],
  ["alt+f", (line) => line.wordRight()],

  ["backspace", (line) => line.backspace()],
  ["delete", (line) => line.delete()],
  ["ctrl+d", (line) => line.delete()],
  ["ctrl+k", (line) => line.killToEnd()],
  ["ctrl+u", (line) => line.killToStart()],
  ["ctrl+w", (line) => line.killArgumentLeft()],
  ["alt+backspace", (line) => line.killWordLeft()],
  ["alt+d", (line) => line.killWordRight()],
  ["alt+delete", (line) => line.killWordRight()],
  ["ctrl+delete", (line) => line.killWordRight()],
  ["ctrl+y", (line) => line.yank()],
  ["alt+y", (line) => line.yankPop()],
  ["ctrl+t", (line) => line.transpose()],

  ["up", (line) => line.older()],
  ["ctrl+p", (line) => line.older()],
  ["down", (line) => line.newer()],
  ["ctrl+n", (line) => line.newer()],
  ["alt+<", (line) => line.oldest()],
  ["alt+>", (line) => line.newest()],
]);

/** The editing that a chord is for; undefined when it is for none. */
export function actionOf(chord: string): Action | undefined {
  return ACTIONS.get(chord);
}

/** A key with what is held, as it is written: `ctrl+alt+b`. Shift is in the character, if it matters. */
export function chordOf(key: Key): string {
  return `${key.ctrl ? "ctrl+" : ""}${key.alt ? "alt+" : ""}${key.name}`;
}
