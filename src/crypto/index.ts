/** Algorithms as tables over node:crypto (key exchange, ciphers, MACs, keys), and the forms in which keys are kept. */
export { deriveKey } from "./derive.ts";
export type { KeyLetter } from "./derive.ts";
export type { Kex, KexHash } from "./kex/kex.ts";
export { kexAlgorithms } from "./kex/table.ts";
export type { Cipher, Opener, Sealer } from "./cipher/cipher.ts";
export { cipherAlgorithms } from "./cipher/table.ts";
export { macAlgorithms } from "./cipher/mac.ts";
export type { Mac } from "./cipher/mac.ts";
export { integrityFailure } from "./cipher/integrity.ts";
export { KeyError } from "./key/error.ts";
export type { KeyErrorCode } from "./key/error.ts";
export { parsePublicKey, parsePublicKeyBlob } from "./key/public-key.ts";
export type { PublicKey } from "./key/public-key.ts";
export type { HostKey } from "./key/host-key.ts";
export { parsePrivateKey } from "./key/private-key.ts";
export { generatePrivateKey } from "./key/generate.ts";
export type { GeneratedKeyType, GenerateOptions } from "./key/generate.ts";
export { signatureAlgorithms } from "./key/table.ts";
