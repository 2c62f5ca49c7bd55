/** One press of a key, as far as a terminal tells. */
export interface Key {
  readonly type: "key";
  /**
   * What the key is called: the character that it types (`"a"` also for Shift-A and Ctrl-A, `"ü"`, `"👍🏽"`), or `"space"`,
   * `"return"` (CR), `"enter"` (LF), `"tab"`, `"backspace"`, `"escape"`, `"up"`, `"down"`, `"left"`, `"right"`, `"home"`,
   * `"end"`, `"insert"`, `"delete"`, `"pageup"`, `"pagedown"`, `"clear"`, `"f1"` … `"f20"`.
   */
  readonly name: string;
  /** The text it types, one grapheme cluster; empty when it types none. Never has a control character. */
  readonly text: string;
  readonly ctrl: boolean;
  /** Alt, Option or Meta. */
  readonly alt: boolean;
  readonly shift: boolean;
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

/** An escape sequence that is no key known here: a mouse report, the terminal's answer to a question, a newer key. */
export interface UnknownSequence {
  readonly type: "unknown";
  readonly sequence: string;
}

export type KeyEvent = Key | Paste | UnknownSequence;
