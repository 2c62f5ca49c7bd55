import { ProtocolError } from "./error.ts";
import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

/** How one field of a message is read and written. */
export interface Field<T> {
  read(from: Reader): T;
  write(to: Writer, value: T): void;
}

/** The fields of a structure, in the order in which they go over the wire. */
export type Layout = Readonly<Record<string, Field<unknown>>>;

/** The values that a {@link Layout} describes. */
export type Values<L extends Layout> = { [K in keyof L]: L[K] extends Field<infer T> ? T : never };

/** A structure without a message number: the type-specific part of a request or an open. */
export interface Struct<V> {
  /** The fields by name, for whoever walks all messages. */
  readonly layout: Layout;
  encode(values: V): Uint8Array;
  /** Throws {@link ProtocolError} when a field is cut short or bytes follow the last one. */
  decode(bytes: Uint8Array): V;
}

/** A message: a {@link Struct} behind its number; `decode` refuses another number too. */
export interface Message<V> extends Struct<V> {
  readonly number: number;
  readonly label: string;
}

export const byte: Field<number> = { read: (from) => from.byte(), write: (to, value) => to.byte(value) };
export const boolean: Field<boolean> = { read: (from) => from.boolean(), write: (to, value) => to.boolean(value) };
export const uint32: Field<number> = { read: (from) => from.uint32(), write: (to, value) => to.uint32(value) };
export const string: Field<Uint8Array> = { read: (from) => from.string(), write: (to, value) => to.string(value) };
export const utf8: Field<string> = { read: (from) => from.utf8(), write: (to, value) => to.utf8(value) };
export const text: Field<string> = { read: (from) => from.text(), write: (to, value) => to.utf8(value) };
export const name: Field<string> = { read: (from) => from.name(), write: (to, value) => to.utf8(value) };
export const anyName: Field<string> = { read: (from) => from.anyName(), write: (to, value) => to.utf8(value) };
export const nameList: Field<readonly string[]> = {
  read: (from) => from.nameList(),
  write: (to, value) => to.nameList(value),
};
/** The rest of the payload, whatever it is. */
export const rest: Field<Uint8Array> = { read: (from) => from.rest(), write: (to, value) => to.bytes(value) };
/** `length` raw bytes. */
export const raw = (length: number): Field<Uint8Array> => ({
  read: (from) => from.bytes(length),
  write: (to, value) => to.bytes(value),
});

/** Makes the codec of a structure from its layout. */
export function struct<L extends Layout>(layout: L): Struct<Values<L>> {
  return codec(undefined, "structure", layout);
}

/** Makes the codec of a message from its number, its name in the RFC and its layout. */
export function message<L extends Layout>(number: number, label: string, layout: L): Message<Values<L>> {
  return { number, label, ...codec(number, label, layout) };
}

function codec<L extends Layout>(number: number | undefined, label: string, layout: L): Struct<Values<L>> {
  const fields = Object.entries(layout);
  return {
    layout,
    encode(values) {
      const to = new Writer();
      if (number !== undefined) to.byte(number);
      for (const [key, field] of fields) field.write(to, values[key]);
      return to.finish();
    },
    decode(bytes) {
      const from = new Reader(bytes);
      const values: Record<string, unknown> = {};
      try {
        if (number !== undefined && from.byte() !== number)
          throw new ProtocolError(`the message is not number ${number}`);
        for (const [key, field] of fields) values[key] = field.read(from);
        from.end();
      } catch (error) {
        if (error instanceof ProtocolError) throw new ProtocolError(`${label}: ${error.message}`, error.reason);
        throw error;
      }
      return values as Values<L>;
    },
  };
}
