import { anyName, boolean, message, name, nameList, raw, rest, string, struct, text, uint32, utf8 } from "./layout.ts";
import type { Message, Struct } from "./layout.ts";
import { Msg } from "./numbers.ts";

// RFC 4253 §11
export interface Disconnect {
  reason: number;
  description: string;
  language: string;
}
export const disconnect: Message<Disconnect> = message(Msg.DISCONNECT, "DISCONNECT", {
  reason: uint32,
  description: text,
  language: text,
});
export const unimplemented: Message<{ sequence: number }> = message(Msg.UNIMPLEMENTED, "UNIMPLEMENTED", {
  sequence: uint32,
});

// RFC 4253 §10
export const serviceRequest: Message<{ service: string }> = message(Msg.SERVICE_REQUEST, "SERVICE_REQUEST", {
  service: name,
});
export const serviceAccept: Message<{ service: string }> = message(Msg.SERVICE_ACCEPT, "SERVICE_ACCEPT", {
  service: name,
});

// RFC 8308 §2.3: the count is followed by that many (name, value) pairs.
export const extInfo: Message<{ count: number; extensions: Uint8Array }> = message(Msg.EXT_INFO, "EXT_INFO", {
  count: uint32,
  extensions: rest,
});

// RFC 4253 §7.1
export interface KexInit {
  cookie: Uint8Array;
  kex: readonly string[];
  hostKey: readonly string[];
  cipherIn: readonly string[];
  cipherOut: readonly string[];
  macIn: readonly string[];
  macOut: readonly string[];
  compressionIn: readonly string[];
  compressionOut: readonly string[];
  languageIn: readonly string[];
  languageOut: readonly string[];
  firstKexPacketFollows: boolean;
  reserved: number;
}
/** "In" is client to server and "out" server to client: the directions as a server sees them. */
export const kexInit: Message<KexInit> = message(Msg.KEXINIT, "KEXINIT", {
  cookie: raw(16),
  kex: nameList,
  hostKey: nameList,
  cipherIn: nameList,
  cipherOut: nameList,
  macIn: nameList,
  macOut: nameList,
  compressionIn: nameList,
  compressionOut: nameList,
  languageIn: nameList,
  languageOut: nameList,
  firstKexPacketFollows: boolean,
  reserved: uint32,
});

// RFC 5656 §4, RFC 8731 §3 and the hybrids that reuse its messages
export const kexEcdhInit: Message<{ clientPublic: Uint8Array }> = message(Msg.KEX_ECDH_INIT, "KEX_ECDH_INIT", {
  clientPublic: string,
});
export interface KexEcdhReply {
  hostKey: Uint8Array;
  serverPublic: Uint8Array;
  signature: Uint8Array;
}
export const kexEcdhReply: Message<KexEcdhReply> = message(Msg.KEX_ECDH_REPLY, "KEX_ECDH_REPLY", {
  hostKey: string,
  serverPublic: string,
  signature: string,
});

// RFC 4252 §5
export interface UserauthRequest {
  user: string;
  service: string;
  method: string;
  data: Uint8Array;
}
export const userauthRequest: Message<UserauthRequest> = message(Msg.USERAUTH_REQUEST, "USERAUTH_REQUEST", {
  user: utf8,
  service: name,
  method: name,
  data: rest,
});
export const userauthFailure: Message<{ methods: readonly string[]; partialSuccess: boolean }> = message(
  Msg.USERAUTH_FAILURE,
  "USERAUTH_FAILURE",
  { methods: nameList, partialSuccess: boolean },
);
export const userauthBanner: Message<{ text: string; language: string }> = message(
  Msg.USERAUTH_BANNER,
  "USERAUTH_BANNER",
  { text, language: text },
);
// RFC 4252 §7
export const userauthPkOk: Message<{ algorithm: string; key: Uint8Array }> = message(
  Msg.USERAUTH_PK_OK,
  "USERAUTH_PK_OK",
  { algorithm: name, key: string },
);
// RFC 4252 §8
export const userauthPasswdChangereq: Message<{ prompt: string; language: string }> = message(
  Msg.USERAUTH_PASSWD_CHANGEREQ,
  "USERAUTH_PASSWD_CHANGEREQ",
  { prompt: text, language: text },
);
// RFC 4256 §3.2: the count of prompts is followed by that many (prompt, echo) pairs.
export interface UserauthInfoRequest {
  name: string;
  instruction: string;
  language: string;
  count: number;
  prompts: Uint8Array;
}
export const userauthInfoRequest: Message<UserauthInfoRequest> = message(
  Msg.USERAUTH_INFO_REQUEST,
  "USERAUTH_INFO_REQUEST",
  { name: text, instruction: text, language: text, count: uint32, prompts: rest },
);
// RFC 4256 §3.4: the count is followed by that many strings.
export const userauthInfoResponse: Message<{ count: number; responses: Uint8Array }> = message(
  Msg.USERAUTH_INFO_RESPONSE,
  "USERAUTH_INFO_RESPONSE",
  { count: uint32, responses: rest },
);

// RFC 4254 §4
export interface GlobalRequest {
  type: string;
  wantReply: boolean;
  data: Uint8Array;
}
export const globalRequest: Message<GlobalRequest> = message(Msg.GLOBAL_REQUEST, "GLOBAL_REQUEST", {
  type: anyName,
  wantReply: boolean,
  data: rest,
});
export const requestSuccess: Message<{ data: Uint8Array }> = message(Msg.REQUEST_SUCCESS, "REQUEST_SUCCESS", {
  data: rest,
});
export const requestFailure: Message<Record<never, never>> = message(Msg.REQUEST_FAILURE, "REQUEST_FAILURE", {});

