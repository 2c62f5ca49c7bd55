import { createPublicKey } from "node:crypto";
import type { JsonWebKeyInput, KeyObject, PublicKeyInput } from "node:crypto";

/**
 * `createPublicKey`, but faster: Node 24 finds out what kind of thing it was given by letting accesses throw. Without the
 * stack traces of these errors, which nobody sees, the import of a JWK takes 6 µs instead of 21 (Node 26: 4 either way).
 */
export function importPublicKey(input: PublicKeyInput | JsonWebKeyInput): KeyObject {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return createPublicKey(input);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
