/** Security bar, part A1: identification and packets. Key exchange has a file of its own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cipherAlgorithms, macAlgorithms } from "../../src/crypto/index.ts";
import { DisconnectReason, messages, Msg } from "../../src/wire/index.ts";
import { kept } from "../client/index.ts";
import type { ClientOptions } from "../client/index.ts";
import {
  Bar,
  channelData,
  channelOpen,
  exec,
  ignore,
  PASSWORD,
  ping,
  serviceRequest,
  silent,
} from "./harness/index.ts";
import type { Peer } from "./harness/index.ts";

/** Each way of protecting packets that is offered; a cipher that authenticates by itself has no MAC. */
const protections: readonly ClientOptions[] = [...cipherAlgorithms.values()].flatMap(({ name, aead }) =>
  (aead ? [""] : [...macAlgorithms.keys()]).map((mac) => ({
    kex: ["curve25519-sha256"],
    cipherIn: [name],
    ...(mac !== "" && { macIn: [mac] }),
  })),
);

test("A1: whatever comes before the identification ends the connection", async (t) => {
  const bar = await Bar.open(t);
  for (const lines of ["hello\r\n", "\r\n", "x\n"]) {
    const { peer, reason } = await bar.closes("connected", (peer) => peer.raw(`${lines}SSH-2.0-x\r\n`), silent);
    assert.equal(reason, DisconnectReason.PROTOCOL_VERSION_NOT_SUPPORTED);
    assert.equal(peer.came(Msg.KEX_ECDH_REPLY), 0);
  }
  await bar.closes("connected", (peer) => peer.raw(`${"x\r\n".repeat(5000)}SSH-2.0-x\r\n`), silent);
});

test("A2: an identification has at most 255 bytes, no NUL, and the version 2.0", async (t) => {
  const bar = await Bar.open(t);
  const longest = `SSH-2.0-${"A".repeat(245)}`;
  assert.equal(`${longest}\r\n`.length, 255);
  await (await bar.peer("connected", { identification: longest })).handshake();
  for (const line of [
    `${longest}A\r\n`,
    `SSH-2.0-${"A".repeat(100_000)}`,
    "SSH-2.0-a\0b\r\n",
    "SSH-2.0-a\x1b[2Jb\r\n",
    "SSH-1.5-old\r\n",
    "SSH-1.99-both\r\n",
    "SSH-2.0-\r\n",
    "ssh-2.0-x\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
  ]) {
    await bar.closes("connected", (peer) => peer.raw(line), silent);
  }
});

test("A3: a handshake and login that come byte by byte are taken", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("connected", silent);
  const { client } = peer;
  client.sendIdentification();
  client.sendKexInit();
  client.sendKexEcdhInit("curve25519-sha256");
  await peer.drip(client.pull());
  await peer.until("the server's NEWKEYS", () => peer.came(Msg.NEWKEYS) > 0);
  client.sendNewKeys();
  client.send(serviceRequest());
  await peer.drip(client.pull());
  await peer.next(messages.serviceAccept);
  assert.equal(await peer.tryPassword("ada", PASSWORD), "success");
});

test("A3: a handshake and login that come glued together are taken", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("connected", silent);
  const { client } = peer;
  client.sendIdentification();
  client.sendKexInit();
  client.sendKexEcdhInit("curve25519-sha256");
  peer.flush();
  await peer.until("the server's NEWKEYS", () => peer.came(Msg.NEWKEYS) > 0);
  client.sendNewKeys();
  client.send(serviceRequest());
  assert.equal(await peer.tryPassword("ada", PASSWORD), "success");
  peer.send(channelOpen(), exec(0, "cat"), channelData(0, "glued"));
  await peer.prints(/glued/);
});

const badLengths = [0, 1, 4, 13, 2 ** 18 + 8, 2 ** 31, 2 ** 32 - 1];

