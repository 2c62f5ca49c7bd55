/** What a byte does in a line that is being typed; a byte without one is text. */
export type Control =
  /** Ends the line. */
  | "newline"
  /** Hands over what there is; on nothing, it is the end of the input. */
  | "end"
  | "interrupt"
  | "erase"
  | "erase-word"
  | "kill"
  | "reprint"
  /** Takes the next byte as it is. */
  | "literal"
  /** Would stop a process, or the output; there is none to be stopped. */
  | "nothing";

/** RFC 4254 §8: the modes that name a character, the one that it has where the client does not say, and what it does. */
const CHARACTERS: readonly (readonly [mode: string, byDefault: number, control: Control])[] = [
  ["VINTR", 0x03, "interrupt"],
  ["VQUIT", 0x1c, "interrupt"],
  ["VEOF", 0x04, "end"],
  ["VERASE", 0x7f, "erase"],
  ["VKILL", 0x15, "kill"],
  ["VWERASE", 0x17, "erase-word"],
  ["VREPRINT", 0x12, "reprint"],
  ["VLNEXT", 0x16, "literal"],
  ["VSUSP", 0x1a, "nothing"],
  ["VSTART", 0x11, "nothing"],
  ["VSTOP", 0x13, "nothing"],
];
/** RFC 4254 §8: "255 if none"; some send the 0 that means that on Linux. */
const NONE: ReadonlySet<number> = new Set([0, 255]);
const BACKSPACE = 0x08;
const DELETE = 0x7f;

/** What each byte does on a terminal with these modes, by their names in RFC 4254 §8. */
export function controlsOf(modes: ReadonlyMap<string, number>): readonly (Control | undefined)[] {
  const controls = Array.from<Control | undefined>({ length: 256 });
  // Whoever has a Backspace key that sends the one and says the other still means to erase.
  controls[BACKSPACE] = controls[DELETE] = "erase";
  for (const [mode, byDefault, control] of CHARACTERS) {
    const byte = modes.get(mode) ?? byDefault;
    if (byte < 256 && !NONE.has(byte)) controls[byte] = control;
  }
  // Whatever a client says: without a way to end a line, nothing that is typed would ever arrive.
  controls[0x0a] = controls[0x0d] = "newline";
  return controls;
}
