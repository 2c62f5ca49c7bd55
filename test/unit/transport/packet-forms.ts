import { cipherAlgorithms, macAlgorithms } from "../../../src/crypto/index.ts";
import type { Opener, Sealer } from "../../../src/crypto/index.ts";
import { protection } from "../../client/encryption.ts";
import type { Protection } from "../../client/encryption.ts";

/** One way to protect packets: the engine's two sides, and the test client's own for each. */
export interface PacketForm {
  readonly name: string;
  opener(): Opener;
  sealer(): Sealer;
  /** What the client seals, the engine's opener opens; and the other way round. */
  clientSeals(): Protection;
  clientOpens(): Protection;
}

const key = (letter: string, length: number): Uint8Array => Buffer.alloc(length, letter);

/** Every cipher with every MAC that it takes. */
export const packetForms: readonly PacketForm[] = [...cipherAlgorithms.values()].flatMap((cipher) =>
  (cipher.aead ? [undefined] : [...macAlgorithms.values()]).map((mac) => {
    const material = () =>
      [key("k", cipher.keyLength), key("i", cipher.ivLength), mac, key("m", mac?.keyLength ?? 0)] as const;
    const keys = {
      cipher: cipher.name,
      mac: mac?.name ?? "",
      derive: (what: "iv" | "key" | "mac", length: number) => key(what[0]!, length),
    };
    return {
      name: mac ? `${cipher.name} with ${mac.name}` : cipher.name,
      opener: () => cipher.opener(...material()),
      sealer: () => cipher.sealer(...material()),
      clientSeals: () => protection(keys, false),
      clientOpens: () => protection(keys, true),
    };
  }),
);
