import { randomFillSync } from "node:crypto";
import { generatePrivateKey, parsePrivateKey } from "../../src/crypto/index.ts";
import type { HostKey } from "../../src/crypto/index.ts";
import { bufferPool, defaultLimits, offerOf, ServerProtocol } from "../../src/protocol/index.ts";
import type { End, Offer, ProtocolLimits } from "../../src/protocol/index.ts";
import { messages } from "../../src/wire/index.ts";
import { App } from "./app.ts";
import { Client } from "./client.ts";
import type { ClientOptions } from "./client.ts";
import { passwordRequest } from "./login-requests.ts";

/** One for all, as in a door: a buffer that two connections write to would show in what their clients read. */
const buffers = bufferPool();
const ed25519: HostKey = parsePrivateKey(generatePrivateKey("ed25519"));

export interface LoopbackOptions {
  readonly client?: ClientOptions;
  readonly limits?: Partial<ProtocolLimits>;
  readonly offer?: Offer;
  readonly hostKeys?: readonly HostKey[];
  readonly identification?: string;
  readonly authMethods?: readonly string[];
  readonly random?: (bytes: Uint8Array) => void;
}

/** A raw client and a server in one process: what one sends, the other gets when {@link exchange} is called. */
export class Loopback {
  readonly app: App = new App();
  readonly client: Client;
  readonly server: ServerProtocol;
  /** The server's clock, in milliseconds. */
  now = 0;

  constructor(options: LoopbackOptions = {}) {
    this.client = new Client(options.client);
    const hostKeys = options.hostKeys ?? [ed25519];
    this.server = new ServerProtocol(
      {
        offer: options.offer ?? offerOf(hostKeys),
        hostKeys,
        identification: options.identification ?? "SSH-2.0-Sallyport",
        authMethods: options.authMethods ?? ["publickey", "password", "keyboard-interactive"],
        limits: { ...defaultLimits, ...options.limits },
        random: options.random ?? randomFillSync,
        buffers,
      },
      this.app,
      this.now,
    );
    this.app.answer = (request, verdict) => this.server.answer(request, verdict, this.now);
  }

  get end(): End | undefined {
    return this.app.ends[0];
  }

  /** Carries bytes both ways until nobody has any more. */
  exchange(): this {
    for (;;) {
      const toServer = this.client.pull();
      if (toServer.length > 0) this.server.receive(toServer, this.now);
      const toClient = this.toClient();
      if (toServer.length + toClient.length === 0) return this;
      this.client.receive(toClient);
    }
  }

  /** Everything that the server has to say now. */
  toClient(): Uint8Array {
    const chunks: Uint8Array[] = [];
    for (let bytes = this.server.pull(); bytes; bytes = this.server.pull()) {
      chunks.push(Buffer.from(bytes));
      buffers.give(bytes.buffer);
    }
    return Buffer.concat(chunks);
  }

  /** Lets the server's clock run. */
  pass(milliseconds: number): this {
    this.now += milliseconds;
    this.server.tick(this.now);
    return this.exchange();
  }

  /** Up to SERVICE_ACCEPT. */
  handshake(): this {
    this.exchange();
    this.client.send(messages.serviceRequest.encode({ service: "ssh-userauth" }));
    this.exchange();
    this.client.expect(messages.serviceAccept);
    return this;
  }

  login(user = "alice"): this {
    this.handshake();
    this.client.send(passwordRequest(user, "right"));
    this.exchange();
    this.client.expect(messages.userauthSuccess);
    return this;
  }

  /** Opens a session on the client's number `sender` and gives the server's. */
  openSession(sender = 0, window = 0x7fffffff, maxPacket = 32768): number {
    const data = new Uint8Array(0);
    this.client.send(messages.channelOpen.encode({ type: "session", sender, window, maxPacket, data }));
    this.exchange();
    return this.client.expect(messages.channelOpenConfirmation).sender;
  }
}
