import { DisconnectReason, ProtocolError } from "../wire/index.ts";

/** When keys are renewed (RFC 4253 §9, OpenSSH's RekeyLimit). */
export interface RekeyLimit {
  /** Bytes in either direction under one set of keys. Default 1 GiB. */
  readonly bytes: number;
  /** Milliseconds that one set of keys is used; 0 for no limit. Default one hour. */
  readonly milliseconds: number;
}

export const defaultRekeyLimit: RekeyLimit = { bytes: 1024 ** 3, milliseconds: 3_600_000 };

/** RFC 4344 §3.1 asks for new keys before 2^32 packets; half of that leaves room for the exchange itself. */
const MAX_PACKETS = 2 ** 31;
/**
 * An exchange that the client asks for sooner than both of these after the last one is counted … OpenSSH with
 * RekeyLimit=1M asks a little before the first MiB is through, so half of it is what is too little.
 */
const SHORT_BYTES = 512 * 1024;
const SHORT_MILLISECONDS = 10_000;
/** … and so many in a row end the connection: each costs us a signature, the client nothing. */
const MAX_SHORT_IN_A_ROW = 10;

/** One direction's use of its keys. */
export interface KeyUse {
  readonly bytes: number;
  readonly packets: number;
}

/** Decides when the keys of one connection are old, and when a client asks for new ones too often. */
export class RekeyPolicy {
  readonly #limit: RekeyLimit;
  #keysSince = 0;
  #shortInARow = 0;

  constructor(limit: RekeyLimit) {
    this.#limit = limit;
  }

  keysChanged(now: number): void {
    this.#keysSince = now;
  }

  due(inward: KeyUse, outward: KeyUse, now: number): boolean {
    const { bytes, milliseconds } = this.#limit;
    return (
      inward.bytes >= bytes ||
      outward.bytes >= bytes ||
      inward.packets >= MAX_PACKETS ||
      outward.packets >= MAX_PACKETS ||
      (milliseconds > 0 && now - this.#keysSince >= milliseconds)
    );
  }

  /** @throws {ProtocolError} when the client asks without need once more after ten exchanges in a row. */
  clientAsks(inward: KeyUse, outward: KeyUse, now: number): void {
    const short = inward.bytes + outward.bytes < SHORT_BYTES && now - this.#keysSince < SHORT_MILLISECONDS;
    this.#shortInARow = short ? this.#shortInARow + 1 : 0;
    if (this.#shortInARow > MAX_SHORT_IN_A_ROW) {
      throw new ProtocolError("the client asks for key exchanges in a row", DisconnectReason.BY_APPLICATION);
    }
  }
}
