import * as fc from "fast-check";
import type { Arbitrary } from "fast-check";
import * as layout from "../../../src/wire/layout.ts";
import type { Field, Layout } from "../../../src/wire/layout.ts";
import * as messages from "../../../src/wire/messages.ts";
import type { Message, Struct } from "../../../src/wire/index.ts";

const uint32 = fc.oneof(fc.nat(0xffffffff), fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff));
const bytes = (length: { minLength?: number; maxLength?: number }): Arbitrary<Uint8Array> =>
  fc.uint8Array(length).map((array) => Buffer.from(array));
const wholeText = fc.string({ unit: "grapheme", maxLength: 40 }).filter((value) => value.isWellFormed());
const nameCharacter = fc.integer({ min: 0x21, max: 0x7e }).filter((code) => code !== 0x2c);
const name = fc.array(nameCharacter, { minLength: 1, maxLength: 64 }).map((codes) => String.fromCharCode(...codes));

/** What a field can hold, by the field itself: a new kind of field without a row here fails the tests that walk. */
const values: ReadonlyMap<Field<unknown>, Arbitrary<unknown>> = new Map<Field<unknown>, Arbitrary<unknown>>([
  [layout.byte, fc.nat(255)],
  [layout.boolean, fc.boolean()],
  [layout.uint32, uint32],
  [layout.string, bytes({ maxLength: 64 })],
  [layout.utf8, wholeText],
  [layout.text, wholeText],
  [layout.name, fc.oneof(name, fc.constant(""))],
  [layout.anyName, fc.oneof(name, fc.constant(""))],
  [layout.nameList, fc.array(name, { maxLength: 8 })],
  [layout.rest, bytes({ maxLength: 64 })],
  [messages.kexInit.layout["cookie"]!, bytes({ minLength: 16, maxLength: 16 })],
]);

function valuesOf(fields: Layout): Arbitrary<Record<string, unknown>> {
  const record: Record<string, Arbitrary<unknown>> = {};
  for (const [key, field] of Object.entries(fields)) {
    const arbitrary = values.get(field);
    if (!arbitrary) throw new Error(`no values are known for the field ${key}`);
    record[key] = arbitrary;
  }
  return fc.record(record, { noNullPrototype: true });
}

/** Every message and structure that the module has, with what its fields can hold. */
export const everyStruct: readonly {
  readonly name: string;
  readonly codec: Struct<unknown> | Message<unknown>;
  readonly values: Arbitrary<Record<string, unknown>>;
}[] = Object.entries(messages).map(([name, codec]) => ({
  name,
  codec: codec as Struct<unknown> | Message<unknown>,
  values: valuesOf(codec.layout),
}));
