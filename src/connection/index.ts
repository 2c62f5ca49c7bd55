/** The SSH connection protocol, server side (RFC 4254): channels with their windows, their requests, global requests. */
export { Connection } from "./connection.ts";
export type { ConnectionOptions, ConnectionSink } from "./connection.ts";
export type { Channel, ChannelEvents } from "./channel.ts";
export type { ChannelOpening, ChannelOpenRequest } from "./channel-open.ts";
export type { GlobalReply, GlobalRequest } from "./global-requests.ts";
export type { ConnectionLink } from "./link.ts";
export { SIGNALS } from "./session-request.ts";
export type { SessionRequest, TerminalSize } from "./session-request.ts";
export { table as connectionTable } from "./table.ts";
