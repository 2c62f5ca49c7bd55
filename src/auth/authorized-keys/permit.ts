import { LineFault } from "./line-fault.ts";

/**
 * Checks the value of `permitopen=`: `host:port`, where the host may be `*` or an IPv6 address in brackets, and the port
 * `*`.
 *
 * @throws {LineFault} when it is anything else.
 */
export function parsePermitOpen(text: string): string {
  if (!isDestination(text)) throw new LineFault("a permitopen is not host:port");
  return text;
}

/**
 * Checks the value of `permitlisten=`: as {@link parsePermitOpen}, or a port alone, for any address.
 *
 * @throws {LineFault} when it is anything else.
 */
export function parsePermitListen(text: string): string {
  if (!isPort(text) && !isDestination(text)) throw new LineFault("a permitlisten is not [host:]port");
  return text;
}

function isDestination(text: string): boolean {
  const match = /^(?:\[[\dA-Fa-f:.%\w]+\]|\*|[\w.-]+):(.+)$/.exec(text);
  return match !== null && isPort(match[1]!);
}

function isPort(text: string): boolean {
  return text === "*" || (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535);
}
