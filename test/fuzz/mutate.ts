import type { Random } from "./random.ts";

type Mutation = (bytes: Buffer, random: Random) => Uint8Array;

const mutations: readonly Mutation[] = [
  function flipBit(bytes, random) {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[random.below(changed.length)]! ^= 1 << random.below(8);
    return changed;
  },
  function setByte(bytes, random) {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[random.below(changed.length)] = random.pick([0, 1, 0x2c, 0x7f, 0x80, 0xff]);
    return changed;
  },
  function setLength(bytes, random) {
    const changed = Buffer.from(bytes);
    if (changed.length >= 4) changed.writeUInt32BE(random.uint32(), random.below(changed.length - 3));
    return changed;
  },
  function cut(bytes, random) {
    return bytes.subarray(0, random.below(bytes.length + 1));
  },
  function behead(bytes, random) {
    return bytes.subarray(random.below(bytes.length + 1));
  },
  function insert(bytes, random) {
    const at = random.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), random.bytes(random.length(300)), bytes.subarray(at)]);
  },
  function repeat(bytes, random) {
    const start = random.below(bytes.length + 1);
    const part = bytes.subarray(start, start + random.length(64));
    return Buffer.concat([bytes, ...Array.from({ length: random.below(20) }, () => part)]);
  },
];

/** Makes one to four small faults in `bytes`, which stay as they are. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let changed = bytes;
  for (let count = 1 + random.below(4); count > 0; count--)
    changed = random.pick(mutations)(Buffer.from(changed), random);
  return changed;
}
