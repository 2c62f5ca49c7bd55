/** The SSH door: sockets, clocks and host keys around the engine. */
export type { SshDoorOptions } from "./door.ts";
export { SshDoor } from "./door.ts";
