/** The SSH door: sockets, clocks and host keys around the engine. */
export type { SshDoorOptions } from "./door.ts";
export { SshDoor } from "./door.ts";
export { loadBcrypt } from "./bcrypt.ts";
export type { HostKeySources } from "./host-keys.ts";
export { readPrivateKeyFile, readPublicKeyFile, writeKeyFile } from "./key-file.ts";
export type { WriteOptions } from "./key-file.ts";
export { unlockPrivateKey } from "./unlock.ts";
