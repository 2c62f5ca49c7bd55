import { setImmediate } from "node:timers/promises";
import { serveFiles } from "../../../src/files/index.ts";
import type { FileSystem } from "../../../src/files/index.ts";
import { Msg } from "../../../src/wire/index.ts";
import { SftpClient } from "../../sftp/index.ts";
import type { Bar } from "./bar.ts";
import { channelData, channelEof, subsystem } from "./payloads.ts";
import type { Peer } from "./peer.ts";

/** The largest piece of data in one message. */
const MAX_PIECE = 32_768;

/** SFTP over a channel of a raw peer. */
export class SftpPeer {
  readonly peer: Peer;
  readonly client: SftpClient;
  readonly #channel: number;
  readonly #sender: number;

  constructor(peer: Peer, channel: number, sender: number) {
    this.peer = peer;
    this.#channel = channel;
    this.#sender = sender;
    this.client = new SftpClient((bytes) => void this.raw(bytes));
  }

  /** Serves a file system, logs in, opens SFTP, and greets unless told otherwise. */
  static async open(bar: Bar, fileSystem: FileSystem, { greet = true } = {}): Promise<SftpPeer> {
    if (!serving.has(bar)) serveFiles(bar.server, { fileSystem: () => fileSystem });
    serving.add(bar);
    const sftp = await SftpPeer.on(await bar.peer("logged in"));
    if (greet) await sftp.wait(sftp.client.begin());
    return sftp;
  }

  /** Opens SFTP on a connection that is there. @param sender the peer's number for the channel. */
  static async on(peer: Peer, sender = 0): Promise<SftpPeer> {
    const channel = await peer.openSession({ sender });
    await peer.granted(subsystem(channel, "sftp"));
    return new SftpPeer(peer, channel, sender);
  }

  /** Sends these bytes over the channel. */
  raw(bytes: Uint8Array): this {
    for (let at = 0; at < bytes.length; at += MAX_PIECE) {
      this.peer.send(channelData(this.#channel, bytes.subarray(at, at + MAX_PIECE)));
    }
    return this;
  }

  eof(): this {
    this.peer.send(channelEof(this.#channel));
    return this;
  }

  /** Reads what the server sends until the promise is settled. */
  async wait<Value>(promise: Promise<Value>): Promise<Value> {
    const state = { isSettled: false };
    void promise.then(
      () => (state.isSettled = true),
      () => (state.isSettled = true),
    );
    for (;;) {
      await setImmediate();
      if (state.isSettled) return promise;
      await this.peer.until("a reply of SFTP", () => {
        const output = this.peer.output(this.#sender);
        this.client.receive(output);
        if (output.length === 0 && this.#hasEnded) throw new Error("The channel has ended.");
        return output.length > 0;
      });
    }
  }

  /** Waits for the end of the channel. */
  async ended(): Promise<void> {
    await this.peer.until("the end of the channel", () => this.#hasEnded);
  }

  get #hasEnded(): boolean {
    return this.peer.came(Msg.CHANNEL_CLOSE) > 0;
  }
}

/** What serves SFTP already. */
const serving: WeakSet<Bar> = new WeakSet();
