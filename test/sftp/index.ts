/** A hand-driven SFTP client, for tests that say what no real one says. */
export { SftpClient } from "./client.ts";
export type { Attributes, Name } from "./client.ts";
export * from "./fields.ts";
