import type { Output } from "../client/output.ts";
import type { Input, InputHost } from "../input/input.ts";
import { PlainInput } from "../input/plain-input.ts";
import { RawGate } from "../input/raw-gate.ts";
import { TerminalInput } from "../input/terminal-input.ts";
import type { Lines } from "../line/lines.ts";
import type { Limits } from "../limits.ts";
import type { PtyData } from "../session.ts";

/** What becomes of what comes in. */
export interface IntakeHost extends InputHost {
  /** Whether the bytes may pass. */
  judge(bytes: Uint8Array): boolean | Promise<boolean>;
}

/** How the input of one session comes in: through the gate, to the input that suits what the client asked for. */
export class Intake {
  readonly #host: IntakeHost;
  readonly #output: Output;
  readonly #limits: Limits;
  readonly #gate: RawGate;
  #input: Input;

  constructor(host: IntakeHost, output: Output, limits: Limits) {
    this.#host = host;
    this.#output = output;
    this.#limits = limits;
    this.#input = new PlainInput(host, output, limits.maxCommand);
    this.#gate = new RawGate(
      (bytes) => host.judge(bytes),
      (bytes) => this.#input.receive(bytes),
      (bytes) => host.consumed(bytes.length),
      () => this.#input.eof(),
    );
  }

  /** The input of today; a terminal that is requested brings another. */
  get input(): Input {
    return this.#input;
  }

  /** The client has a terminal. */
  becomeTerminal(pty: PtyData, lines: Lines): void {
    this.#input.end();
    this.#output.isTerminal = true;
    const { maxTypeAhead } = this.#limits;
    this.#input = new TerminalInput(this.#host, this.#output, { pty, lines, maxTypeAhead });
  }

  /** From here on input reaches whoever waits for it. */
  open(): void {
    this.#gate.open();
  }

  /** Takes bytes, or the end of the input. */
  push(input: Uint8Array | "end"): void {
    this.#gate.push(input);
  }
}
