import { isIP, SocketAddress } from "node:net";
import { LineFault } from "./line-fault.ts";

/**
 * Reads the comma-separated list of `from=`: addresses, CIDR blocks, patterns with `*` and `?`, each perhaps behind a
 * `!`. Nothing in it may be left open to interpretation, since it might be a `!` that is lost.
 *
 * @throws {LineFault} when an entry is empty, or a block is none: `10.0.0.0/33`, or `10.0.0.1/8`, which means another one.
 */
export function parseAddressList(text: string): readonly string[] {
  const list = text.split(",");
  for (const entry of list) checkPattern(entry.startsWith("!") ? entry.slice(1) : entry);
  return list;
}

/**
 * Reads the list of a certificate's source-address, which has addresses and CIDR blocks alone.
 *
 * @throws {LineFault} for an entry that is neither.
 */
export function parseBlockList(text: string): readonly string[] {
  const list = text.split(",");
  for (const entry of list) {
    if (isIP(entry.split("/", 1)[0] ?? "") === 0) throw new LineFault("a list of addresses has an entry that is none");
    checkPattern(entry);
  }
  return list;
}

function checkPattern(pattern: string): void {
  const [address = "", bits, ...more] = pattern.split("/");
  const version = isIP(address);
  if (version !== 0 && bits === undefined && !address.includes("%")) return;
  if (bits !== undefined) {
    if (version === 0 || more.length > 0 || !/^\d{1,3}$/.test(bits) || !isBlock(address, Number(bits), version)) {
      throw new LineFault("a list of addresses has a block that is none, such as 10.0.0.1/8 for 10.0.0.0/8");
    }
    return;
  }
  // What could only be a host name never matches: names are not looked up. It may stand in a file that sshd reads too.
  if (!/^[\w.:*?-]+$/.test(pattern))
    throw new LineFault("a list of addresses has an entry that is empty or no pattern");
}

/** Whether no bit behind the first `length` is set. */
function isBlock(address: string, length: number, version: number): boolean {
  const bits = version === 6 ? bitsOfIPv6(address) : bitsOfGroups(address.split("."), 10, 8);
  return length <= bits.length && !bits.includes("1", length);
}

function bitsOfIPv6(address: string): string {
  // SocketAddress writes an address in its canonical form, with a dotted tail where it stands for IPv4.
  const { address: canonical } = new SocketAddress({ address, family: "ipv6" });
  const [head = "", tail = ""] = canonical.split("::").map((part) => part.split(":").map(bitsOfGroup).join(""));
  return head.padEnd(128 - tail.length, "0") + tail;
}

function bitsOfGroup(group: string): string {
  if (group === "") return "";
  return group.includes(".") ? bitsOfGroups(group.split("."), 10, 8) : bitsOfGroups([group], 16, 16);
}

function bitsOfGroups(groups: readonly string[], radix: number, width: number): string {
  return groups.map((group) => parseInt(group, radix).toString(2).padStart(width, "0")).join("");
}
