/** A hand-driven SSH client that works out all cryptography by itself, and a loopback to drive it against the engine. */
export { Session } from "./app.ts";
export { Authenticator } from "./authenticator.ts";
export type { TouchOptions } from "./authenticator.ts";
export { certify, strings } from "./certificate.ts";
export type { CertificateFields, Signer } from "./certificate.ts";
export { Client } from "./client.ts";
export type { ClientOptions } from "./client.ts";
export { verifyHostKey } from "./host-key.ts";
export { injections } from "./injections.ts";
export { clientKexes } from "./kex.ts";
export type { ClientKex } from "./kex.ts";
export {
  authRequest,
  encodeKeyRequest,
  infoResponse,
  interactiveRequest,
  keyFields,
  keyRequest,
  noneRequest,
  passwordRequest,
  signedData,
} from "./login-requests.ts";
export type { KeyFields, Signed } from "./login-requests.ts";
export { Loopback } from "./loopback.ts";
export type { LoopbackOptions } from "./loopback.ts";
export { kept } from "./memory.ts";
export type { Shape } from "./packets.ts";
export { nearMisses } from "./near-misses.ts";
export { namedSignature, oddKeys, rsaBlob } from "./odd-keys.ts";
export { lowOrderPoints, notHybrid, notOnCurve } from "./public-values.ts";
export { clientKey } from "./user-key.ts";
export type { ClientKey } from "./user-key.ts";
