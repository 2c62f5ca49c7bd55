import { hash as digest } from "node:crypto";
import { messages, Msg, Writer } from "../../src/wire/index.ts";
import type { Message } from "../../src/wire/index.ts";
import { protection } from "./encryption.ts";
import type { Protection } from "./encryption.ts";
import { verifyHostKey } from "./host-key.ts";
import { clientKexes } from "./kex.ts";
import type { ClientKex } from "./kex.ts";
import { Packets, PacketStream } from "./packets.ts";
import type { Shape } from "./packets.ts";

export interface ClientOptions {
  readonly identification?: string;
  readonly kex?: readonly string[];
  readonly hostKey?: readonly string[];
  readonly cipherIn?: readonly string[];
  readonly cipherOut?: readonly string[];
  readonly macIn?: readonly string[];
  readonly macOut?: readonly string[];
  /** Offer strict key exchange; true by default. */
  readonly strict?: boolean;
  /** Offer to take EXT_INFO; true by default. */
  readonly extInfo?: boolean;
  /** Makes the client's half of a key exchange; by default a fresh pair of the named method. */
  readonly makeKex?: (name: string) => ClientKex;
  /** Answer the server's key exchange messages; false when a test sends each by hand. True by default. */
  readonly automatic?: boolean;
}

interface Exchange {
  ours?: Uint8Array;
  theirs?: Uint8Array;
  kex?: ClientKex;
  keys?: { in: Protection; out: Protection };
  /** One NEWKEYS of two has been sent or has come. */
  half?: boolean;
}

const KEX = [...clientKexes.keys()];
const HOST_KEYS = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512"];
const CIPHERS = ["aes128-gcm@openssh.com", "aes256-ctr"];
const MACS = ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-256"];

/**
 * An SSH-2 client without a socket, for tests: bytes in, bytes out, and every wrong thing that a client can do.
 *
 * Exchange hash, keys, packets and signatures are worked out here with node:crypto alone, so that they check the
 * server's. By default it answers key exchanges by itself; with `automatic: false` each message is sent by hand.
 */
export class Client {
  readonly options: ClientOptions;
  readonly out: Packets = new Packets();
  readonly in: PacketStream = new PacketStream();
  automatic: boolean;
  serverIdentification: string | undefined;
  sessionId: Uint8Array | undefined;
  /** Payloads from the server that no {@link expect} has taken yet, the key exchange's own left out when automatic. */
  unread: Uint8Array[] = [];
  /** Every message number that came, in order. */
  readonly numbers: number[] = [];
  strict = false;
  exchanges = 0;
  /** Sees every payload before anything is done with it; true: nothing is. */
  intercept: ((payload: Uint8Array) => boolean) | undefined;
  #exchange: Exchange = {};
  #output: Uint8Array[] = [];
  #held: Uint8Array[] | undefined;

  constructor(options: ClientOptions = {}) {
    this.options = options;
    this.automatic = options.automatic ?? true;
    if (this.automatic) this.sendIdentification();
  }

  get identification(): string {
    return this.options.identification ?? "SSH-2.0-RawClient_1.0 for tests";
  }

