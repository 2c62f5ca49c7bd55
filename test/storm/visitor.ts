import { connect } from "node:net";
import type { Socket } from "node:net";
import { messages, Msg } from "../../src/wire/index.ts";
import { Client, passwordRequest } from "../client/index.ts";
import type { ClientKey } from "../client/index.ts";
import { encode, publickeyFields, signedData } from "../unit/userauth/publickey-requests.ts";

const CIPHER = ["aes128-gcm@openssh.com"];
/** The cheapest there is: what is tested is the server, and both sides share a machine. */
const CHEAP = { kex: ["curve25519-sha256"], hostKey: ["ssh-ed25519"], cipherIn: CIPHER, cipherOut: CIPHER };

/** An honest client on a socket: it logs in, has a shell and answers what a client has to answer. */
export class Visitor {
  readonly client: Client = new Client(CHEAP);
  readonly #socket: Socket;
  readonly #gone: Promise<void>;
  /** What the shell has sent, and nobody has looked at. */
  output = "";
  isGone = false;
  /** Called when something has come. */
  #changed: PromiseWithResolvers<void> = Promise.withResolvers();

  /** @param from the address that it comes from, of those that this machine has: 127.0.0.0/8. */
  constructor(port: number, from: string) {
    this.#socket = connect({ port, host: "127.0.0.1", localAddress: from, noDelay: true });
    this.#socket.on("error", () => undefined);
    this.#socket.on("data", (bytes) => this.#received(bytes));
    this.#gone = new Promise((resolve) => this.#socket.once("close", () => resolve()));
    void this.#gone.then(() => {
      this.isGone = true;
      this.#changed.resolve();
    });
    this.client.intercept = (payload) => this.#took(payload);
    this.flush();
  }

  /** Waits until the connection is gone. */
  get gone(): Promise<void> {
    return this.#gone;
  }

  /** Sends what the client has to say. */
  flush(): void {
    const bytes = this.client.pull();
    if (bytes.length > 0 && this.#socket.writable) this.#socket.write(bytes);
  }

  leave(): void {
    this.#socket.destroy();
  }

  /** Waits until something is so; false when the connection ends first. */
  async until(isSo: () => boolean): Promise<boolean> {
    while (!isSo()) {
      if (this.isGone) return false;
      await this.#changed.promise;
    }
    return true;
  }

  /** Up to the point where a login can be tried. */
  async handshake(): Promise<boolean> {
    if (!(await this.until(() => this.client.exchanges > 0))) return false;
    this.client.send(messages.serviceRequest.encode({ service: "ssh-userauth" }));
    this.flush();
    return this.until(() => this.#take(Msg.SERVICE_ACCEPT));
  }

  /** Tries a password; undefined when the connection ended over it. */
  async tryPassword(username: string, password: string): Promise<boolean | undefined> {
    this.client.send(passwordRequest(username, password));
    return this.#verdict();
  }

  /** Logs in with a key, without asking first whether it would do. */
  async tryKey(username: string, key: ClientKey): Promise<boolean | undefined> {
    const fields = publickeyFields(key, { user: username });
    const signature = key.sign(signedData(fields, { sessionId: this.client.sessionId! }));
    this.client.send(encode(fields, signature));
    return this.#verdict();
  }

  /** Opens a shell on a terminal, and waits for its prompt. */
  async openShell(): Promise<boolean> {
    const data = new Uint8Array(0);
    const size = { width: 80, height: 24, pixelWidth: 0, pixelHeight: 0 };
    const modes = Uint8Array.of(0);
    const request = (type: string, body: Uint8Array): Uint8Array =>
      messages.channelRequest.encode({ recipient: 0, type, wantReply: false, data: body });
    this.client.send(
      messages.channelOpen.encode({ type: "session", sender: 0, window: 0x7fffffff, maxPacket: 32_768, data }),
    );
    this.client.send(request("pty-req", messages.ptyRequest.encode({ term: "xterm", ...size, modes })));
    this.client.send(request("shell", data));
    this.flush();
    return this.until(() => this.output.includes("> "));
  }

  type(text: string): void {
    this.client.send(messages.channelData.encode({ recipient: 0, data: Buffer.from(text) }));
    this.flush();
  }

  async #verdict(): Promise<boolean | undefined> {
    this.flush();
    let verdict: boolean | undefined;
    await this.until(() => {
      if (this.#take(Msg.USERAUTH_SUCCESS)) verdict = true;
      else if (this.#take(Msg.USERAUTH_FAILURE)) verdict = false;
      return verdict !== undefined;
    });
    return verdict;
  }

  #take(number: number): boolean {
    const at = this.client.unread.findIndex((payload) => payload[0] === number);
    if (at !== -1) this.client.unread.splice(at, 1);
    return at !== -1;
  }

  #received(bytes: Buffer): void {
    this.client.receive(bytes);
    this.flush();
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers();
    resolve();
  }

  /** What needs no more than a word, so that `unread` does not grow. */
  #took(payload: Uint8Array): boolean {
    switch (payload[0]) {
      case Msg.CHANNEL_DATA:
        this.output += Buffer.from(messages.channelData.decode(payload).data).toString("latin1");
        return true;
      case Msg.GLOBAL_REQUEST:
        // Whether we are still there.
        if (messages.globalRequest.decode(payload).wantReply) this.client.post(messages.requestFailure.encode({}));
        return true;
      case Msg.CHANNEL_WINDOW_ADJUST:
        return true;
      default:
        return false;
    }
  }
}
