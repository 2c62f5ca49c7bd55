import { DisconnectReason } from "./numbers.ts";

/**
 * The peer broke the protocol, or the exchange cannot go on: the connection ends with {@link reason}.
 *
 * The message says what was expected and what came. It goes to the log, never to the peer, and holds no bytes that the
 * peer chose (they would reach a terminal unescaped).
 */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  /** The code of the SSH_MSG_DISCONNECT that the peer gets (RFC 4250 §4.2.2). */
  readonly reason: DisconnectReason;

  constructor(message: string, reason: DisconnectReason = DisconnectReason.PROTOCOL_ERROR) {
    super(message);
    this.reason = reason;
  }
}