  get serverKexInit(): messages.KexInit {
    return messages.kexInit.decode(this.#exchange.theirs!);
  }

  /** No key exchange is under way, as far as this side knows. */
  get idle(): boolean {
    return this.#exchange.ours === undefined && this.#exchange.theirs === undefined;
  }

  /** What the server shall get, as one buffer. */
  pull(): Uint8Array {
    return Buffer.concat(this.#output.splice(0));
  }

  receive(bytes: Uint8Array): void {
    this.in.append(bytes);
    this.serverIdentification ??= this.in.line();
    if (this.serverIdentification === undefined) return;
    for (let payload = this.in.next(); payload; payload = this.in.next()) this.#received(payload);
  }

  raw(bytes: Uint8Array | string): void {
    this.#output.push(Buffer.from(bytes));
  }

  /** Sends a payload at once, whatever state the connection is in. */
  send(payload: Uint8Array, shape?: Shape): void {
    this.#output.push(this.out.seal(payload, shape));
  }

  /** Sends a payload behind the key exchange that is under way, as RFC 4253 §7.1 wants it. */
  post(payload: Uint8Array): void {
    if (this.#held) this.#held.push(payload);
    else this.send(payload);
  }

  sendIdentification(): void {
    this.raw(`${this.identification}\r\n`);
  }

  /** A KEXINIT as {@link sendKexInit} sends it. */
  kexInit(fields: Partial<messages.KexInit> = {}): Uint8Array {
    const { options } = this;
    const first = this.sessionId === undefined;
    const marks = [
      ...(first && (options.strict ?? true) ? ["kex-strict-c-v00@openssh.com"] : []),
      ...(first && (options.extInfo ?? true) ? ["ext-info-c"] : []),
    ];
    return messages.kexInit.encode({
      cookie: Buffer.alloc(16, 7),
      kex: [...(options.kex ?? KEX), ...marks],
      hostKey: options.hostKey ?? HOST_KEYS,
      cipherIn: options.cipherIn ?? CIPHERS,
      cipherOut: options.cipherOut ?? CIPHERS,
      macIn: options.macIn ?? MACS,
      macOut: options.macOut ?? MACS,
      compressionIn: ["none"],
      compressionOut: ["none"],
      languageIn: [],
      languageOut: [],
      firstKexPacketFollows: false,
      reserved: 0,
      ...fields,
    });
  }

  /** Begins a key exchange; `fields` replaces those of the options. */
  sendKexInit(fields: Partial<messages.KexInit> = {}): void {
    this.#exchange.ours = this.kexInit(fields);
    this.#held ??= [];
    this.send(this.#exchange.ours);
  }

  /** Sends a public value of the method that `name` says, or of the one agreed on. */
  sendKexEcdhInit(name: string = this.agreed("kex")): void {
    this.#exchange.kex = this.options.makeKex?.(name) ?? clientKexes.get(name)!();
    this.send(messages.kexEcdhInit.encode({ clientPublic: this.#exchange.kex.publicValue }));
  }

  sendNewKeys(): void {
    this.send(messages.newKeys.encode({}));
    this.out.use(this.#exchange.keys!.out, this.strict);
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const payload of held) this.send(payload);
    this.#halfDone();
  }

  /** Takes the first message of this kind that has come; fails when there is none. */
  expect<V>(message: Message<V>): V {
    const at = this.unread.findIndex((payload) => payload[0] === message.number);
    if (at === -1) {
      throw new Error(`no ${message.label} came; unread: ${this.unread.map((payload) => payload[0]).join(" ")}`);
    }
    return message.decode(this.unread.splice(at, 1)[0]!);
  }

  /** The first name in the client's list that is in the server's too (RFC 4253 §7.1). */
  agreed(list: "kex" | "hostKey" | "cipherIn" | "cipherOut" | "macIn" | "macOut"): string {
    const ours = messages.kexInit.decode(this.#exchange.ours!)[list];
    const theirs = messages.kexInit.decode(this.#exchange.theirs!)[list];
    return ours.find((name) => theirs.includes(name)) ?? "";
  }

  #received(payload: Uint8Array): void {
    this.numbers.push(payload[0]!);
    if (this.intercept?.(payload)) return;
    switch (payload[0]) {
      case Msg.KEXINIT:
        return this.#kexInit(payload);
      case Msg.KEX_ECDH_REPLY:
        this.#reply(messages.kexEcdhReply.decode(payload));
        if (this.automatic) this.sendNewKeys();
        return;
      case Msg.NEWKEYS:
        this.in.use(this.#exchange.keys!.in, this.strict);
        return this.#halfDone();
      default:
        this.unread.push(payload);
    }
  }

  #halfDone(): void {
    if (!this.#exchange.half) {
      this.#exchange.half = true;
      return;
    }
    this.#exchange = {};
    this.exchanges++;
  }

  #kexInit(payload: Uint8Array): void {
    this.#exchange.theirs = payload;
    if (!this.automatic) return;
    if (!this.#exchange.ours) this.sendKexInit();
    if (!this.#exchange.kex) this.sendKexEcdhInit();
  }

  #reply({ hostKey, serverPublic, signature }: messages.KexEcdhReply): void {
    const { ours, theirs, kex } = this.#exchange;
    const secret = kex!.secret(serverPublic);
    const transcript = new Writer()
      .utf8(this.identification)
      .utf8(this.serverIdentification!)
      .string(ours!)
      .string(theirs!)
      .string(hostKey)
      .string(kex!.publicValue)
      .string(serverPublic)
      .bytes(secret)
      .finish();
    const exchangeHash = digest(kex!.hash, transcript, "buffer");
    if (!verifyHostKey(hostKey, this.agreed("hostKey"), signature, exchangeHash)) {
      throw new Error("the server's signature over the exchange hash does not verify");
    }
    if (this.sessionId === undefined) {
      const offered = messages.kexInit.decode(ours!).kex.includes("kex-strict-c-v00@openssh.com");
      this.strict = offered && messages.kexInit.decode(theirs!).kex.includes("kex-strict-s-v00@openssh.com");
      this.sessionId = exchangeHash;
    }
    const sessionId = this.sessionId;
    // RFC 4253 §7.2
    const derive = (letter: string, length: number): Uint8Array => {
      let key = digest(kex!.hash, Buffer.concat([secret, exchangeHash, Buffer.from(letter), sessionId]), "buffer");
      while (key.length < length) {
        key = Buffer.concat([key, digest(kex!.hash, Buffer.concat([secret, exchangeHash, key]), "buffer")]);
      }
      return key.subarray(0, length);
    };
    const direction = (
      cipher: string,
      mac: string,
      letters: { iv: string; key: string; mac: string },
      decrypt: boolean,
    ) => protection({ cipher, mac, derive: (what, length) => derive(letters[what], length) }, decrypt);
    this.#exchange.keys = {
      out: direction(this.agreed("cipherIn"), this.agreed("macIn"), { iv: "A", key: "C", mac: "E" }, false),
      in: direction(this.agreed("cipherOut"), this.agreed("macOut"), { iv: "B", key: "D", mac: "F" }, true),
    };
  }
}
