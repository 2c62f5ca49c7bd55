/** What goes over the wire: the data types of RFC 4251 §5, the messages as tables of fields, and the numbers. */
export { ProtocolError } from "./error.ts";
export { Reader } from "./reader.ts";
export { release, releasePacket } from "./release.ts";
export { Writer } from "./writer.ts";
export type { Message, Struct } from "./layout.ts";
export { DisconnectReason, Msg, OpenFailure } from "./numbers.ts";
export * as messages from "./messages.ts";
