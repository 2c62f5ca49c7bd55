import type { Foreground, InputStream, Key, Mouse, Stage } from "../../terminal/index.ts";
import type { WindowSize } from "../session.ts";
import type { LiveRegion } from "../live/live-region.ts";
import type { Completer } from "../line/hooks.ts";
import type { ByteReceiver } from "./byte-port.ts";
import type { Wanted } from "./reports.ts";

/** How long after an ESC more of a sequence may come, in milliseconds; what comes later is another key. */
export const ESCAPE_TIME = 50;

/** What a question to the user looks like. */
export interface Question {
  /** Shown before the answer; may have several lines and colours. */
  readonly text: string;
  /** Hides the answer: behind this character, or altogether. */
  readonly mask?: string | true;
  /** An answer that is there already, to be edited. */
  readonly initial?: string;
  /** Whether the answer may have several rows. */
  readonly multiline?: boolean;
  /** What Tab completes the answer with. */
  readonly complete?: Completer;
  /** Calls the question off. */
  readonly signal?: AbortSignal | undefined;
}

/** Something that takes the keys of a terminal for a while, and draws on it. */
export interface Interaction<Value> {
  /** Opens it, when its turn has come; the cursor is in the first column of a fresh row. It must not throw. */
  readonly open: (stage: Stage) => Foreground<Value>;
  /** What is typed is for it alone: no `type` is raised. */
  readonly secret?: boolean;
  /** Calls it off. */
  readonly signal?: AbortSignal | undefined;
}

/** What somebody watches for who wants to see more than one deed of the visitor's. */
export interface Watched extends Wanted {
  readonly keys: boolean;
  /** Calls off what is waited for. */
  readonly signal?: AbortSignal | undefined;
}

/** What the visitor does, seen by somebody who watches. */
export interface Watch {
  /** The next deed, or the first that was not asked for yet. Rejects with an AbortError. */
  next(): Promise<Key | Mouse>;
  /** The terminal need not tell any more. */
  close(): void;
}

/** What an input asks of the session that it belongs to. */
export interface InputHost {
  /** Whether a command runs, which Ctrl-C then interrupts. */
  isBusy(): boolean;
  /** The session takes so many more bytes. */
  consumed(bytes: number): void;
  /** Ctrl-C was pressed while a command runs. */
  interrupt(): void;
  /** Whether anybody listens to {@link typed}. */
  isHeard(): boolean;
  /** A character was typed. */
  typed(text: string): void;
  /** A listener of the app's threw. */
  failed(name: string, error: unknown): void;
}

/** Takes all input, and says itself when it has consumed it. */
export type InputReceiver = Pick<ByteReceiver, "data" | "end">;

/** Takes a command line, or undefined when no more will come. */
export type Submit = (line: string | undefined) => void;

/**
 * Where a session's input goes: to whoever asked first, then to the prompt, and otherwise it waits. One implementation
 * is for terminals, one for what comes without one.
 */
export interface Input {
  /** Whether the prompt waits for a command. */
  readonly isAtPrompt: boolean;
  /** The input as a stream, until the prompt comes: then the next one. What it takes reaches neither questions nor the prompt. */
  readonly stream: InputStream;
  /** Gives everything that comes to one receiver, from what waits on. Undefined on a terminal, whose input is keys. */
  readonly takeBytes: ((receiver: InputReceiver) => void) | undefined;
  /** Bytes came from the visitor. */
  receive(bytes: Uint8Array): void;
  /** No more will come. */
  eof(): void;
  /** Waits for the next command line. */
  prompt(text: string, submit: Submit): void;
  /** Changes the prompt that is waiting. */
  setPrompt(text: string): void;
  /** Asks a question. Questions that are asked at once are asked one after the other. Rejects with an AbortError. */
  ask(question: Question): Promise<string>;
  /**
   * Gives the terminal to an interaction, when all are served who asked before. Rejects with an AbortError. Undefined
   * where there is no terminal.
   */
  readonly interact: (<Value>(interaction: Interaction<Value>) => Promise<Value>) | undefined;
  /** The rows at the bottom of the screen that change by themselves. Undefined where there is no terminal. */
  readonly live: LiveRegion | undefined;
  /** Waits for a key, before any question. Rejects with an AbortError. */
  key(signal?: AbortSignal): Promise<Key>;
  /** Watches the visitor; as {@link key}, before any question. */
  watch(watched: Watched): Watch;
  /** Calls off all questions. */
  interrupted(): void;
  /** Writes text for the visitor; a line that is being edited stays below it. */
  print(text: string, stream: "stdout" | "stderr"): void;
  /** Writes bytes, with newlines and colours as text has them, or as they are. */
  printBytes(bytes: Uint8Array, stream: "stdout" | "stderr", isRaw: boolean): void;
  /** Empties the screen, where there is one. */
  clear(): void;
  resize(size: WindowSize): void;
  /**
   * The session is over: takes the prompt off the screen and calls off all questions.
   *
   * @param aborted is called when the end has been told to a terminal's reader, who hears of it before his signal does.
   */
  end(aborted?: () => void): void;
}
