import { isIPv4, isIPv6, SocketAddress } from "node:net";
import type { NetBlock } from "../limits.ts";

/**
 * The block of addresses that an address belongs to, as a key for counting: `192.0.2.7` or `2001:db8:1:2` for the usual
 * 32 and 64 bits. An IPv4 address mapped into IPv6 counts as IPv4. What is no address (a pipe) is a source of its own.
 */
export function sourceOf(address: string, block: NetBlock): string {
  if (isIPv4(address)) return blockOfIPv4(address.split(".").map(Number), block);
  const bare = address.split("%", 1)[0] ?? "";
  if (!isIPv6(bare)) return address;
  const groups = groupsOf(bare);
  const [high = 0, low = 0] = groups.slice(6);
  // RFC 4291 §2.5.5.2: ::ffff:a.b.c.d is an IPv4 address.
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return blockOfIPv4([high >> 8, high & 255, low >> 8, low & 255], block);
  }
  return mask(groups, 16, block.ipv6)
    .map((group) => group.toString(16))
    .join(":");
}

function blockOfIPv4(bytes: readonly number[], block: NetBlock): string {
  return mask(bytes, 8, block.ipv4).join(".");
}

/** The first `bits` of an address, as the groups that hold them. */
function mask(groups: readonly number[], width: number, bits: number): number[] {
  return groups.slice(0, Math.ceil(bits / width)).map((group, index) => {
    const kept = Math.min(width, bits - index * width);
    return group & ~(2 ** (width - kept) - 1);
  });
}

function groupsOf(address: string): number[] {
  // SocketAddress writes an address in its canonical form, a dotted tail included.
  const canonical = new SocketAddress({ address, family: "ipv6" }).address;
  const [head = "", tail] = canonical.split("::");
  const parse = (part: string): number[] =>
    part === ""
      ? []
      : part.split(":").flatMap((group) => (group.includes(".") ? dotted(group) : [parseInt(group, 16)]));
  const front = parse(head);
  if (tail === undefined) return front;
  const back = parse(tail);
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
}

function dotted(tail: string): number[] {
  const [a = 0, b = 0, c = 0, d = 0] = tail.split(".").map(Number);
  return [a * 256 + b, c * 256 + d];
}
