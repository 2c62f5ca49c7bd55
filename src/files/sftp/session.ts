import { ProtocolError, Reader, Writer } from "../../wire/index.ts";
import type { BytePort, ByteReceiver } from "../../server/index.ts";
import { FileError } from "../error.ts";
import type { FileSystem } from "../file-system.ts";
import type { Buffers } from "./wire/buffers.ts";
import { extensions } from "./extensions.ts";
import { hasAll } from "../optional.ts";
import { Handles } from "./handles.ts";
import { MAX_REQUESTS, Packet, Status, VERSION } from "./wire/numbers.ts";
import type { Operation, Prepared, Service } from "./operation.ts";
import { FramingError, PacketReader } from "./wire/packet-reader.ts";
import * as reply from "./wire/replies.ts";
import { requests } from "./requests.ts";
import { Turns } from "./turns.ts";

/** Bytes that may wait for the client before no further request of its is begun. */
const MAX_UNSENT = 1024 * 1024;
/** The longest name of an extension. */
const MAX_EXTENSION = 64;
/** They take only a server that calls itself OpenSSH for one that has the paths of SYMLINK in OpenSSH's order. */
const LINK_COMES_FIRST = /^SSH-2\.0-(?:AsyncSSH_|libssh_)/;

/** What a session of SFTP serves, and whom. */
export interface SftpOptions {
  readonly fileSystem: FileSystem;
  readonly buffers: Buffers;
  readonly home: string;
  readonly username: string;
  /** How the client names itself; some are served in their own way. */
  readonly clientVersion: string | undefined;
  /** Something has failed that is no {@link FileError}: a fault of the file system's. `operation` is what it was to do. */
  readonly failed: (operation: string, error: unknown) => void;
}

/** What answers a request, as soon as it is known. */
interface Answered {
  answer: Uint8Array | undefined;
}

/** A request that can be served, and the packet that it came in. */
interface Pending extends Answered {
  readonly id: number;
  readonly operation: Operation;
  readonly prepared: Prepared;
  readonly packet: Uint8Array;
}

/** One session of SFTP version 3: requests in, replies out, on the bytes of a channel. */
export class SftpSession implements ByteReceiver, Service {
  readonly fileSystem: FileSystem;
  readonly handles: Handles = new Handles();
  readonly buffers: Buffers;
  readonly home: string;
  readonly username: string;
  readonly linkComesFirst: boolean;
  readonly #port: BytePort;
  readonly #failed: SftpOptions["failed"];
  readonly #reader: PacketReader;
  readonly #turns: Turns = new Turns();
  readonly #finished: PromiseWithResolvers<number> = Promise.withResolvers();
  /** The next request, while it has to wait for others. */
  #next: Pending | undefined;
  #hasBegun = false;
  #isPumping = false;
  /**
   * What has begun and is not answered, in the order of the requests, which is that of the answers too. draft-02 §3 would allow any, but
   * PuTTY 0.78 waits for ever when "end of file" for one read overtakes that for the read before it.
   */
  readonly #begun: Answered[] = [];
  /** Bytes of answers that wait for those before them. */
  #held = 0;
  /** Bytes that wait for the client, and the replies whose memory they are. */
  #unsent = 0;
  #leaving: Uint8Array[] = [];
  #hasEnded = false;
  /** The exit status, once the session is over. */
  #status: number | undefined;

  constructor(port: BytePort, options: SftpOptions) {
    const { fileSystem, buffers, home, username, clientVersion, failed } = options;
    this.#port = port;
    this.fileSystem = fileSystem;
    this.buffers = buffers;
    this.home = home;
    this.username = username;
    this.linkComesFirst = LINK_COMES_FIRST.test(clientVersion ?? "");
    this.#failed = failed;
    this.#reader = new PacketReader(buffers);
  }

  /** Resolves with the exit status when the session is over and all that it had open is closed. */
  get finished(): Promise<number> {
    return this.#finished.promise;
  }

  get isOver(): boolean {
    return this.#status !== undefined;
  }

  data(bytes: Uint8Array): void {
    if (this.isOver) return this.#port.consumed(bytes.length);
    this.#reader.push(bytes);
    this.#pump();
  }

  end(): void {
    this.#hasEnded = true;
    this.#pump();
  }

