import { createPrivateKey, createPublicKey, diffieHellman } from "node:crypto";
import type { KeyPairKeyObjectResult } from "node:crypto";
import { readFileSync } from "node:fs";
import { parsePrivateKey } from "../../../src/crypto/index.ts";
import { curve25519 } from "../../../src/crypto/kex/curve25519.ts";
import { offerOf } from "../../../src/protocol/index.ts";
import { messages, Writer } from "../../../src/wire/index.ts";
import { Loopback, passwordRequest } from "../../client/index.ts";
import type { ClientKex } from "../../client/index.ts";

/** What went over the wire, in turns: hexadecimal, from the client, then what the server said to it. */
export interface Turn {
  readonly client: string;
  readonly server: string;
}

export const FIXTURES: URL = new URL("fixtures/", import.meta.url);

/** The fixed X25519 pair of either side (RFC 8410 §7: the 32 bytes behind the prefix). */
function pair(fill: number): KeyPairKeyObjectResult {
  const key = Buffer.concat([Buffer.from("302e020100300506032b656e04220420", "hex"), Buffer.alloc(32, fill)]);
  const privateKey = createPrivateKey({ key, format: "der", type: "pkcs8" });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

const SPKI = Buffer.from("302a300506032b656e032100", "hex");

function clientKex(): ClientKex {
  const { publicKey, privateKey } = pair(0x11);
  return {
    hash: "sha256",
    publicValue: publicKey.export({ format: "der", type: "spki" }).subarray(-32),
    secret(serverPublic) {
      const peer = createPublicKey({ key: Buffer.concat([SPKI, serverPublic]), format: "der", type: "spki" });
      return new Writer().mpint(diffieHellman({ privateKey, publicKey: peer })).finish();
    },
  };
}

/** A server in which nothing is left to chance: its keys, its key exchange, its random bytes. */
export function predictable(): Loopback {
  let fill = 0;
  const hostKey = parsePrivateKey(readFileSync(new URL("ssh_host_ed25519_key", FIXTURES), "utf8"));
  return new Loopback({
    offer: {
      ...offerOf([hostKey], {
        ciphers: ["aes256-ctr", "aes128-gcm@openssh.com"],
        macs: ["hmac-sha2-256-etm@openssh.com"],
      }),
      kex: [curve25519("curve25519-sha256", () => pair(0x22))],
    },
    identification: "SSH-2.0-Recorded",
    client: {
      automatic: false,
      identification: "SSH-2.0-Client",
      kex: ["curve25519-sha256"],
      hostKey: ["ssh-ed25519"],
      cipherIn: ["aes256-ctr"],
      cipherOut: ["aes256-ctr"],
      macIn: ["hmac-sha2-256-etm@openssh.com"],
      macOut: ["hmac-sha2-256-etm@openssh.com"],
      makeKex: clientKex,
    },
    random: (bytes) => {
      for (let i = 0; i < bytes.length; i++) bytes[i] = fill++ & 0xff;
    },
  });
}

const data = new Uint8Array(0);

/** What the recorded client does, one turn an entry. */
export const script: readonly ((link: Loopback) => void)[] = [
  ({ client }) => client.sendIdentification(),
  ({ client }) => client.sendKexInit(),
  ({ client }) => client.sendKexEcdhInit(),
  ({ client }) => client.sendNewKeys(),
  ({ client }) => client.send(messages.serviceRequest.encode({ service: "ssh-userauth" })),
  ({ client }) => client.send(passwordRequest("alice", "wrong")),
  ({ client }) => client.send(passwordRequest("alice", "right")),
  ({ client, app }) => {
    app.echo = true;
    client.send(messages.channelOpen.encode({ type: "session", sender: 3, window: 100, maxPacket: 50, data }));
  },
  ({ client }) => client.send(messages.channelRequest.encode({ recipient: 0, type: "shell", wantReply: true, data })),
  ({ client }) => client.send(messages.channelData.encode({ recipient: 0, data: Buffer.alloc(120, "abc") })),
  ({ client }) => client.send(messages.channelWindowAdjust.encode({ recipient: 0, bytes: 1000 })),
  ({ client }) => client.send(messages.ping.encode({ data: Buffer.from("ping") })),
  ({ client }) => client.send(Uint8Array.of(199)),
  ({ client }) => client.sendKexInit({ cipherIn: ["aes128-gcm@openssh.com"], cipherOut: ["aes128-gcm@openssh.com"] }),
  ({ client }) => client.sendKexEcdhInit(),
  ({ client }) => client.sendNewKeys(),
  ({ client }) => client.send(messages.channelData.encode({ recipient: 0, data: Buffer.from("under new keys") })),
  ({ client }) => client.send(messages.channelClose.encode({ recipient: 0 })),
  ({ client }) => client.send(Uint8Array.of(0)),
];

/** Runs the script and writes down every byte. */
export function record(): Turn[] {
  const link = predictable();
  return script.map((act) => {
    act(link);
    const client = link.client.pull();
    link.server.receive(client, 0);
    const server = link.toClient();
    link.client.receive(server);
    return { client: Buffer.from(client).toString("hex"), server: Buffer.from(server).toString("hex") };
  });
}
