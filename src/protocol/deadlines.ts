import type { ProtocolLimits } from "./limits.ts";

/** What a deadline looks at. */
export interface Progress {
  readonly identified: boolean;
  readonly keysExchanged: boolean;
  readonly loggedIn: boolean;
  readonly rekeyingSince: number | undefined;
  readonly channels: number;
}

/** The deadline that a connection missed. */
export type MissedDeadline = "identification" | "handshake" | "login" | "rekey" | "unused" | "keepalive";

/** The clocks of one connection, without a timer: the door calls {@link check} now and then. */
export class Deadlines {
  readonly #limits: ProtocolLimits;
  readonly #started: number;
  #heard: number;
  #asked = 0;
  #unusedSince: number | undefined;

  constructor(limits: ProtocolLimits, now: number) {
    this.#limits = limits;
    this.#started = now;
    this.#heard = now;
  }

  /** The client sent something: it is there. It has so many channels now. */
  heard(channels: number, now: number): void {
    this.#heard = now;
    this.#asked = 0;
    if (channels > 0) this.#unusedSince = undefined;
  }

  /** The deadline that has passed, or `"ask"` when the client should be asked whether it is there. */
  check(progress: Progress, now: number): MissedDeadline | "ask" | undefined {
    const limits = this.#limits;
    const past = (since: number, limit: number): boolean => limit > 0 && now - since >= limit;
    if (!progress.loggedIn) {
      if (past(this.#started, limits.loginGraceTime)) return "login";
      if (!progress.identified && past(this.#started, limits.identificationTime)) return "identification";
      if (!progress.keysExchanged && past(this.#started, limits.handshakeTime)) return "handshake";
      return undefined;
    }
    if (progress.rekeyingSince !== undefined && past(progress.rekeyingSince, limits.rekeyTime)) return "rekey";
    this.#unusedSince = progress.channels === 0 ? (this.#unusedSince ?? now) : undefined;
    if (this.#unusedSince !== undefined && past(this.#unusedSince, limits.unusedConnectionTime)) return "unused";
    if (!past(this.#heard, limits.clientAliveInterval * (this.#asked + 1))) return undefined;
    if (this.#asked >= limits.clientAliveCountMax) return "keepalive";
    this.#asked++;
    return "ask";
  }
}
