/** What carries a connection's messages: the transport, once the user is logged in. */
export interface ConnectionLink {
  /**
   * Sends one message. `head` holds its number and its fields up to and including the length of `body`. The link copies
   * what it needs before it returns: `head` is used again for the next packet, `body` belongs to the application.
   */
  send(head: Uint8Array, body?: Uint8Array): void;
  /** False during a key exchange: channel data waits for {@link Pump.run}; other messages are queued by the link. */
  readonly ready: boolean;
  /** True while more is queued than the peer takes: channel data waits for {@link Pump.run}. */
  readonly full: boolean;
  /** Answers the message that is being received with SSH_MSG_UNIMPLEMENTED. */
  unimplemented(): void;
}

/** One channel's sending side, as the {@link Pump} sees it. */
export interface Pumped {
  /** Whether it stands in the pump's line; kept by the pump. */
  waiting: boolean;
  /** Sends at most one message of data. False: it has nothing left that its peer's window takes. */
  sendOne(): boolean;
}

/**
 * Shares the link among the channels that have data to send: one message each in turn, for as long as the link takes
 * it. A channel that waits for its peer's window does not stand in line.
 */
export class Pump {
  readonly link: ConnectionLink;
  /** Room for the fields before the bytes of CHANNEL_DATA and CHANNEL_EXTENDED_DATA: no allocation a packet. */
  readonly dataHead: Uint8Array = new Uint8Array(9);
  readonly extendedDataHead: Uint8Array = new Uint8Array(13);
  readonly #line: Pumped[] = [];
  #running = false;

  constructor(link: ConnectionLink) {
    this.link = link;
  }

  /** Whether data may go straight to the link: it takes some, and nobody stands in line. */
  get idle(): boolean {
    return this.#line.length === 0 && !this.#running && this.link.ready && !this.link.full;
  }

  /** Puts one who has data and window into the line. */
  add(side: Pumped): void {
    this.#queue(side);
    this.run();
  }

  /** Sends until the line is empty or the link takes no more. */
  run(): void {
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#line.length > 0 && this.link.ready && !this.link.full) {
        const side = this.#line.shift()!;
        side.waiting = false;
        if (side.sendOne()) this.#queue(side);
      }
    } finally {
      this.#running = false;
    }
  }

  #queue(side: Pumped): void {
    if (side.waiting) return;
    side.waiting = true;
    this.#line.push(side);
  }
}
