import { BlockList, isIP, SocketAddress } from "node:net";
import { sourceOf } from "../gate/source.ts";

/** Every bit of an address counts; one that is mapped into IPv6 is the IPv4 address that it stands for. */
const WHOLE = { ipv4: 32, ipv6: 128 };

/**
 * Whether an address matches a list as in OpenSSH's `from=` and in the source-address of a certificate: addresses, CIDR
 * blocks, patterns with `*` and `?`, and, behind a `!`, those that must not match. An empty list matches nobody.
 *
 * Host names are not looked up: whoever runs the name server of an address decides what it is called.
 */
export function matchesAddress(address: string, patterns: readonly string[]): boolean {
  const plain = sourceIn(address);
  let isMatch = false;
  for (const pattern of patterns) {
    const isNegated = pattern.startsWith("!");
    if (!matchesOne(plain, isNegated ? pattern.slice(1) : pattern)) continue;
    if (isNegated) return false;
    isMatch = true;
  }
  return isMatch;
}

/** As it is usually written (RFC 5952): patterns are matched against that. */
function canonical(address: string): string {
  return isIP(address) === 6 ? new SocketAddress({ address, family: "ipv6" }).address : address;
}

function matchesOne(address: string, pattern: string): boolean {
  const [written = "", bits] = pattern.split("/");
  if (bits === undefined && isIP(written) === 0) return matchesWildcard(address, pattern.toLowerCase());
  if (isIP(written) === 0) return false;
  // A block of addresses that are mapped into IPv6 is the block of IPv4 that they stand for, as the address itself is.
  const network = sourceIn(written);
  const version = isIP(network);
  const most = version === 6 ? 128 : 32;
  const length = bits === undefined ? most : Number(bits) - (isIP(written) === 6 && version === 4 ? 96 : 0);
  if (version !== isIP(address) || bits === "" || !Number.isInteger(length) || length < 0 || length > most)
    return false;
  const family = version === 6 ? "ipv6" : "ipv4";
  const block = new BlockList();
  block.addSubnet(network, length, family);
  return block.check(address, family);
}

/** The address as it is usually written (RFC 5952), without a zone; one that is mapped as the IPv4 address. */
function sourceIn(address: string): string {
  return canonical(sourceOf(address, WHOLE));
}

/** In time that grows with the product of the lengths at worst: a regular expression could take for ever (CVE-2026-0967). */
function matchesWildcard(text: string, pattern: string): boolean {
  let at = 0;
  let read = 0;
  let star = -1;
  let afterStar = 0;
  while (at < text.length) {
    if (pattern[read] === "*") {
      star = read++;
      afterStar = at;
    } else if (read < pattern.length && (pattern[read] === "?" || pattern[read] === text[at])) {
      read++;
      at++;
    } else if (star >= 0) {
      read = star + 1;
      at = ++afterStar;
    } else {
      return false;
    }
  }
  while (pattern[read] === "*") read++;
  return read === pattern.length;
}
