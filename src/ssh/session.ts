import type { Channel, ChannelEvents, SessionRequest } from "../protocol/index.ts";
import type { Session, SessionEvents } from "../server/index.ts";

/** SSH_EXTENDED_DATA_STDERR (RFC 4254 §5.2). */
const STDERR = 1;

/** A session channel as the server's {@link Session}. */
export class SshSession implements Session {
  readonly #channel: Channel;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  write(bytes: Uint8Array, stream: "stdout" | "stderr"): boolean {
    return stream === "stdout" ? this.#channel.write(bytes) : this.#channel.write(bytes, STDERR);
  }

  consumed(bytes: number): void {
    this.#channel.consumed(bytes);
  }

  end(): void {
    this.#channel.end();
  }

  exit(how: number | { signal: string; message?: string }): void {
    if (typeof how === "number") this.#channel.exitStatus(how);
    else this.#channel.exitSignal(how.signal, false, how.message ?? "");
  }

  close(): void {
    this.#channel.close();
  }

  abort(): void {
    this.#channel.abort();
  }
}

/** Hands what comes over a channel to the server's side of its session. */
export function channelEvents(events: SessionEvents): ChannelEvents {
  return {
    data: (bytes) => events.input(bytes),
    eof: () => events.eof(),
    drained: () => events.drained(),
    closed: () => events.closed(),
    request: (request) => answer(events, request),
  };
}

/** One row for each request that a session may carry (RFC 4254 §6); one without a row is refused. */
const answers: {
  [T in SessionRequest["type"]]?: (events: SessionEvents, request: SessionRequest & { type: T }) => boolean;
} = {
  "pty-req": (events, { term, width, height, pixelWidth, pixelHeight, modes }) =>
    events.pty({ term, width, height, pixelwidth: pixelWidth, pixelheight: pixelHeight, modes }),
  env: (events, { name, value }) => events.env(name, value),
  shell: (events) => events.shell(),
  exec: (events, { command }) => events.exec(command),
  subsystem: (events, { name }) => events.subsystem(name),
  signal: (events, { signal }) => events.signal(signal),
  break: (events, { milliseconds }) => events.break(milliseconds),
  "window-change": (events, { width, height, pixelWidth, pixelHeight }) => {
    events.resized({ width, height, pixelwidth: pixelWidth, pixelheight: pixelHeight });
    return true;
  },
};

function answer(events: SessionEvents, request: SessionRequest): boolean {
  const row = answers[request.type] as ((events: SessionEvents, request: SessionRequest) => boolean) | undefined;
  return row?.(events, request) ?? false;
}
