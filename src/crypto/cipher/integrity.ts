import { DisconnectReason, ProtocolError } from "../../wire/index.ts";

/**
 * The one answer to a packet that was changed on its way, whatever gave it away: what differs between two failures is
 * an oracle (CVE-2008-5161).
 */
export function integrityFailure(): ProtocolError {
  return new ProtocolError("a packet failed its integrity check", DisconnectReason.MAC_ERROR);
}
