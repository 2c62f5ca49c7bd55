import type { Mouse } from "./mouse.ts";
import type { Reply } from "./reply.ts";

/** One press of a key, as far as a terminal tells. */
export interface Key {
  readonly type: "key";
  /**
   * What the key is called: the character that it types (`"a"` also for Shift-A and Ctrl-A, `"ü"`, `"👍🏽"`), or `"space"`,
   * `"return"` (CR), `"enter"` (LF), `"tab"`, `"backspace"`, `"escape"`, `"up"`, `"down"`, `"left"`, `"right"`, `"home"`,
   * `"end"`, `"insert"`, `"delete"`, `"pageup"`, `"pagedown"`, `"clear"`, `"f1"` … `"f35"`. Terminals with the kitty
   * keyboard protocol have further ones, such as `"menu"`, `"pause"`, `"mediaplay"`, `"leftshift"`.
   */
  readonly name: string;
  /** The text it types, one grapheme cluster; empty when it types none. Never has a control character. */
  readonly text: string;
  readonly ctrl: boolean;
  /** Alt, Option or Meta. */
  readonly alt: boolean;
  readonly shift: boolean;
  /** Super (Command, the Windows key) or Hyper is held; only terminals with the kitty keyboard protocol tell. */
  readonly super?: true;
  /**
   * Absent when the key was pressed, or when the terminal does not tell. A key that is held down repeats. That one was let
   * go is only told to who asked for it.
   */
  readonly event?: "repeat" | "release";
  /** What the terminal sent, decoded as UTF-8. */
  readonly sequence: string;
}

/** Text that was pasted (bracketed paste), as it came: newlines and control characters are in it. */
export interface Paste {
  readonly type: "paste";
  readonly text: string;
  /** False when more of the same paste follows; a long one comes in pieces of at most 16 KiB. */
  readonly last: boolean;
}

/** The terminal's window got or lost the keyboard; only when focus reports (DEC mode 1004) are on. */
export interface Focus {
  readonly type: "focus";
  readonly focused: boolean;
  readonly sequence: string;
}

/** An escape sequence that is none of those known here. */
export interface UnknownSequence {
  readonly type: "unknown";
  readonly sequence: string;
}

export type KeyEvent = Key | Paste | Mouse | Focus | Reply | UnknownSequence;
