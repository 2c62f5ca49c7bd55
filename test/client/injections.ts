import { messages } from "../../src/wire/index.ts";

const EMPTY = new Uint8Array(0);

/** What a Terrapin attacker would slip into a key exchange, each as a client might mean it (CVE-2023-48795). */
export const injections = {
  IGNORE: messages.ignore.encode({ data: EMPTY }),
  DEBUG: messages.debug.encode({ alwaysDisplay: false, text: "", language: "" }),
  UNIMPLEMENTED: messages.unimplemented.encode({ sequence: 0 }),
  PING: messages.ping.encode({ data: EMPTY }),
  EXT_INFO: messages.extInfo.encode({ count: 0, extensions: EMPTY }),
  "message 150": Uint8Array.of(150),
  SERVICE_REQUEST: messages.serviceRequest.encode({ service: "ssh-userauth" }),
} as const satisfies Record<string, Uint8Array>;
