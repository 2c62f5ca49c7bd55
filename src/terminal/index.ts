/** What a session knows of terminals: keys from bytes, the line editor, and text as a terminal shows it. No I/O. */
export { History, type HistoryOptions } from "./editor/history.ts";
export { LineEditor, type LineEditorOptions, type PromptOptions } from "./editor/editor.ts";
export type { Foreground, Outcome, Stage } from "./foreground.ts";
export { KeyDecoder } from "./keys/decoder.ts";
export type { Key, KeyEvent, Paste, UnknownSequence } from "./keys/key.ts";
export * as ansi from "./text/ansi.ts";
export { BELL, CLEAR_SCREEN, DISABLE_BRACKETED_PASTE, ENABLE_BRACKETED_PASTE, title } from "./text/ansi.ts";
export { graphemes } from "./text/graphemes.ts";
export { ScreenModes } from "./text/modes.ts";
export { escapeControls, type EscapeOptions, stripAnsi } from "./text/sanitize.ts";
export { stringWidth } from "./text/width.ts";
