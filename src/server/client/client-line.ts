import type { Completer, Highlighter } from "../line/hooks.ts";
import { ClientOutput } from "./client-output.ts";
import type { SessionHost } from "./facts.ts";

/** How a client writes its lines. */
export class ClientLine extends ClientOutput {
  readonly #host: SessionHost;

  /** For the server. */
  constructor(host: SessionHost) {
    super(host);
    this.#host = host;
  }

  /** Changes what stands before the line that the visitor types, at once. It may have colours. */
  setPrompt(prompt: string): void {
    this.#host.facts.prompt = prompt;
    this.#host.input.setPrompt(prompt);
  }

  /**
   * Says what Tab completes the line at the prompt with, at once: candidates, or a function that finds some. Undefined for
   * nothing.
   */
  setCompleter(completer: Completer | undefined): void {
    this.#host.lines.completer = completer;
  }

  /** Says what colours the lines at the prompt, from the next one on. Undefined for no colours. */
  setHighlighter(highlighter: Highlighter | undefined): void {
    this.#host.lines.highlighter = highlighter;
  }

  /**
   * Forgets the lines that were entered at the prompt, those of earlier sessions too: in this session, and in the server's option
   * `history` if that has a `clear`. Rejects with what it throws. Other sessions of the user keep what they have in memory.
   */
  clearHistory(): Promise<void> {
    return this.#host.lines.clearHistory();
  }

  /** Whether lines are written so that a screen reader can follow; see {@link setScreenReader}. */
  get screenReader(): boolean {
    return this.#host.lines.isSpoken;
  }

  /**
   * Writes lines so that a screen reader can follow, at once: nothing that is on the screen is written over, what changes in
   * the middle of a line comes as a new row, candidates come as lines, and nothing is suggested. Menus, forms and dialogs
   * are asked on lines, and progress is told in lines.
   */
  setScreenReader(isOn: boolean): void {
    this.#host.lines.isSpoken = isOn;
  }
}
