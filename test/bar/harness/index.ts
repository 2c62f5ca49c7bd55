/** What the tests of the security bar share: a real server, raw clients over sockets, and a session that has to survive. */
export { Bar, PASSWORD, USER_KEY } from "./bar.ts";
export type { BarOptions, Stage } from "./bar.ts";
export { certified, keyLine } from "./keys.ts";
export * from "./payloads.ts";
export { Peer, silent } from "./peer.ts";
export { SftpPeer } from "./sftp.ts";
