import { randomFillSync } from "node:crypto";

const POOL_SIZE = 8192;

/**
 * A source of random bytes that asks the system for many at a time.
 *
 * A packet needs a dozen bytes of padding, and a call into OpenSSL for each costs more than the rest of making the packet.
 * Bytes are handed out once and wiped, so what was sent can never be read again here.
 */
export function randomPool(): (bytes: Uint8Array) => void {
  const pool = new Uint8Array(POOL_SIZE);
  let used = POOL_SIZE;
  return (bytes) => {
    if (bytes.length > POOL_SIZE) {
      randomFillSync(bytes);
      return;
    }
    if (used + bytes.length > POOL_SIZE) {
      randomFillSync(pool);
      used = 0;
    }
    bytes.set(pool.subarray(used, used + bytes.length));
    pool.fill(0, used, used + bytes.length);
    used += bytes.length;
  };
}
