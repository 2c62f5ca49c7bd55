import assert from "node:assert/strict";
import { decodePath } from "../../src/files/index.ts";
import type { ChangedAttributes } from "../../src/files/index.ts";
import { AttributeBit, Packet, Status } from "../../src/files/sftp/wire/numbers.ts";
import { Reader } from "../../src/wire/index.ts";
import { attrs, init, packet, string, u32, u64 } from "./fields.ts";

/** One entry of a NAME reply. */
export interface Name {
  readonly name: Buffer;
  readonly longname: Buffer;
  readonly attributes: Attributes;
}

/** ATTRS as they came. */
export interface Attributes {
  readonly size?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** The type and the permissions. */
  readonly mode?: number;
  readonly atime?: number;
  readonly mtime?: number;
}

/** A reply of the server's. */
export class Reply {
  readonly type: number;
  readonly id: number;
  readonly #body: Uint8Array;

  constructor(payload: Uint8Array) {
    const from = new Reader(payload);
    this.type = from.byte();
    this.id = from.uint32();
    this.#body = from.rest();
  }

  /** What a reader finds behind the id. */
  get body(): Reader {
    return new Reader(this.#body);
  }

  /** The code of a STATUS; undefined for what is none. */
  get status(): number | undefined {
    return this.type === Packet.STATUS ? this.body.uint32() : undefined;
  }

  /** What a STATUS says to people. */
  get message(): string {
    const from = this.body;
    from.uint32();
    return from.text();
  }

  get handle(): Uint8Array {
    return this.#expect(Packet.HANDLE).string();
  }

  get data(): Buffer {
    return Buffer.from(this.#expect(Packet.DATA).string());
  }

  get attributes(): Attributes {
    return readAttributes(this.#expect(Packet.ATTRS));
  }

  get names(): readonly Name[] {
    const from = this.#expect(Packet.NAME);
    return Array.from({ length: from.uint32() }, () => ({
      name: Buffer.from(from.string()),
      longname: Buffer.from(from.string()),
      attributes: readAttributes(from),
    }));
  }

  /** The one path of a REALPATH or a READLINK. */
  get path(): string {
    const [only, ...more] = this.names;
    assert.ok(only !== undefined && more.length === 0);
    return decodePath(only.name);
  }

  /** What a reader finds in an EXTENDED_REPLY. */
  get extended(): Reader {
    return this.#expect(Packet.EXTENDED_REPLY);
  }

  #expect(type: number): Reader {
    const told = this.type === Packet.STATUS ? ` with status ${this.status}: ${this.message}` : "";
    assert.equal(this.type, type, `a reply of type ${this.type}${told}`);
    return this.body;
  }
}

/** A hand-driven SFTP client: it says what the test says, and finds the reply to each request by its id. */
export class SftpClient {
  /** What VERSION has said: the version, and the extensions with theirs. */
  version: number | undefined;
  extensions: ReadonlyMap<string, string> = new Map();
  /** The ids of the replies in the order in which they came. */
  readonly answered: number[] = [];
  readonly #send: (bytes: Uint8Array) => void;
  readonly #waiting: Map<number, (reply: Reply) => void> = new Map();
  readonly #greeted: PromiseWithResolvers<void> = Promise.withResolvers();
  #rest = Buffer.alloc(0);
  #id = 0;

  constructor(send: (bytes: Uint8Array) => void) {
    this.#send = send;
  }

  /** INIT and VERSION. */
  async begin(): Promise<this> {
    this.#send(init());
    await this.#greeted.promise;
    return this;
  }

  /** What the server sends goes here. */
  receive(bytes: Uint8Array): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= 4 && this.#rest.length >= 4 + this.#rest.readUInt32BE()) {
      const end = 4 + this.#rest.readUInt32BE();
      const payload = Buffer.from(this.#rest.subarray(4, end));
      this.#rest = this.#rest.subarray(end);
      this.#take(payload);
    }
  }

  /** A request with the next id, as bytes, and its reply once it comes. */
  request(type: number, ...fields: readonly Uint8Array[]): { bytes: Uint8Array; reply: Promise<Reply>; id: number } {
    const id = ++this.#id;
    const { promise: reply, resolve } = Promise.withResolvers<Reply>();
    this.#waiting.set(id, resolve);
    return { bytes: packet(type, u32(id), ...fields), reply, id };
  }

  /** Sends a request, and waits for its reply. */
  call(type: number, ...fields: readonly Uint8Array[]): Promise<Reply> {
    const { bytes, reply } = this.request(type, ...fields);
    this.#send(bytes);
    return reply;
  }

  /** As {@link call}; gives the status alone. */
  async status(type: number, ...fields: readonly Uint8Array[]): Promise<number | undefined> {
    return (await this.call(type, ...fields)).status;
  }

  extended(name: string, ...fields: readonly Uint8Array[]): Promise<Reply> {
    return this.call(Packet.EXTENDED, string(name), ...fields);
  }

  open(path: string | Uint8Array, bits: number, wanted: ChangedAttributes = {}): Promise<Reply> {
    return this.call(Packet.OPEN, string(path), u32(bits), attrs(wanted));
  }

  close(handle: Uint8Array): Promise<Reply> {
    return this.call(Packet.CLOSE, string(handle));
  }

  read(handle: Uint8Array, position: number | bigint, length: number): Promise<Reply> {
    return this.call(Packet.READ, string(handle), u64(position), u32(length));
  }

  write(handle: Uint8Array, position: number | bigint, data: string | Uint8Array): Promise<Reply> {
    return this.call(Packet.WRITE, string(handle), u64(position), string(data));
  }

  /** All entries of a directory. */
  async list(path: string | Uint8Array): Promise<Name[]> {
    const { handle } = await this.call(Packet.OPENDIR, string(path));
    const all: Name[] = [];
    for (;;) {
      const reply = await this.call(Packet.READDIR, string(handle));
      if (reply.status === Status.EOF) break;
      all.push(...reply.names);
    }
    assert.equal((await this.close(handle)).status, Status.OK);
    return all;
  }

  /** The whole content of a file. */
  async content(path: string | Uint8Array): Promise<Buffer> {
    const { handle } = await this.open(path, 1);
    const parts: Buffer[] = [];
    for (let position = 0; ;) {
      const reply = await this.read(handle, position, 100_000);
      if (reply.status === Status.EOF) break;
      parts.push(reply.data);
      position += reply.data.length;
    }
    await this.close(handle);
    return Buffer.concat(parts);
  }

  #take(payload: Buffer): void {
    if (payload[0] === Packet.VERSION) {
      const from = new Reader(payload, 1);
      this.version = from.uint32();
      const extensions = new Map<string, string>();
      while (from.left > 0) extensions.set(from.utf8(), from.utf8());
      this.extensions = extensions;
      this.#greeted.resolve();
      return;
    }
    const reply = new Reply(payload);
    this.answered.push(reply.id);
    const waiting = this.#waiting.get(reply.id);
    assert.ok(waiting, `a reply to request ${reply.id}, which nobody waits for`);
    this.#waiting.delete(reply.id);
    waiting(reply);
  }
}

function readAttributes(from: Reader): Attributes {
  const flags = from.uint32();
  const found: { -readonly [Name in keyof Attributes]: Attributes[Name] } = {};
  if (flags & AttributeBit.SIZE) found.size = Number(from.uint64());
  if (flags & AttributeBit.UIDGID) [found.uid, found.gid] = [from.uint32(), from.uint32()];
  if (flags & AttributeBit.PERMISSIONS) found.mode = from.uint32();
  if (flags & AttributeBit.ACMODTIME) [found.atime, found.mtime] = [from.uint32(), from.uint32()];
  return found;
}
