import { hash as digest } from "node:crypto";
import { Writer } from "../../wire/index.ts";
import type { KeyType } from "./key-type.ts";

/** The bits of an authenticator's flags that mean something here (WebAuthn §6.1). */
const PRESENT = 0x01;
const VERIFIED = 0x04;

/**
 * OpenSSH PROTOCOL.u2f: a key that lives in a FIDO authenticator, which signs as `base` does, but puts hashes, flags and
 * a counter under its signature. Only the public half is ever seen here.
 */
export function securityKey(base: KeyType): KeyType {
  const name = `sk-${base.name}@openssh.com`;
  return {
    name,
    family: `${base.family}-SK`,
    algorithms: new Map(Array.from(base.algorithms.values(), (hash) => [name, hash])),

    readPublic(from) {
      const fields = base.readPublic(from);
      return { ...fields, application: from.utf8() };
    },

    verify: (key, hash, signature, data) => base.verify(key, hash, signature, data),

    unseal({ application = "" }, from, data) {
      const flags = from.byte();
      const counter = from.uint32();
      const sealed = new Writer(69)
        .bytes(digest("sha256", application, "buffer"))
        .byte(flags)
        .uint32(counter)
        .bytes(digest("sha256", data, "buffer"))
        .finish();
      const touch = { present: (flags & PRESENT) !== 0, verified: (flags & VERIFIED) !== 0, counter };
      return { data: sealed, touch };
    },
  };
}
