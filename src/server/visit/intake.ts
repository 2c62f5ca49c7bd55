import type { Output } from "../client/output.ts";
import type { BytePort, ByteReceiver } from "../input/byte-port.ts";
import { Detection } from "../input/detection.ts";
import type { Input, InputHost } from "../input/input.ts";
import { PlainInput } from "../input/plain-input.ts";
import { RawGate } from "../input/raw-gate.ts";
import { TerminalInput } from "../input/terminal-input.ts";
import type { Lines } from "../line/lines.ts";
import type { Limits } from "../limits.ts";
import type { PtyData } from "../session.ts";

/** What becomes of what comes in. */
export interface IntakeHost extends InputHost {
  /** The terminal's type, and the variables that the client has set. */
  describe(): { readonly term: string | undefined; readonly env: Readonly<Record<string, string>> };
  /** Whether the bytes may pass. */
  judge(bytes: Uint8Array): boolean | Promise<boolean>;
}

/** How the input of one session comes in: past the terminal's answers, through the gate, to the input that suits what the client asked for. */
export class Intake {
  readonly terminal: Detection;
  readonly #host: IntakeHost;
  readonly #output: Output;
  readonly #limits: Limits;
  readonly #gate: RawGate;
  #input: Input;
  /** Who has taken the session's bytes. */
  #receiver: ByteReceiver | undefined;
  #hasEnded = false;

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
    this.terminal = new Detection({
      describe: () => host.describe(),
      ask: (text) => output.control(text),
      pass: (bytes) => this.#gate.push(bytes),
      consumed: (bytes) => host.consumed(bytes),
    });
  }

  /** The input of today; a terminal that is requested brings another. */
  get input(): Input {
    return this.#input;
  }

  /** The client has a terminal. */
  becomeTerminal(pty: PtyData, lines: Lines): void {
    this.#input.end();
    this.terminal.reconsider();
    this.#output.isTerminal = true;
    this.#output.colors = () => this.terminal.depth;
    const { maxTypeAhead } = this.#limits;
    this.#input = new TerminalInput(this.#host, this.#output, { pty, lines, maxTypeAhead });
  }

  /** From here on input reaches whoever waits for it. */
  open(): void {
    this.#gate.open();
  }

  /** Hands what comes to the receiver alone, past everything that is for people. */
  takeBytes<Receiver extends ByteReceiver>(connect: (port: BytePort) => Receiver): Receiver {
    if (this.#receiver !== undefined) throw new Error("The bytes of this session have been taken already.");
    if (this.#input.takeBytes === undefined) {
      throw new Error("A terminal sends keys, not bytes: a protocol is for clients that ask for no terminal.");
    }
    const receiver = connect({
      write: (bytes) => this.#output.pass(bytes),
      consumed: (bytes) => this.#host.consumed(bytes),
    });
    if (this.#hasEnded) {
      receiver.closed();
      return receiver;
    }
    this.#receiver = receiver;
    this.#input.takeBytes(receiver);
    this.open();
    return receiver;
  }

  /** Whether a protocol has the session's bytes. */
  get isTaken(): boolean {
    return this.#receiver !== undefined;
  }

  /** All has left that was written. */
  drained(): void {
    if (!this.#hasEnded) this.#receiver?.drained();
  }

  /** Takes bytes, or the end of the input. */
  push(input: Uint8Array | "end"): void {
    if (input !== "end") {
      this.terminal.receive(input);
      return;
    }
    this.terminal.flush();
    this.#gate.push(input);
  }

  /** The session is over. @param aborted as of {@link Input.end}. */
  end(aborted: () => void): void {
    this.#hasEnded = true;
    this.terminal.end();
    this.#input.end(aborted);
    this.#receiver?.closed();
  }
}
