import type { Foreground, KeyEvent, Outcome, Stage } from "../../terminal/index.ts";
import { CLEAR_SCREEN, unfinishedTail } from "../../terminal/index.ts";
import { AbortError } from "../client/abort-error.ts";
import type { Output } from "../client/output.ts";
import type { Bottom } from "../live/live-region.ts";
import { LiveRegion } from "../live/live-region.ts";
import type { WindowSize } from "../session.ts";
import type { Interaction } from "./input.ts";
import { Waiting } from "./waiting.ts";

/** Somebody's turn to have the keys: what is to be opened, and what is on the screen once it was. */
interface Turn {
  readonly interaction: Interaction<unknown>;
  front?: Foreground<unknown> | undefined;
}

/** A turn that comes again whenever nobody else has one. */
interface PromptTurn extends Turn {
  readonly ended: (outcome: Outcome<string>) => void;
}

/** What is collected to be printed above a foreground at once, in UTF-16 code units. */
const MAX_ABOVE = 16_384;

/**
 * Who has the terminal's attention: those who asked, one after the other, and otherwise the prompt. Whoever has it is at
 * the bottom of the screen, and what is written meanwhile goes above.
 */
export class Attention implements Stage {
  /** Rows that change by themselves, while nobody has the attention. */
  readonly live: LiveRegion;
  readonly #output: Output;
  #size: WindowSize;
  readonly #asks: Waiting<unknown, Turn> = new Waiting();
  #prompt: PromptTurn | undefined;
  #shown: Turn | undefined;
  /** What was written while somebody has the attention, to be printed above when the turn of the event loop ends. */
  #above = "";
  /** The beginning of a character that was written in pieces. */
  #half: Uint8Array = new Uint8Array();

  constructor(output: Output, size: WindowSize) {
    this.#output = output;
    this.#size = size;
    this.live = new LiveRegion(output, this);
  }

  get columns(): number {
    return this.#size.width;
  }

  get rows(): number {
    return this.#size.height;
  }

  /** Whether anybody waits for the user. */
  get isWanted(): boolean {
    return this.#asks.first !== undefined || this.#prompt !== undefined;
  }

  get isAtPrompt(): boolean {
    return this.#shown !== undefined && this.#shown === this.#prompt;
  }

  /** Whether somebody who asked has it, rather than the prompt or nobody. */
  get isAsked(): boolean {
    return this.#shown !== undefined && this.#shown !== this.#prompt;
  }

  /** Whether what is typed is for the one who asked alone. */
  get isSecret(): boolean {
    return this.#shown?.interaction.secret === true;
  }

