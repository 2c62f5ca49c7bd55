/** What the interop tests share: a server to talk to, keys to talk with, and programs run to their end or on a terminal. */
export { startAgent } from "./agent.ts";
export type { AgentKey } from "./agent.ts";
export { Authority } from "./authority.ts";
export { pythonLibrary, testCertificates, testLibrary } from "./library.ts";
export type { Library, Sight } from "./library.ts";
export { makeFolder, privateKey, publicKey, userKeyFile } from "./keys.ts";
export type { KeyKind } from "./keys.ts";
export { keyKinds } from "./keys.ts";
export { digestOfNoise, NOISE_MIB, noiseStream } from "./noise.ts";
export { run } from "./program.ts";
export type { Finished, RunOptions } from "./program.ts";
export { assertSeen, PASSWORD, startSubject } from "./subject.ts";
export type { Subject, SubjectOptions } from "./subject.ts";
export { Terminal } from "./terminal.ts";
export { until } from "./until.ts";
