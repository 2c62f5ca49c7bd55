/** What a terminal tells of itself when it is asked. */
export interface TerminalProfile {
  /** Its colours: what it says of the text and of what is behind it (OSC 10, 11). Default dark. */
  readonly background?: "dark" | "light";
  /** Its name and version (XTVERSION), such as `kitty(0.42.0)`. Without one it does not answer that, as many do not. */
  readonly name?: string;
}
