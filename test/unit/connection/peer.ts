import { Connection } from "../../../src/connection/index.ts";
import type {
  Channel,
  ChannelEvents,
  ChannelOpenRequest,
  ConnectionLink,
  ConnectionOptions,
  ConnectionSink,
  GlobalRequest,
  SessionRequest,
} from "../../../src/connection/index.ts";
import { messages, Msg, Reader } from "../../../src/wire/index.ts";

/** Keeps what was sent; full once `room` messages of data have been. */
export class FakeLink implements ConnectionLink {
  ready = true;
  room = Infinity;
  unimplementedAnswers = 0;
  readonly sent: Uint8Array[] = [];
  send(head: Uint8Array, body: Uint8Array = new Uint8Array(0)): void {
    this.sent.push(Buffer.concat([head, body]));
    if (body.length > 0) this.room--;
  }
  get full(): boolean {
    return this.room <= 0;
  }
  unimplemented(): void {
    this.unimplementedAnswers++;
  }
}

/** An application that writes down what it hears, and says yes to everything. */
export class FakeApp implements ConnectionSink {
  readonly heard: string[] = [];
  readonly channels: Channel[] = [];
  readonly opens: ChannelOpenRequest[] = [];
  readonly globals: GlobalRequest[] = [];
  readonly requests: SessionRequest[] = [];
  acceptSessions = true;
  onSession: (channel: Channel) => void = () => {};
  onData: (bytes: Uint8Array, channel: Channel) => void = () => {};
  onRequest: (request: SessionRequest, channel: Channel) => boolean = () => true;
  onDrained: (channel: Channel) => void = () => {};
  onClosed: (channel: Channel) => void = () => {};

  sessionOpened(channel: Channel): ChannelEvents | undefined {
    this.channels.push(channel);
    this.onSession(channel);
    return this.acceptSessions ? this.events(channel) : undefined;
  }

  channelOpen(request: ChannelOpenRequest): void {
    this.opens.push(request);
  }

  globalRequest(request: GlobalRequest): void {
    this.globals.push(request);
  }

  events(channel: Channel): ChannelEvents {
    const say = (what: string): number => this.heard.push(`${channel.id} ${what}`);
    return {
      data: (bytes) => {
        say(`data ${text(bytes)}`);
        this.onData(bytes, channel);
      },
      eof: () => say("eof"),
      request: (request) => {
        say(request.type);
        this.requests.push(request);
        return this.onRequest(request, channel);
      },
      drained: () => {
        say("drained");
        this.onDrained(channel);
      },
      closed: () => {
        say("closed");
        this.onClosed(channel);
      },
    };
  }
}

/** A scripted client: sends messages to a connection, and reads the answers as lines like "DATA 7 hello". */
export class Peer {
  readonly link: FakeLink = new FakeLink();
  readonly app: FakeApp = new FakeApp();
  readonly connection: Connection;

  constructor(options: Partial<ConnectionOptions> = {}) {
    const limits = { maxSessions: 10, maxChannels: 64, window: 1 << 20, maxPacket: 32768, ...options };
    this.connection = new Connection(limits, this.link, this.app);
  }

  send(payload: Uint8Array): void {
    this.connection.receive(payload);
  }

  /** The messages since the last call. */
  take(): string[] {
    return this.link.sent.splice(0).map(describe);
  }

  open(type: string, sender: number, fields: { window?: number; maxPacket?: number; data?: Uint8Array } = {}): void {
    const { window = 1 << 20, maxPacket = 32768, data = new Uint8Array(0) } = fields;
    this.send(messages.channelOpen.encode({ type, sender, window, maxPacket, data }));
  }

  /** Opens a session, forgets the answer, and gives the application's side. */
  session(sender: number, fields: { window?: number; maxPacket?: number } = {}): Channel {
    this.open("session", sender, fields);
    this.take();
    return this.app.channels.at(-1)!;
  }

  data(recipient: number, data: string | Uint8Array): void {
    this.send(messages.channelData.encode({ recipient, data: bytes(data) }));
  }

  extendedData(recipient: number, type: number, data: string | Uint8Array): void {
    this.send(messages.channelExtendedData.encode({ recipient, type, data: bytes(data) }));
  }

  adjust(recipient: number, count: number): void {
    this.send(messages.channelWindowAdjust.encode({ recipient, bytes: count }));
  }

  eof(recipient: number): void {
    this.send(messages.channelEof.encode({ recipient }));
  }

  close(recipient: number): void {
    this.send(messages.channelClose.encode({ recipient }));
  }

  request(recipient: number, type: string, data: Uint8Array = new Uint8Array(0), wantReply = true): void {
    this.send(messages.channelRequest.encode({ recipient, type, wantReply, data }));
  }

  exec(recipient: number, command: string): void {
    this.request(recipient, "exec", messages.execRequest.encode({ command: bytes(command) }));
  }

  global(type: string, wantReply = true, data: Uint8Array = new Uint8Array(0)): void {
    this.send(messages.globalRequest.encode({ type, wantReply, data }));
  }
}

export function bytes(value: string | Uint8Array): Uint8Array {
  return typeof value === "string" ? Buffer.from(value) : value;
}

export function text(value: Uint8Array): string {
  return Buffer.from(value).toString("latin1");
}

const names: ReadonlyMap<number, string> = new Map(Object.entries(Msg).map(([name, number]) => [number, name]));

/** One message as a line: its name without CHANNEL_, its recipient, and what else matters. */
function describe(payload: Uint8Array): string {
  const number = payload[0]!;
  const from = new Reader(payload, 1);
  const words: (string | number)[] = [(names.get(number) ?? String(number)).replace("CHANNEL_", "")];
  if (number >= Msg.CHANNEL_OPEN_CONFIRMATION) words.push(from.uint32());
  if (number === Msg.CHANNEL_DATA) words.push(text(from.string()));
  if (number === Msg.CHANNEL_EXTENDED_DATA) words.push(from.uint32(), text(from.string()));
  if (number === Msg.CHANNEL_WINDOW_ADJUST || number === Msg.CHANNEL_OPEN_FAILURE) words.push(from.uint32());
  if (number === Msg.CHANNEL_OPEN_CONFIRMATION) words.push(from.uint32(), from.uint32(), from.uint32());
  if (number === Msg.CHANNEL_REQUEST || number === Msg.GLOBAL_REQUEST) {
    words.push(from.name(), from.boolean() ? "reply" : "quiet");
  }
  if (number === Msg.CHANNEL_REQUEST && words[2] === "exit-status") words.push(from.uint32());
  if (number === Msg.REQUEST_SUCCESS && from.left > 0) words.push(text(from.rest()));
  if (number === Msg.CHANNEL_OPEN) words.push(from.name(), from.uint32(), from.uint32(), from.uint32());
  return words.join(" ");
}
