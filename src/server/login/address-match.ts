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
  const plain = canonical(sourceOf(address, WHOLE));
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
  const [network = "", bits] = pattern.split("/");
  const version = isIP(network);
  if (bits === undefined && version === 0) return matchesWildcard(address, pattern.toLowerCase());
  if (version === 0 || version !== isIP(address)) return false;
  const family = version === 6 ? "ipv6" : "ipv4";
  const length = bits === undefined ? (version === 6 ? 128 : 32) : Number(bits);
  if (bits === "" || !Number.isInteger(length) || length < 0 || length > (version === 6 ? 128 : 32)) return false;
  const block = new BlockList();
  block.addSubnet(network, length, family);
  return block.check(address, family);
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
