import type { BytePort, ByteReceiver } from "../input/byte-port.ts";
import { ClientPrompts } from "./client-prompts.ts";
import type { SessionHost } from "./facts.ts";

/**
 * One session of a visitor: a shell, a command or a subsystem. A connection with ten shells is ten clients, which share
 * `client.connection`. Servers make them; the events hand them out.
 */
export class Client<State = Record<string, unknown>> extends ClientPrompts {
  /** The app's own bag for this session, as the server's option `state` made it. */
  readonly state: State;
  readonly #host: SessionHost;

  /** For the server. */
  constructor(host: SessionHost, makeState: ((client: Client<State>) => State) | undefined) {
    super(host);
    this.#host = host;
    this.state = makeState === undefined ? ({} as State) : makeState(this);
  }

  /**
   * Takes the session's bytes as they are on the wire, in place of `stdin` and `stdout`: for a protocol that a subsystem or a program
   * speaks, without the streams' copies and turns. What has come and was not read yet comes first, before the call returns.
   *
   * @param connect is given the port to write to, and makes the receiver.
   * @throws Error on a terminal, whose input is keys, and the second time.
   */
  takeBytes<Receiver extends ByteReceiver>(connect: (port: BytePort) => Receiver): Receiver {
    return this.#host.takeBytes(connect);
  }

  /** Ends the session once what was written has left. The client is told the status of the last command, or 0. */
  close(): void {
    this.#host.end("closed");
  }

  /** Ends the session with an exit status, from 0 to 255. */
  exit(status = 0): void {
    this.#host.end("exit", status);
  }
}
