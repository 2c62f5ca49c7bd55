/** The engine's only face: the SSH-2 server protocol for one byte stream, without I/O. */
export type { Channel, ChannelEvents, ChannelOpenRequest, SessionRequest } from "../connection/index.ts";
export type { AlgorithmNames, BufferPool, Offer } from "../transport/index.ts";
export { bufferPool, offerOf } from "../transport/index.ts";
export type { AuthRequest, AuthVerdict } from "../userauth/index.ts";
export { DisconnectReason, OpenFailure, release } from "../wire/index.ts";
export type { MissedDeadline } from "./deadlines.ts";
export type { ProtocolLimits } from "./limits.ts";
export { defaultLimits } from "./limits.ts";
export type { End, ProtocolOptions, ProtocolSink } from "./server-protocol.ts";
export { ServerProtocol } from "./server-protocol.ts";