// RFC 4254 §5.1
export interface ChannelOpen {
  type: string;
  sender: number;
  window: number;
  maxPacket: number;
  data: Uint8Array;
}
export const channelOpen: Message<ChannelOpen> = message(Msg.CHANNEL_OPEN, "CHANNEL_OPEN", {
  type: anyName,
  sender: uint32,
  window: uint32,
  maxPacket: uint32,
  data: rest,
});
export interface ChannelOpenConfirmation {
  recipient: number;
  sender: number;
  window: number;
  maxPacket: number;
  data: Uint8Array;
}
export const channelOpenConfirmation: Message<ChannelOpenConfirmation> = message(
  Msg.CHANNEL_OPEN_CONFIRMATION,
  "CHANNEL_OPEN_CONFIRMATION",
  { recipient: uint32, sender: uint32, window: uint32, maxPacket: uint32, data: rest },
);
export interface ChannelOpenFailure {
  recipient: number;
  reason: number;
  description: string;
  language: string;
}
export const channelOpenFailure: Message<ChannelOpenFailure> = message(
  Msg.CHANNEL_OPEN_FAILURE,
  "CHANNEL_OPEN_FAILURE",
  { recipient: uint32, reason: uint32, description: text, language: text },
);

// RFC 4254 §5.2 and §5.3
export const channelWindowAdjust: Message<{ recipient: number; bytes: number }> = message(
  Msg.CHANNEL_WINDOW_ADJUST,
  "CHANNEL_WINDOW_ADJUST",
  { recipient: uint32, bytes: uint32 },
);
export const channelData: Message<{ recipient: number; data: Uint8Array }> = message(Msg.CHANNEL_DATA, "CHANNEL_DATA", {
  recipient: uint32,
  data: string,
});
export const channelExtendedData: Message<{ recipient: number; type: number; data: Uint8Array }> = message(
  Msg.CHANNEL_EXTENDED_DATA,
  "CHANNEL_EXTENDED_DATA",
  { recipient: uint32, type: uint32, data: string },
);
export const channelEof: Message<{ recipient: number }> = message(Msg.CHANNEL_EOF, "CHANNEL_EOF", {
  recipient: uint32,
});
export const channelClose: Message<{ recipient: number }> = message(Msg.CHANNEL_CLOSE, "CHANNEL_CLOSE", {
  recipient: uint32,
});

// RFC 4254 §5.4
export interface ChannelRequest {
  recipient: number;
  type: string;
  wantReply: boolean;
  data: Uint8Array;
}
export const channelRequest: Message<ChannelRequest> = message(Msg.CHANNEL_REQUEST, "CHANNEL_REQUEST", {
  recipient: uint32,
  type: anyName,
  wantReply: boolean,
  data: rest,
});
export const channelSuccess: Message<{ recipient: number }> = message(Msg.CHANNEL_SUCCESS, "CHANNEL_SUCCESS", {
  recipient: uint32,
});
export const channelFailure: Message<{ recipient: number }> = message(Msg.CHANNEL_FAILURE, "CHANNEL_FAILURE", {
  recipient: uint32,
});

// RFC 4254 §6: the type-specific parts of the requests on a session channel
export interface PtyRequest {
  term: string;
  width: number;
  height: number;
  pixelWidth: number;
  pixelHeight: number;
  modes: Uint8Array;
}
export const ptyRequest: Struct<PtyRequest> = struct({
  term: text,
  width: uint32,
  height: uint32,
  pixelWidth: uint32,
  pixelHeight: uint32,
  modes: string,
});
export const windowChangeRequest: Struct<Omit<PtyRequest, "term" | "modes">> = struct({
  width: uint32,
  height: uint32,
  pixelWidth: uint32,
  pixelHeight: uint32,
});
export const envRequest: Struct<{ name: string; value: string }> = struct({ name: text, value: text });
export const execRequest: Struct<{ command: Uint8Array }> = struct({ command: string });
export const subsystemRequest: Struct<{ name: string }> = struct({ name: anyName });
export const signalRequest: Struct<{ signal: string }> = struct({ signal: anyName });
export const exitStatusRequest: Struct<{ status: number }> = struct({ status: uint32 });
export const exitSignalRequest: Struct<{ signal: string; coreDumped: boolean; message: string; language: string }> =
  struct({ signal: name, coreDumped: boolean, message: text, language: text });
// RFC 4335 §3
export const breakRequest: Struct<{ milliseconds: number }> = struct({ milliseconds: uint32 });

// OpenSSH PROTOCOL 1.9
export const ping: Message<{ data: Uint8Array }> = message(Msg.PING, "PING", { data: string });
export const pong: Message<{ data: Uint8Array }> = message(Msg.PONG, "PONG", { data: string });

export const debug: Message<{ alwaysDisplay: boolean; text: string; language: string }> = message(Msg.DEBUG, "DEBUG", {
  alwaysDisplay: boolean,
  text,
  language: text,
});
export const ignore: Message<{ data: Uint8Array }> = message(Msg.IGNORE, "IGNORE", { data: string });
/** NEWKEYS is its number alone. */
export const newKeys: Message<Record<never, never>> = message(Msg.NEWKEYS, "NEWKEYS", {});
/** USERAUTH_SUCCESS is its number alone. */
export const userauthSuccess: Message<Record<never, never>> = message(Msg.USERAUTH_SUCCESS, "USERAUTH_SUCCESS", {});
