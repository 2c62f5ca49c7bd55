import { connect } from "node:net";
import type { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { messages, Msg } from "../../../src/wire/index.ts";
import type { Message } from "../../../src/wire/index.ts";
import { Client, infoResponse, interactiveRequest, keyRequest, passwordRequest } from "../../client/index.ts";
import type { ClientKey, ClientOptions } from "../../client/index.ts";
import { channelOpen, exec, ping, serviceRequest } from "./payloads.ts";
import type { Opening } from "./payloads.ts";

/** Longer than any machine takes for what a test waits for; only a test that fails waits so long. */
const PATIENCE = 30_000;

/** Options of a peer that only says what the test says. */
export const silent: ClientOptions = { automatic: false, kex: ["curve25519-sha256"] };

/**
 * A raw client over a TCP socket. It says what the test says, cut as the test cuts it, and nothing else, but that it
 * answers key exchanges by itself unless `automatic` is false.
 *
 * {@link client} has all that is below the socket: `client.send(payload, shape)` for a packet of a wrong shape,
 * `client.sendKexInit(fields)`, `client.kexInit(fields)`; what it makes leaves with {@link flush}.
 */
export class Peer {
  readonly client: Client;
  readonly socket: Socket;
  /** This side's port, by which the server knows it. */
  port = 0;
  /** The server's DISCONNECT, once {@link closed} has found one. */
  farewell: messages.Disconnect | undefined;
  /** Why nothing that follows means anything: what the server sent was wrong. */
  #fault: Error | undefined;
  #isClosed = false;
  /** Resolved, and made anew, when something has come, or the connection has ended. */
  #news: PromiseWithResolvers<void> = Promise.withResolvers();
  #pings = 0;

  private constructor(port: number, options: ClientOptions) {
    this.client = new Client(options);
    this.socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.socket.on("connect", () => this.#tell());
    this.socket.on("data", (bytes) => this.#received(bytes));
    // A reset is one of the ends that a server may choose; `close` follows.
    this.socket.on("error", () => undefined);
    this.socket.on("close", () => {
      this.#isClosed = true;
      this.#tell();
    });
  }

  /** Connects, and sends the identification unless `automatic` is false. */
  static async connect(port: number, options: ClientOptions = {}): Promise<Peer> {
    const peer = new Peer(port, options);
    await peer.until("the connection", () => !peer.socket.connecting);
    peer.port = peer.socket.localPort ?? 0;
    return peer.flush();
  }

  /** The server has closed the connection, or this side has. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** How many messages of this number have come, those that are read by now among them. */
  came(number: number): number {
    return this.client.numbers.filter((other) => other === number).length;
  }

  /** Writes these bytes as they are, as one segment. */
  raw(bytes: Uint8Array | string): this {
    this.socket.write(bytes);
    return this;
  }

  /** Writes these bytes one by one, each as a segment of its own. */
  async drip(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at++) {
      this.raw(bytes.subarray(at, at + 1));
      await setImmediate();
    }
  }

  /** Sends messages under the keys that are in use, in one segment. */
  send(...payloads: readonly Uint8Array[]): this {
    for (const payload of payloads) this.client.send(payload);
    return this.flush();
  }

  /** Sends what {@link client} has made. */
  flush(): this {
    const bytes = this.client.pull();
    return bytes.length > 0 ? this.raw(bytes) : this;
  }

  /** Waits for a condition that what the server sends makes true; fails when the connection ends before it is. */
  async until(what: string, condition: () => boolean): Promise<void> {
    await this.#wait(what, () => {
      if (condition()) return true;
      if (this.#isClosed) throw new Error(`waited for ${what}, and the connection ended; ${this.#heard()}`);
      return false;
    });
  }

  /** The next message of this kind, which is taken out of `client.unread`. */
  async next<Fields>(message: Message<Fields>): Promise<Fields> {
    await this.until(message.label, () => this.#has(message.number));
    return this.client.expect(message);
  }

  /** Waits for the end of the connection; gives the reason of the server's DISCONNECT, or `undefined` if it just closed. */
  async closed(): Promise<number | undefined> {
    this.socket.resume();
    await this.#wait("the end of the connection", () => this.#isClosed);
    if (this.#has(Msg.DISCONNECT)) this.farewell = this.client.expect(messages.disconnect);
    return this.farewell?.reason;
  }

  /** Waits for the first keys. */
  async exchangeKeys(): Promise<this> {
    await this.until("the end of the key exchange", () => this.client.exchanges > 0 && this.client.idle);
    return this;
  }

  /** Up to SERVICE_ACCEPT. */
  async handshake(): Promise<this> {
    await this.exchangeKeys();
    this.send(serviceRequest());
    await this.next(messages.serviceAccept);
    return this;
  }

  /** Waits for the answer to one login request: SUCCESS, a FAILURE with or without partial success, or message 60. */
  async verdict(): Promise<"success" | "failure" | "partial" | "question"> {
    const isVerdict = (payload: Uint8Array): boolean => verdicts.has(payload[0]!);
    await this.until("a verdict", () => this.client.unread.some(isVerdict));
    const [payload] = this.client.unread.splice(this.client.unread.findIndex(isVerdict), 1);
    if (payload![0] !== Msg.USERAUTH_FAILURE) return payload![0] === Msg.USERAUTH_SUCCESS ? "success" : "question";
    return messages.userauthFailure.decode(payload!).partialSuccess ? "partial" : "failure";
  }

  /** A login request and its answer. */
  attempt(payload: Uint8Array): ReturnType<Peer["verdict"]> {
    return this.send(payload).verdict();
  }

  tryPassword(user: string, password: string): ReturnType<Peer["verdict"]> {
    return this.attempt(passwordRequest(user, password));
  }

  /** With a key, or with its certificate (`certify` makes one; `algorithm` has to name it). */
  tryKey(user: string, key: ClientKey): ReturnType<Peer["verdict"]> {
    return this.attempt(keyRequest(key, this.client.sessionId, { user }));
  }

  /** Answers each round of questions with one of `rounds`, and the questions behind them with nothing. */
  async tryInteractive(user: string, ...rounds: readonly (readonly string[])[]): ReturnType<Peer["verdict"]> {
    let verdict = await this.attempt(interactiveRequest(user));
    for (const answers of rounds) {
      if (verdict === "question") verdict = await this.attempt(infoResponse(...answers));
    }
    return verdict;
  }

  /** Opens a session; gives the server's number for it. */
  async openSession(opening: Opening = {}): Promise<number> {
    this.send(channelOpen(opening));
    return (await this.next(messages.channelOpenConfirmation)).sender;
  }

  /** Opens a session and runs a command in it; gives the server's number for it. */
  async exec(command: string, opening: Opening = {}): Promise<number> {
    const channel = await this.openSession(opening);
    this.send(exec(channel, command));
    await this.next(messages.channelSuccess);
    return channel;
  }

  /** Sends a request on a channel, one that wants a reply; gives whether it was granted. */
  async granted(request: Uint8Array): Promise<boolean> {
    const isReply = ([number]: Uint8Array): boolean => number === Msg.CHANNEL_SUCCESS || number === Msg.CHANNEL_FAILURE;
    await this.send(request).until("a reply", () => this.client.unread.some(isReply));
    const [reply] = this.client.unread.splice(this.client.unread.findIndex(isReply), 1);
    return reply![0] === Msg.CHANNEL_SUCCESS;
  }

  /** Takes out what data has come on a channel, by this side's number for it. */
  output(sender = 0): Buffer {
    const isOutput = (payload: Uint8Array): boolean =>
      payload[0] === Msg.CHANNEL_DATA && messages.channelData.decode(payload).recipient === sender;
    const chunks = this.client.unread.filter(isOutput).map((payload) => messages.channelData.decode(payload).data);
    this.client.unread = this.client.unread.filter((payload) => !isOutput(payload));
    return Buffer.concat(chunks);
  }

  /** Waits until the output of a channel has this, and takes it out. */
  async prints(what: RegExp, sender = 0): Promise<string> {
    let output = "";
    await this.until(`output like ${what}`, () => what.test((output += this.output(sender).toString())));
    return output;
  }

  /** After the login: waits until the server has worked through all that was sent, and has answered it. */
  async settled(): Promise<this> {
    const text = `ping ${++this.#pings}`;
    this.send(ping(text));
    const isAnswer = (payload: Uint8Array): boolean =>
      payload[0] === Msg.PONG && Buffer.from(messages.pong.decode(payload).data).toString() === text;
    await this.until("the answer to a ping", () => this.client.unread.some(isAnswer));
    this.client.unread = this.client.unread.filter((payload) => !isAnswer(payload));
    return this;
  }

  #received(bytes: Uint8Array): void {
    try {
      this.client.receive(bytes);
      if (!this.#isClosed) this.flush();
    } catch (error) {
      this.#fault ??= error instanceof Error ? error : new Error(String(error));
    }
    this.#tell();
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  #has(number: number): boolean {
    return this.client.unread.some((payload) => payload[0] === number);
  }

  async #wait(what: string, isThere: () => boolean): Promise<void> {
    const { promise: timeout, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}; ${this.#heard()}`)), PATIENCE);
    try {
      while (!isThere()) {
        if (this.#fault !== undefined) throw this.#fault;
        await Promise.race([this.#news.promise, timeout]);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #heard(): string {
    const { numbers } = this.client;
    return `messages that came: ${numbers.slice(-20).join(" ") || "none"}`;
  }
}

const verdicts: ReadonlySet<number> = new Set([Msg.USERAUTH_FAILURE, Msg.USERAUTH_SUCCESS, Msg.USERAUTH_INFO_REQUEST]);