  drained(): void {
    this.#unsent = 0;
    for (const packet of this.#leaving.splice(0)) this.buffers.give(packet);
    this.#pump();
  }

  closed(): void {
    this.#stop(1);
  }

  /** Begins what may begin: as long as there is something, and room for what comes of it. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.#step());
    } catch (error) {
      // Nothing that follows can be understood. Other sessions of the connection go on.
      if (!(error instanceof FramingError)) this.#failed("SFTP", error);
      this.#stop(1);
    }
    this.#isPumping = false;
    this.#giveRoom();
    if (this.isOver) this.#cleanUp();
  }

  #step(): boolean {
    if (this.isOver || !this.#turns.areOpen || this.#unsent + this.#held > MAX_UNSENT) return false;
    if (this.#begun.length >= MAX_REQUESTS) return false;
    if (this.#next === undefined) {
      const packet = this.#reader.next();
      if (packet === undefined) {
        if (this.#hasEnded && this.#turns.areIdle) this.#stop(this.#reader.isInside ? 1 : 0);
        return false;
      }
      this.#next = this.#read(packet);
      return true;
    }
    if (!this.#turns.mayBegin(this.#next.prepared)) return false;
    const next = this.#next;
    this.#next = undefined;
    this.#begin(next);
    return true;
  }

  /** Reads a request; what cannot be served is answered here. */
  #read(packet: Uint8Array): Pending | undefined {
    if (!this.#hasBegun) {
      this.#greet(packet);
      return undefined;
    }
    if (packet.length < 5) throw new FramingError("an SFTP packet without an id");
    const from = new Reader(packet, 1);
    const id = from.uint32();
    try {
      const operation = this.#operationOf(packet[0]!, from);
      return { id, operation, prepared: operation.prepare(from, this, id), packet, answer: undefined };
    } catch (error) {
      const isMalformed = error instanceof ProtocolError;
      const answer = isMalformed
        ? reply.status(id, Status.BAD_MESSAGE, "Bad message")
        : this.#failure(id, "SFTP", error);
      const refused: Answered = { answer: undefined };
      this.#begun.push(refused);
      this.#answer(refused, answer);
      this.buffers.give(packet);
      return undefined;
    }
  }

  #operationOf(type: number, from: Reader): Operation {
    const operation = type === Packet.EXTENDED ? this.#extension(from) : requests.get(type);
    if (operation === undefined) throw new FileError("UNSUPPORTED", "There is no such operation");
    return operation;
  }

  #extension(from: Reader): Operation | undefined {
    const name = from.string();
    if (name.length > MAX_EXTENSION) return undefined;
    const extension = extensions.get(Buffer.from(name).toString("latin1"));
    return extension !== undefined && hasAll(this.fileSystem, extension.needs) ? extension.operation : undefined;
  }

  /** draft-02 §4: INIT comes first and once, and VERSION answers it. Whatever version the client has, this one is the offer. */
  #greet(packet: Uint8Array): void {
    if (packet[0] !== Packet.INIT || packet.length < 5) throw new FramingError("SFTP begins with INIT");
    this.#hasBegun = true;
    const to = new Writer();
    to.byte(Packet.VERSION).uint32(VERSION);
    for (const [name, { version, needs }] of extensions) {
      if (hasAll(this.fileSystem, needs)) to.utf8(name).utf8(version);
    }
    this.#send(new Writer().string(to.finish()).finish());
  }

  #begin(pending: Pending): void {
    const { id, operation, prepared } = pending;
    this.#turns.begin(prepared);
    this.#begun.push(pending);
    let answer: ReturnType<Prepared["serve"]>;
    try {
      answer = prepared.serve();
    } catch (error) {
      answer = this.#failure(id, operation.label, error);
    }
    if (answer instanceof Promise) {
      answer.then(
        (packet) => this.#done(pending, packet),
        (error: unknown) => this.#done(pending, this.#failure(id, operation.label, error)),
      );
    } else this.#done(pending, answer);
  }

  #done(pending: Pending, answer: Uint8Array): void {
    this.#turns.end(pending.prepared);
    this.buffers.give(pending.packet);
    this.#answer(pending, answer);
    this.#pump();
  }

  /** Sends an answer behind those of the requests before. */
  #answer(request: Answered, answer: Uint8Array): void {
    request.answer = answer;
    this.#held += answer.length;
    while (this.#begun[0]?.answer !== undefined) {
      const first = this.#begun.shift()!.answer!;
      this.#held -= first.length;
      if (!this.isOver) this.#send(first);
    }
  }

  #send(packet: Uint8Array): void {
    if (this.#port.write(packet)) {
      this.buffers.give(packet);
      return;
    }
    this.#unsent += packet.length;
    this.#leaving.push(packet);
  }

  #failure(id: number, operation: string, error: unknown): Uint8Array {
    if (!(error instanceof FileError)) this.#failed(operation, error);
    return reply.failure(id, error);
  }

  /** What has been read has its place in the client's window again. */
  #giveRoom(): void {
    const read = this.#reader.takeRead();
    if (read > 0) this.#port.consumed(read);
  }

  #stop(status: number): void {
    if (this.isOver) return;
    this.#status = status;
    this.#next = undefined;
    this.#reader.clear();
    this.#leaving = [];
    this.#cleanUp();
  }

  /** Closes what is open, when nothing works on it any more. */
  #cleanUp(): void {
    if (!this.#turns.areIdle || this.#isPumping) return;
    const status = this.#status ?? 0;
    void this.handles.closeAll((error) => this.#failed("CLOSE", error)).then(() => this.#finished.resolve(status));
  }
}