test("A4: a packet_length that cannot be right ends the connection, in clear", async (t) => {
  const bar = await Bar.open(t);
  for (const packetLength of badLengths) {
    const { peer } = await bar.closes("connected", ({ client }) => client.send(ignore(1000), { packetLength }));
    assert.equal(peer.came(Msg.KEX_ECDH_REPLY), 0);
  }
});

test("A4: a packet_length that cannot be right ends the connection, under each cipher", async (t) => {
  const bar = await Bar.open(t);
  for (const protection of protections) {
    for (const packetLength of badLengths) {
      const act = ({ client }: Peer): void => client.send(ignore(200), { packetLength });
      assert.equal((await bar.closes("keys exchanged", act, protection)).reason, DisconnectReason.MAC_ERROR);
    }
  }
});

test("A4: no memory is taken for a packet that is only announced", async (t) => {
  const bar = await Bar.open(t);
  const peers = await Promise.all(Array.from({ length: 20 }, () => bar.peer("logged in")));
  const growth = await kept(async () => {
    // The largest packet that there may be, of which only the first hundred bytes come.
    for (const { client, socket } of peers) {
      client.send(ignore(262_144 - 16 - 1 - 1 - 4 - 4));
      const packet = client.pull();
      assert.equal(Buffer.from(packet).readUInt32BE(0), 262_128);
      socket.write(packet.subarray(0, 100));
    }
    for (let i = 0; i < 5; i++) await bar.othersAreWell();
  });
  assert.ok(growth < 2 ** 20, `${growth} bytes`);
});

test("A5: a padding_length that does not fit, or is below 4, ends the connection, in clear and under each cipher", async (t) => {
  const bar = await Bar.open(t);
  for (const paddingLength of [0, 3, 28, 100, 255]) {
    const act = ({ client }: Peer): void => client.send(ignore(6), { paddingLength });
    const { peer, reason } = await bar.closes("connected", act);
    assert.equal(reason, DisconnectReason.PROTOCOL_ERROR);
    assert.equal(peer.came(Msg.KEX_ECDH_REPLY), 0);
    for (const protection of protections) {
      assert.equal((await bar.closes("keys exchanged", act, protection)).reason, DisconnectReason.MAC_ERROR);
    }
  }
});

test("A6: a packet without a payload ends the connection, in clear and under each cipher", async (t) => {
  const bar = await Bar.open(t);
  const act = (peer: Peer): Peer => peer.send(new Uint8Array(0));
  assert.equal((await bar.closes("connected", act)).reason, DisconnectReason.PROTOCOL_ERROR);
  for (const protection of protections) {
    assert.equal((await bar.closes("keys exchanged", act, protection)).reason, DisconnectReason.MAC_ERROR);
  }
});

/** What is done to the packets of a SERVICE_REQUEST, which must not be obeyed then. */
const tamperings: Readonly<Record<string, (peer: Peer, packet: Uint8Array) => void>> = {
  "a bit of the tag flipped": (peer, packet) => {
    packet[packet.length - 1]! ^= 1;
    peer.raw(packet);
  },
  "a bit of the content flipped": (peer, packet) => {
    packet[20]! ^= 0x80;
    peer.raw(packet);
  },
  "a packet lost before it": (peer) => {
    peer.client.send(serviceRequest());
    peer.flush();
  },
};

for (const [what, tamper] of Object.entries(tamperings)) {
  test(`A7: ${what} ends the connection, under each cipher, and nothing of it is obeyed`, async (t) => {
    const bar = await Bar.open(t);
    for (const protection of protections) {
      const act = (peer: Peer): void => {
        peer.client.send(serviceRequest());
        tamper(peer, peer.client.pull());
      };
      const { peer, reason } = await bar.closes("keys exchanged", act, protection);
      assert.equal(reason, DisconnectReason.MAC_ERROR);
      assert.equal(peer.came(Msg.SERVICE_ACCEPT), 0);
    }
  });
}