  /** Joins those who ask. Rejects with an AbortError. */
  interact<Value>(interaction: Interaction<Value>): Promise<Value> {
    const turn: Turn = { interaction };
    const answer = this.#asks.join(turn, interaction.signal, () => {
      this.#leave(turn);
      this.#show();
    });
    this.#show();
    return answer as Promise<Value>;
  }

  /** Opens the prompt, now or when all are served who asked; Ctrl-C opens it anew. */
  prompt(interaction: Interaction<string>, ended: (outcome: Outcome<string>) => void): void {
    this.#prompt = { interaction, ended };
    this.#show();
  }

  /** Gives a key to whoever has the attention. */
  take(event: KeyEvent): void {
    this.flush();
    const turn = this.#shown;
    const outcome = turn?.front?.key(event);
    if (turn === undefined || outcome === undefined) return;
    this.#output.atLineStart();
    this.#shown = undefined;
    turn.front = undefined;
    if (turn === this.#prompt) {
      this.#endPrompt(this.#prompt, outcome as Outcome<string>);
      return;
    }
    const asker = this.#asks.leave();
    this.#show();
    if (outcome.type === "done") asker?.resolve(outcome.value);
    else asker?.reject(new AbortError(outcome.type === "eof" ? "end-of-input" : "interrupted"));
  }

  /** Draws once what all keys did that `work` gives to whoever has the attention. */
  batch(work: () => void): void {
    const front = this.#shown?.front;
    if (front === undefined) work();
    else front.batch(work);
  }

  /** Ctrl-C: whoever asked hears of it, and no one gets an answer. */
  interrupt(event: KeyEvent): void {
    this.flush();
    const turn = this.#shown;
    if (turn !== undefined && turn !== this.#prompt) {
      turn.front?.key(event);
      turn.front = undefined;
      this.#output.atLineStart();
      this.#shown = undefined;
    }
    this.interrupted();
  }

  /** Calls off all who asked. */
  interrupted(): void {
    this.#callOff("interrupted");
    this.#show();
  }

  /** The input has ended while somebody waits. */
  endOfInput(): void {
    this.#callOff("end-of-input");
    this.#show();
    const prompt = this.#prompt;
    if (prompt === undefined) return;
    this.#leave(prompt);
    this.#endPrompt(prompt, { type: "eof" });
  }

  /** The session is over. */
  end(): void {
    this.flush();
    this.#prompt = undefined;
    if (this.#shown !== undefined) this.#leave(this.#shown);
    this.#asks.rejectAll("disconnected");
    this.live.end();
  }

  /** What a foreground writes: it knows where the cursor is. */
  write(text: string): void {
    this.#output.write(text);
  }

  print(text: string): void {
    if (this.#bottom === undefined) {
      this.flush();
      this.#output.write(text);
      return;
    }
    if (this.#above === "") queueMicrotask(() => this.flush());
    this.#above += text;
    // From there on the output itself sees to it that a visitor who does not read costs no more memory.
    if (this.#above.length > MAX_ABOVE) this.flush();
  }

  printBytes(given: Uint8Array, isRaw: boolean): void {
    this.flush();
    const bottom = this.#bottom;
    const bytes = isRaw ? given : this.#wholeCharacters(given, bottom !== undefined);
    if (bytes.length === 0) return;
    this.#hide();
    if (isRaw) this.#output.writeRaw(bytes);
    else this.#output.writeBytes(bytes);
    if (this.#shown !== undefined) this.#freshLine();
    bottom?.show();
  }

  /** Above the prompt each piece gets rows of its own, between which half a character would be lost: it waits for its other half. */
  #wholeCharacters(given: Uint8Array, mayWait: boolean): Uint8Array {
    if (!mayWait && this.#half.length === 0) return given;
    const bytes = this.#half.length === 0 ? given : Buffer.concat([this.#half, given]);
    const end = bytes.length - (mayWait ? unfinishedTail(bytes, 0, bytes.length) : 0);
    this.#half = Uint8Array.from(bytes.subarray(end));
    return bytes.subarray(0, end);
  }

  clear(): void {
    this.#above = "";
    if (this.#bottom === undefined) this.#output.write(CLEAR_SCREEN);
    else this.#bottom.clearScreen();
    this.#output.atLineStart();
  }

  resize(size: WindowSize): void {
    this.#size = size;
    this.#shown?.front?.resize(size.width, size.height);
    this.live.resize(size.width, size.height);
  }

  /** Prints what was collected. */
  flush(): void {
    const text = this.#above;
    if (text === "") return;
    this.#above = "";
    if (this.#bottom === undefined) this.#output.write(text);
    else this.#bottom.printAbove(text);
  }

  /** What is below all that is written, if anything is. */
  get #bottom(): Bottom | undefined {
    return this.#shown?.front ?? (this.live.isShown ? this.live : undefined);
  }

  /** Brings the first who asked, or else the prompt, onto the screen. */
  #show(): void {
    const next = this.#asks.first?.what ?? this.#prompt;
    if (next !== this.#shown) this.#turnTo(next);
    if (next === undefined) this.live.setFree(true);
  }

  #turnTo(next: Turn | undefined): void {
    this.flush();
    this.#hide();
    this.#shown = next;
    if (next === undefined) return;
    this.live.setFree(false);
    this.#freshLine();
    if (next.front === undefined) {
      next.front = next.interaction.open(this);
      return;
    }
    // It may have been hidden while the window had another size.
    next.front.resize(this.columns, this.rows);
    next.front.show();
  }

  #hide(): void {
    if (this.#bottom === undefined) return;
    this.#bottom.hide();
    this.#output.atLineStart();
  }

  /** Takes a turn off the screen for good. */
  #leave(turn: Turn): void {
    turn.front?.cancel();
    turn.front = undefined;
    if (this.#shown !== turn) return;
    this.#shown = undefined;
    this.#output.atLineStart();
  }

  #endPrompt(prompt: PromptTurn, outcome: Outcome<string>): void {
    if (outcome.type === "interrupt") {
      this.#show();
      return;
    }
    this.#prompt = undefined;
    this.#show();
    prompt.ended(outcome);
  }

  #callOff(reason: "interrupted" | "end-of-input"): void {
    const first = this.#asks.first?.what;
    if (first !== undefined) this.#leave(first);
    this.#asks.rejectAll(reason);
  }

  #freshLine(): void {
    if (!this.#output.isAtLineStart) this.#output.write("\n");
  }
}
