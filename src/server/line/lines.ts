import type { History, PromptOptions, Stage } from "../../terminal/index.ts";
import { LineEditor } from "../../terminal/index.ts";
import type { Question } from "../input/input.ts";
import { askCompleter, type LineFailed, suggester } from "./assistance.ts";
import type { Completer, Highlighter, LineHooks } from "./hooks.ts";
import { Memory, type Store } from "./memory.ts";
import { reflowOf } from "./reflow.ts";

/** What is known of the terminal that lines are written on. */
export interface LineTerminal {
  /** Its type, as TERM has it. */
  readonly term: string;
  /** Bits of colour; 1 or 0 for none. */
  readonly colors: number;
  /** How it calls itself, once it has been asked. */
  readonly name?: string | undefined;
}

/** How the lines of a session are set up. */
export interface LinesSetup {
  readonly hooks: LineHooks;
  readonly store: Store | undefined;
  readonly historySize: number;
  readonly maxLine: number;
  readonly multiline: boolean;
  /** Whether the line at the prompt is shown. */
  readonly echo: () => boolean;
  readonly screenReader: () => boolean;
  readonly terminal: () => LineTerminal;
  readonly failed: LineFailed;
}

/** All lines that are written in one session: at the prompt, and as answers to questions. */
export class Lines {
  readonly #setup: LinesSetup;
  readonly #memory: Memory;
  /** The editor of the prompt; it keeps what was killed from one line to the next. */
  #editor: LineEditor | undefined;
  /** That of the question that was opened last. */
  #asked: LineEditor | undefined;
  #isSpoken: boolean | undefined;

  constructor(setup: LinesSetup) {
    this.#setup = setup;
    this.#memory = new Memory(setup.historySize, setup.store, (error) => setup.failed("history", error));
  }

  /** The lines entered at the prompt. */
  get history(): History {
    return this.#memory.history;
  }

  /** Forgets them, and those that the store has. */
  clearHistory(): Promise<void> {
    return this.#memory.clear();
  }

  /** Whether they are written for those who hear the screen. */
  get isSpoken(): boolean {
    this.#isSpoken ??= this.#askWhetherSpoken();
    return this.#isSpoken;
  }

  set isSpoken(isSpoken: boolean) {
    this.#isSpoken = isSpoken;
    for (const editor of [this.#editor, this.#asked]) editor?.setScreenReader(isSpoken);
  }

  set completer(completer: Completer | undefined) {
    this.#setup.hooks.complete = completer;
  }

  set highlighter(highlighter: Highlighter | undefined) {
    this.#setup.hooks.highlight = highlighter;
  }

  /** Begins a line at the prompt. */
  openPrompt(stage: Stage, text: string): LineEditor {
    this.#memory.load();
    const { hooks, failed, multiline, echo } = this.#setup;
    const { term, name, colors } = this.#setup.terminal();
    const editor = (this.#editor ??= this.#make(stage, this.history));
    editor.resize(stage.columns, stage.rows);
    editor.reflow = reflowOf(term, name);
    editor.prompt(text, {
      multiline,
      ...(!echo() && { mask: true }),
      complete: (request) => askCompleter(editor, request, hooks.complete, failed),
      suggest: colors > 1 ? suggester(editor, hooks.suggest, this.history, failed) : undefined,
      highlight: hooks.highlight,
    });
    return editor;
  }

  /** Changes the prompt of the line that is being written. */
  setPrompt(text: string): void {
    this.#editor?.setPrompt(text);
  }

  /** Begins the answer to a question. */
  openQuestion(stage: Stage, question: Question): LineEditor {
    const { failed } = this.#setup;
    const { text, mask, initial, multiline, complete } = question;
    const editor = this.#make(stage);
    const options: PromptOptions = {
      history: false,
      ...(mask !== undefined && { mask }),
      ...(initial !== undefined && { initial }),
      ...(multiline !== undefined && { multiline }),
      ...(complete !== undefined && {
        complete: (request) => askCompleter(editor, request, complete, failed),
      }),
    };
    this.#asked = editor;
    editor.prompt(text, options);
    return editor;
  }

  #make(stage: Stage, history?: History): LineEditor {
    const { maxLine: limit, failed, terminal } = this.#setup;
    const { term, name } = terminal();
    return new LineEditor({
      write: (text) => stage.write(text),
      columns: stage.columns,
      rows: stage.rows,
      reflow: reflowOf(term, name),
      screenReader: this.isSpoken,
      limit,
      ...(history !== undefined && { history, kept: (line) => this.#memory.keep(line) }),
      // What completes and suggests is guarded here already: only colours are left.
      failed: (error) => failed("highlight", error),
    });
  }

  #askWhetherSpoken(): boolean {
    try {
      return this.#setup.screenReader();
    } catch (error) {
      this.#setup.failed("screenReader", error);
      return false;
    }
  }
}
