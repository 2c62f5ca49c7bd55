import { ProtocolError } from "../../wire/index.ts";
import type { Reader } from "../../wire/index.ts";
import type { Awaitable } from "../../server/index.ts";
import { FileError } from "../error.ts";
import type { ChangedAttributes, FileSystem } from "../file-system.ts";
import { decodePath, MAX_PATH, normalizePath } from "../path.ts";
import { readAttributes, readPosition } from "./wire/attributes.ts";
import type { Buffers } from "./wire/buffers.ts";
import type { Handles, OpenFile } from "./handles.ts";

/** What the operations of one session work on. */
export interface Service {
  readonly fileSystem: FileSystem;
  readonly handles: Handles;
  readonly buffers: Buffers;
  /** Where relative paths begin. */
  readonly home: string;
  readonly username: string;
  /** The client sends the two paths of SYMLINK in the order of draft-02. */
  readonly linkComesFirst: boolean;
  /** Whether the client is gone: what takes long stops. */
  readonly isOver: boolean;
}

/**
 * What has to be over before an operation begins. Requests begin in the order in which they came, so whoever waits
 * holds back those behind it.
 */
export type Order =
  /** Everything; and nothing else begins before it is over. */
  | "alone"
  /** All writing, so that what is told of a file is right. */
  | "together"
  /** Writing to its file. */
  | "read"
  /** Reading from and writing to its file: the bytes of an upload are written from the front to the back, so that what there is of a broken one is its beginning. */
  | "write";

/** How a field of a request is read (draft-02 §6). */
type Field<Value> = (from: Reader, service: Service) => Value;
type Fields<Values> = { readonly [Name in keyof Values]: Field<Values[Name]> };

/** A request whose fields have been read. */
export interface Prepared {
  readonly order: Order;
  /** Of a read and a write. */
  readonly file: OpenFile | undefined;
  /** The bytes that it reads or writes, at most. */
  readonly load: number;
  /** Gives the reply. */
  serve(): Awaitable<Uint8Array>;
}

/** All that is known of one type of request. */
export interface Operation {
  /** Its name in the specification. */
  readonly label: string;
  /** The names of its fields, in their order. */
  readonly fields: readonly string[];
  /** Reads the fields. @throws ProtocolError or FileError. */
  prepare(from: Reader, service: Service, id: number): Prepared;
}

/** Makes an operation from its fields, in the order in which they come, and from what answers it. */
export function operation<Values extends object>(
  label: string,
  order: Order,
  fields: Fields<Values>,
  serve: (service: Service, values: Values, id: number) => Awaitable<Uint8Array>,
): Operation {
  const readers = Object.entries(fields) as [keyof Values & string, Field<unknown>][];
  return {
    label,
    fields: Object.keys(fields),
    prepare(from, service, id) {
      const values: Record<string, unknown> = {};
      for (const [name, read] of readers) values[name] = read(from, service);
      const { file, length, data } = values as { file?: OpenFile; length?: number; data?: Uint8Array };
      const load = data?.length ?? (order === "read" ? (length ?? 0) : 0);
      return { order, file, load, serve: () => serve(service, values as Values, id) };
    },
  };
}

/** What is made of a result, at once where the result is there: a promise for each packet costs more than the packet. */
export function after<Result>(
  result: Awaitable<Result>,
  make: (result: Result) => Awaitable<Uint8Array>,
): Awaitable<Uint8Array> {
  return result instanceof Promise ? result.then(make) : make(result);
}

/** A path as a file system takes it: normalised, from the root. */
export function path(from: Reader, { home }: Service): string {
  return normalizePath(pathText(from), home);
}

/** A path as the client wrote it. */
export function pathText(from: Reader): string {
  const bytes = from.string();
  if (bytes.length > MAX_PATH) throw new FileError("INVALID", "The path is too long");
  if (bytes.includes(0)) throw new FileError("INVALID", "The path has a NUL in it");
  return decodePath(bytes);
}

export const attributes: Field<ChangedAttributes> = readAttributes;
export const position: Field<number> = readPosition;
/** A uint64 that may be any: above 2^53 - 1 it is not exact, and that is beyond the end of every file. */
export const anyPosition: Field<number> = (from) => from.uint32() * 2 ** 32 + from.uint32();
export const uint32: Field<number> = (from) => from.uint32();
export const bytes: Field<Uint8Array> = (from) => from.string();
export const file: Field<OpenFile> = (from, { handles }) => handles.file(from.string());

/** The ids in a string of uint32s. */
export const ids: Field<readonly number[]> = (from) => {
  const packed = from.string();
  if (packed.length % 4 !== 0) throw new ProtocolError("a list of ids is not whole");
  return Array.from({ length: packed.length / 4 }, (_, at) =>
    new DataView(packed.buffer, packed.byteOffset).getUint32(4 * at),
  );
};
