import type { Capabilities, Glyphs, ShownDepth } from "../../terminal/index.ts";
import { capabilitiesOf, glyphsFor, isAsked, isDumb, Probe, ReplyFilter } from "../../terminal/index.ts";
import { ESCAPE_TIME } from "./input.ts";

/** What a detection needs of its session. */
export interface DetectionHost {
  /** The terminal's type, undefined without a terminal, and the variables that the client has set. */
  describe(): { readonly term: string | undefined; readonly env: Readonly<Record<string, string>> };
  /** Sends text that moves no cursor. */
  ask(text: string): void;
  /** Input that is no answer to what was asked. */
  pass(bytes: Uint8Array): void;
  /** So many bytes of the input go to nobody. */
  consumed(bytes: number): void;
}

/**
 * What is known of a session's terminal. It is asked once, when somebody wants to know; its answers, however late, reach
 * nobody else, and all other input goes through as it came.
 */
export class Detection {
  readonly #host: DetectionHost;
  #capabilities: Capabilities | undefined;
  #isDumb = true;
  #probe: Probe | undefined;
  /** As long as answers may come. */
  #filter: ReplyFilter | undefined;
  #settled: PromiseWithResolvers<void> | undefined;
  #patience: NodeJS.Timeout | undefined;
  #escape: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(host: DetectionHost) {
    this.#host = host;
  }

  /** What is known by now. */
  get capabilities(): Capabilities {
    if (this.#capabilities === undefined) {
      const { term, env } = this.#host.describe();
      this.#capabilities = capabilitiesOf(term, env);
      this.#isDumb = isDumb(term);
    }
    return this.#capabilities;
  }

  /** Whether there is a terminal on which rows can be drawn and changed. */
  get canDraw(): boolean {
    return this.depth > 0;
  }

  /** Bits of colour that are to be written; 0 for a dumb terminal, which shows escape sequences as they are. */
  get depth(): ShownDepth | 24 {
    const { colors } = this.capabilities;
    return this.#isDumb ? 0 : colors;
  }

  /** The signs that the user can see. */
  get glyphs(): Glyphs {
    return glyphsFor(this.capabilities.unicode);
  }

  /** What was assumed without asking has to be thought over: the client told more of itself. */
  reconsider(): void {
    if (this.#probe === undefined) this.#capabilities = undefined;
  }

  /** Asks the terminal, unless it has been asked or must not be. Resolves when it has answered, or has taken too long. */
  async detect(): Promise<Capabilities> {
    this.#settled ??= this.#begin();
    await this.#settled.promise;
    return this.capabilities;
  }

  /** Input came. */
  receive(bytes: Uint8Array): void {
    const filter = this.#filter;
    if (filter === undefined) {
      this.#host.pass(bytes);
      return;
    }
    clearTimeout(this.#escape);
    const before = filter.held;
    const rest = filter.push(bytes);
    const taken = before + bytes.length - rest.length - filter.held;
    if (taken > 0) this.#host.consumed(taken);
    this.#pass(rest);
    if (this.#probe?.isOpen === true) this.#hold(filter);
    else this.flush();
  }

  /** Lets through what is held back; no answer is expected any more. */
  flush(): void {
    clearTimeout(this.#escape);
    const filter = this.#filter;
    this.#filter = undefined;
    if (filter !== undefined) this.#pass(filter.release());
  }

  /** The session is over. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#escape);
    this.#filter = undefined;
    this.#settle();
  }

  #begin(): PromiseWithResolvers<void> {
    const settled = Promise.withResolvers<void>();
    if (this.#isOver || !isAsked(this.#host.describe().term)) {
      settled.resolve();
      return settled;
    }
    const now = Date.now();
    const probe = new Probe(this.capabilities);
    this.#probe = probe;
    this.#filter = new ReplyFilter((reply) => {
      const more = probe.take(reply);
      if (more === undefined) return false;
      this.#capabilities = probe.capabilities;
      if (more !== "") this.#host.ask(more);
      if (!probe.isOpen) this.#settle();
      return true;
    });
    this.#host.ask(probe.begin(now));
    this.#patience = setTimeout(() => this.#settle(), probe.deadline - now);
    return settled;
  }

  #settle(): void {
    clearTimeout(this.#patience);
    this.#settled?.resolve();
  }

  /** The Escape key alone is not held back for long. */
  #hold(filter: ReplyFilter): void {
    if (!filter.pending) return;
    this.#escape = setTimeout(() => this.#pass(filter.flush()), ESCAPE_TIME);
  }

  #pass(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#host.pass(bytes);
  }
}
