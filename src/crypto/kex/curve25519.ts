import { mpintSecret } from "./kex.ts";
import type { Kex } from "./kex.ts";
import { freshX25519Pair, x25519 } from "./x25519.ts";
import type { GeneratePair } from "./x25519.ts";

/** RFC 8731: X25519, where K is the shared secret read as a big-endian number. */
export function curve25519(name: string, generate: GeneratePair = freshX25519Pair): Kex {
  return {
    name,
    hash: "sha256",
    respond(clientPublic) {
      const { serverPublic, shared } = x25519(clientPublic, generate);
      return { serverPublic, secret: mpintSecret(shared) };
    },
  };
}