test("A7: a packet that comes again ends the connection, under each cipher", async (t) => {
  const bar = await Bar.open(t);
  for (const protection of protections) {
    const act = async (peer: Peer): Promise<void> => {
      peer.client.send(serviceRequest());
      const packet = peer.client.pull();
      peer.raw(packet);
      await peer.next(messages.serviceAccept);
      peer.raw(packet);
    };
    const { peer, reason } = await bar.closes("keys exchanged", act, protection);
    assert.equal(reason, DisconnectReason.MAC_ERROR);
    assert.ok(!peer.client.unread.some((payload) => payload[0] === Msg.SERVICE_ACCEPT));
  }
});

test("A8: a wrong MAC, padding and length get the same last words, under each cipher, and none is CBC", async (t) => {
  const bar = await Bar.open(t);
  const faults: readonly ((peer: Peer) => void)[] = [
    (peer) => {
      peer.client.send(ignore());
      tamperings["a bit of the tag flipped"]!(peer, peer.client.pull());
    },
    ({ client }) => client.send(ignore(), { paddingLength: 3 }),
    ({ client }) => client.send(ignore(), { paddingLength: 255 }),
    ({ client }) => client.send(ignore(), { packetLength: 7 }),
    (peer) => peer.send(new Uint8Array(0)),
  ];
  const words = new Set<string>();
  for (const protection of protections) {
    for (const fault of faults) {
      words.add(JSON.stringify((await bar.closes("keys exchanged", fault, protection)).peer.farewell));
    }
  }
  assert.equal(words.size, 1, [...words].join());

  const peer = await bar.peer("connected", silent);
  await peer.until("the server's KEXINIT", () => peer.came(Msg.KEXINIT) > 0);
  const { cipherIn, cipherOut } = peer.client.serverKexInit;
  assert.deepEqual(
    [...cipherIn, ...cipherOut].filter((name) => /cbc/i.test(name)),
    [],
  );
});

test("A26: no compression is offered, so that nothing can inflate", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("connected", silent);
  await peer.until("the server's KEXINIT", () => peer.came(Msg.KEXINIT) > 0);
  const { compressionIn, compressionOut } = peer.client.serverKexInit;
  assert.deepEqual([compressionIn, compressionOut], [["none"], ["none"]]);
  for (const name of ["zlib", "zlib@openssh.com"]) {
    for (const list of ["compressionIn", "compressionOut"]) {
      const act = (peer: Peer): void => {
        peer.client.sendIdentification();
        peer.client.sendKexInit({ [list]: [name] });
      };
      assert.equal((await bar.closes("connected", act, silent)).reason, DisconnectReason.KEY_EXCHANGE_FAILED);
    }
  }
});

test("A27: padding is random, and no memory of before", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  const chunks: Uint8Array[] = [];
  peer.client.in.padding = (bytes) => chunks.push(Buffer.from(bytes));
  while (Buffer.concat(chunks).length < 2000) {
    peer.send(...Array.from({ length: 20 }, () => ping("x")));
    await peer.settled();
  }
  const padding = Buffer.concat(chunks).subarray(0, 2000);
  const counts = new Uint16Array(256);
  for (const byte of padding) counts[byte]!++;
  // Of 2000 random bytes, nearly all values are there, none is there often: far beyond what chance leaves out.
  assert.ok(counts.filter((count) => count > 0).length > 230, "values are missing");
  assert.ok(Math.max(...counts) < 40, "a value is too frequent");
  const ones = padding.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
  assert.ok(ones > 7200 && ones < 8800, `${ones} of 16000 bits are set`);
});

test("A28: a channel that could never carry a byte is refused, and one that carries a byte at a time works", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  peer.send(channelOpen({ maxPacket: 0 }));
  assert.equal((await peer.next(messages.channelOpenFailure)).recipient, 0);
  const channel = await peer.exec("cat", { maxPacket: 1 });
  peer.send(channelData(channel, "slowly"));
  await peer.prints(/^slowly$/);
  await peer.exec("down 1", { sender: 1, window: 0 });
  await bar.othersAreWell();
  await peer.settled();
});
