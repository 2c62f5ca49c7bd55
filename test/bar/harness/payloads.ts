/** Payloads of the connection protocol, short enough for a list of hostile ones to be read at a glance. */
import { messages } from "../../../src/wire/index.ts";

const EMPTY = new Uint8Array(0);

export function serviceRequest(service = "ssh-userauth"): Uint8Array {
  return messages.serviceRequest.encode({ service });
}

export function ping(text = ""): Uint8Array {
  return messages.ping.encode({ data: Buffer.from(text) });
}

export function ignore(length = 0): Uint8Array {
  return messages.ignore.encode({ data: Buffer.alloc(length) });
}

export function globalRequest(type: string, data: Uint8Array = EMPTY, wantReply = true): Uint8Array {
  return messages.globalRequest.encode({ type, wantReply, data });
}

/** What a client says of a channel that it opens. */
export interface Opening {
  readonly type?: string;
  /** The client's number for it. */
  readonly sender?: number;
  readonly window?: number;
  readonly maxPacket?: number;
  readonly data?: Uint8Array;
}

export function channelOpen(opening: Opening = {}): Uint8Array {
  const { type = "session", sender = 0, window = 2 ** 31 - 1, maxPacket = 32_768, data = EMPTY } = opening;
  return messages.channelOpen.encode({ type, sender, window, maxPacket, data });
}

/** The recipient of these is the server's number for the channel; that of the first channel is 0. */
export function channelRequest(
  recipient: number,
  type: string,
  data: Uint8Array = EMPTY,
  wantReply = true,
): Uint8Array {
  return messages.channelRequest.encode({ recipient, type, wantReply, data });
}

export function exec(recipient: number, command: string | Uint8Array): Uint8Array {
  return channelRequest(recipient, "exec", messages.execRequest.encode({ command: Buffer.from(command) }));
}

export function shell(recipient: number): Uint8Array {
  return channelRequest(recipient, "shell");
}

export function subsystem(recipient: number, name: string): Uint8Array {
  return channelRequest(recipient, "subsystem", messages.subsystemRequest.encode({ name }));
}

export function env(recipient: number, name: string, value: string): Uint8Array {
  return channelRequest(recipient, "env", messages.envRequest.encode({ name, value }));
}

/** A terminal; an app that has one gets keys, and sees an editor. */
export function pty(recipient: number, changes: Partial<messages.PtyRequest> = {}): Uint8Array {
  const request = { term: "xterm", width: 80, height: 24, pixelWidth: 0, pixelHeight: 0, modes: EMPTY, ...changes };
  return channelRequest(recipient, "pty-req", messages.ptyRequest.encode(request));
}

export function channelData(recipient: number, data: string | Uint8Array): Uint8Array {
  return messages.channelData.encode({ recipient, data: Buffer.from(data) });
}

export function extendedData(recipient: number, type: number, data: string | Uint8Array): Uint8Array {
  return messages.channelExtendedData.encode({ recipient, type, data: Buffer.from(data) });
}

export function windowAdjust(recipient: number, bytes: number): Uint8Array {
  return messages.channelWindowAdjust.encode({ recipient, bytes });
}

export function channelEof(recipient: number): Uint8Array {
  return messages.channelEof.encode({ recipient });
}

export function channelClose(recipient: number): Uint8Array {
  return messages.channelClose.encode({ recipient });
}
