/** The transport layer, RFC 4253: identification, key exchange, packets under encryption, renewal of keys. */
export type { AlgorithmNames, Offer } from "./algorithms.ts";
export { offerOf } from "./algorithms.ts";
export type { BufferPool } from "./output-buffer.ts";
export { bufferPool } from "./output-buffer.ts";
export type { RekeyLimit } from "./rekey.ts";
export { defaultRekeyLimit } from "./rekey.ts";
export type { Action, StateName } from "./state.ts";
export { transportTable } from "./state.ts";
export type { TransportOptions, TransportSink } from "./transport.ts";
export { Transport } from "./transport.ts";
