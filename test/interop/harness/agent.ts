import { once } from "node:events";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { Reader, Writer } from "../../../src/wire/index.ts";
import { makeFolder } from "./keys.ts";

/** A key that the agent holds. */
export interface AgentKey {
  /** The blob of the public key, or of its certificate. */
  readonly blob: Uint8Array;
  /** The signature blob over `data`. */
  readonly sign: (data: Uint8Array) => Uint8Array;
}

// draft-ietf-sshm-ssh-agent §6.1
const FAILURE = 5;
const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
const SIGN_REQUEST = 13;
const SIGN_RESPONSE = 14;

/** Starts an SSH agent with these keys, until the test ends; gives the environment in which programs find it. */
export async function startAgent(
  t: TestContext,
  keys: readonly AgentKey[],
): Promise<{ readonly SSH_AUTH_SOCK: string }> {
  const path = join(makeFolder(), "agent");
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    serve(socket, keys);
  }).listen(path);
  await once(server, "listening");
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { SSH_AUTH_SOCK: path };
}

function serve(socket: Socket, keys: readonly AgentKey[]): void {
  let input = Buffer.alloc(0);
  socket.on("data", (bytes: Buffer) => {
    input = Buffer.concat([input, bytes]);
    while (input.length >= 4 && input.length >= 4 + input.readUInt32BE()) {
      const end = 4 + input.readUInt32BE();
      const answer = reply(input.subarray(4, end), keys);
      input = input.subarray(end);
      socket.write(new Writer().string(answer).finish());
    }
  });
}

function reply(request: Uint8Array, keys: readonly AgentKey[]): Uint8Array {
  const from = new Reader(request);
  switch (from.byte()) {
    case REQUEST_IDENTITIES: {
      const to = new Writer().byte(IDENTITIES_ANSWER).uint32(keys.length);
      for (const { blob } of keys) to.string(blob).utf8("held by a test");
      return to.finish();
    }
    case SIGN_REQUEST: {
      const blob = from.string();
      const key = keys.find((held) => Buffer.compare(held.blob, blob) === 0);
      if (key !== undefined) return new Writer().byte(SIGN_RESPONSE).string(key.sign(from.string())).finish();
      return Uint8Array.of(FAILURE);
    }
    default:
      return Uint8Array.of(FAILURE);
  }
}
