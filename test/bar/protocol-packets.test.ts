/** Security bar, part C: identification and packets (RFC 4253 §4 to §6, §11). */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { cipherAlgorithms, macAlgorithms } from "../../src/crypto/index.ts";
import { ConfigError, Server } from "../../src/index.ts";
import { DisconnectReason, messages, Msg } from "../../src/wire/index.ts";
import { injections, passwordRequest } from "../client/index.ts";
import type { ClientOptions } from "../client/index.ts";
import {
  Bar,
  channelData,
  channelEof,
  channelOpen,
  exec,
  ignore,
  PASSWORD,
  ping,
  serviceRequest,
  silent,
} from "./harness/index.ts";
import type { Peer } from "./harness/index.ts";

/** One of each form that packets have: AEAD, encrypt-then-MAC, encrypt-and-MAC. */
const forms: readonly ClientOptions[] = [
  { cipherIn: ["aes128-gcm@openssh.com"], cipherOut: ["aes128-gcm@openssh.com"] },
  ...["hmac-sha2-512-etm@openssh.com", "hmac-sha2-256"].map((mac) => ({
    cipherIn: ["aes256-ctr"],
    cipherOut: ["aes256-ctr"],
    macIn: [mac],
    macOut: [mac],
  })),
];
/** What RFC 4253 §11 lets either side send at any time. */
const anyTime = [injections.IGNORE, injections.DEBUG, injections.UNIMPLEMENTED];

/** The first line of a server, as its bytes are. */
async function firstLine(bar: Bar): Promise<string> {
  const socket = connect(bar.server.address!.port, "127.0.0.1");
  const all = text(socket.setEncoding("latin1"));
  socket.end();
  const said = await all;
  return said.slice(0, said.indexOf("\n") + 1);
}

test("C1: the identification is SSH-2.0-software CR LF in US-ASCII, of 255 bytes at most", async (t) => {
  const longest = "~".repeat(64);
  for (const ident of [undefined, "MyApp_1.0", longest]) {
    const line = await firstLine(await Bar.open(t, ident === undefined ? {} : { ident }));
    assert.match(line, /^SSH-2\.0-[!-,.-~]+\r\n$/);
    assert.ok(line.includes(ident ?? "Sallyport") && line.length <= 255);
  }
  for (const ident of ["My-App", "My App", "Ünï", "a\nb", "", `${longest}~`]) {
    assert.throws(() => new Server({ ident }), ConfigError);
  }
});

test("C2: a client's identification may end in LF alone, and has no NUL", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("connected", silent);
  peer.raw(`${peer.client.identification}\n`);
  peer.client.sendKexInit();
  peer.client.sendKexEcdhInit("curve25519-sha256");
  peer.client.automatic = true;
  await peer.flush().handshake();
  const { reason } = await bar.closes("connected", (peer) => peer.raw("SSH-2.0-a\0b\r\n"), silent);
  assert.equal(reason, DisconnectReason.PROTOCOL_VERSION_NOT_SUPPORTED);
});

test("C3: KEXINIT comes without waiting for the client's identification", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("connected", silent);
  await peer.until("the server's KEXINIT", () => peer.came(Msg.KEXINIT) === 1);
});

test("C4: payloads of 32768 and packets of 35000 bytes are taken, before the login and after it", async (t) => {
  const bar = await Bar.open(t);
  for (const form of forms) {
    for (const strict of [false, true]) {
      const peer = await bar.peer("connected", { ...form, ...silent, strict });
      // 34 944 bytes of packet_length, which is a multiple of 8 and, without itself, of 16; and what stands around it.
      const largest = [ignore(32_768 - 5), ignore(34_944 - 10)];
      peer.client.sendIdentification();
      if (!strict) peer.send(...largest.slice(0, 1));
      peer.client.sendKexInit();
      peer.client.sendKexEcdhInit("curve25519-sha256");
      peer.client.automatic = true;
      await peer.flush().exchangeKeys();
      peer.send(...largest);
      await peer.handshake();
      peer.send(...largest);
      assert.equal(await peer.tryPassword("ada", PASSWORD), "success");
      peer.send(...largest);
      await peer.settled();
    }
  }
});

test("C5: padding is random, of 4 bytes at least, to a multiple of the block, the length left out where it is clear", async (t) => {
  const bar = await Bar.open(t);
  for (const { name, aead } of cipherAlgorithms.values()) {
    for (const mac of aead ? ["none-needed"] : macAlgorithms.keys()) {
      // The client fails on a packet that is not padded so.
      const peer = await bar.peer("logged in", { cipherOut: [name], macOut: [mac] });
      const paddings: string[] = [];
      peer.client.in.padding = (bytes) => paddings.push(Buffer.from(bytes).toString("hex"));
      for (let length = 0; length < 20; length++) await peer.send(ping("x".repeat(length))).settled();
      assert.ok(paddings.length >= 40 && paddings.every(({ length }) => length >= 8 && length < 2 * (4 + 16)), name);
      const long = paddings.filter(({ length }) => length >= 16);
      assert.equal(new Set(long).size, long.length);
    }
  }
});

test("C6: segments may be cut anywhere, and hold many packets", async (t) => {
  const bar = await Bar.open(t);
  for (const form of forms) {
    const peer = await bar.peer("logged in", form);
    const { client } = peer;
    const say = (): void => {
      for (const payload of [channelOpen(), exec(0, "cat"), channelData(0, "in bits"), channelEof(0)]) {
        client.send(payload);
      }
    };
    say();
    await peer.drip(client.pull());
    await peer.next(messages.channelClose);
    assert.equal(peer.output().toString(), "in bits");

    const glued = await bar.peer("logged in", form);
    glued.send(channelOpen(), exec(0, "cat"), channelData(0, "in one"), channelEof(0));
    await glued.next(messages.channelClose);
    assert.equal(glued.output().toString(), "in one");
  }
});

test("C7: IGNORE, DEBUG and UNIMPLEMENTED are ignored at any time but in a strict first exchange", async (t) => {
  const bar = await Bar.open(t);
  const walk = async (peer: Peer): Promise<Peer> => {
    const { client } = peer;
    client.sendIdentification();
    peer.send(...anyTime);
    client.sendKexInit();
    peer.send(...anyTime);
    client.sendKexEcdhInit("curve25519-sha256");
    peer.send(...anyTime);
    await peer.until("the server's NEWKEYS", () => peer.came(Msg.NEWKEYS) === 1);
    peer.send(...anyTime);
    client.sendNewKeys();
    peer.send(...anyTime, serviceRequest(), ...anyTime, passwordRequest("ada", PASSWORD), ...anyTime);
    assert.equal(await peer.verdict(), "success");
    await peer.settled();
    client.sendKexInit();
    peer.send(...anyTime);
    client.sendKexEcdhInit("curve25519-sha256");
    peer.send(...anyTime);
    await peer.until("the server's second NEWKEYS", () => peer.came(Msg.NEWKEYS) === 2);
    peer.send(...anyTime);
    client.sendNewKeys();
    return peer.flush().settled();
  };
  const peer = await walk(await bar.peer("connected", { ...silent, strict: false }));
  const answers = [Msg.KEXINIT, Msg.KEX_ECDH_REPLY, Msg.NEWKEYS];
  assert.deepEqual(peer.client.numbers, [
    ...answers,
    Msg.EXT_INFO,
    Msg.SERVICE_ACCEPT,
    Msg.USERAUTH_SUCCESS,
    Msg.PONG,
    ...answers,
    Msg.PONG,
  ]);
  for (const payload of anyTime) {
    const act = ({ client }: Peer): void => {
      client.sendIdentification();
      client.sendKexInit();
      client.send(payload);
      client.sendKexEcdhInit("curve25519-sha256");
    };
    assert.equal((await bar.closes("connected", act, silent)).peer.came(Msg.KEX_ECDH_REPLY), 0);
  }
});

test("C8: after the login each unknown message is answered with its own sequence number, in order", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in", { strict: false });
  const first = peer.client.out.sequence;
  const unknown = [6, 8, 19, 51, 53, 79, 83, 89, 101, 127, 128, 191, 194, 255];
  peer.send(...unknown.flatMap((number) => [Uint8Array.of(number, 1, 2, 3), ping()]));
  await peer.settled();
  const heard = peer.client.unread.splice(-2 * unknown.length);
  const answers = heard.flatMap((payload, at) => {
    assert.equal(payload[0], at % 2 === 0 ? Msg.UNIMPLEMENTED : Msg.PONG);
    return at % 2 === 0 ? [messages.unimplemented.decode(payload).sequence] : [];
  });
  assert.deepEqual(
    answers,
    unknown.map((_, at) => first + 2 * at),
  );
});

test("C9: nothing is done or said after a DISCONNECT, whoever sent it", async (t) => {
  const bar = await Bar.open(t);
  const after = [channelOpen(), exec(0, "cat"), ping("still there?")];
  const goodbye = messages.disconnect.encode({ reason: 11, description: "bye", language: "" });
  const ours = await bar.closes("logged in", (peer) => peer.send(goodbye, ...after));
  assert.equal(ours.reason, undefined);
  const theirs = await bar.closes("logged in", (peer) => peer.send(Uint8Array.of(Msg.KEX_ECDH_INIT), ...after));
  assert.equal(theirs.reason, DisconnectReason.PROTOCOL_ERROR);
  for (const { peer } of [ours, theirs]) {
    const said = peer.client.numbers.slice(peer.client.numbers.indexOf(Msg.USERAUTH_SUCCESS) + 1);
    assert.deepEqual(said, peer === ours.peer ? [] : [Msg.DISCONNECT]);
  }
  assert.deepEqual(bar.seen, []);
});

test("C10: DISCONNECT has the reason that fits and a text that tells no more", async (t) => {
  const bar = await Bar.open(t);
  const noCipher = (peer: Peer): void => {
    peer.client.sendIdentification();
    peer.client.sendKexInit({ cipherIn: ["none"] });
  };
  const wrongTag = (peer: Peer): void => {
    peer.client.send(ignore());
    const packet = peer.client.pull();
    packet[packet.length - 1]! ^= 1;
    peer.raw(packet);
  };
  const guesses = (peer: Peer): void => {
    for (let i = 0; i < 6; i++) peer.send(passwordRequest("ada", "wrong"));
  };
  const texts = new Map<number, string>();
  for (const [stage, act, reason, options] of [
    ["handshake done", (peer: Peer) => peer.send(channelOpen()), DisconnectReason.PROTOCOL_ERROR, {}],
    ["connected", noCipher, DisconnectReason.KEY_EXCHANGE_FAILED, silent],
    ["keys exchanged", wrongTag, DisconnectReason.MAC_ERROR, {}],
    ["keys exchanged", (peer: Peer) => peer.send(serviceRequest("x")), DisconnectReason.SERVICE_NOT_AVAILABLE, {}],
    ["handshake done", guesses, DisconnectReason.NO_MORE_AUTH_METHODS_AVAILABLE, {}],
    ["connected", (peer: Peer) => peer.raw("GET /\r\n"), DisconnectReason.PROTOCOL_VERSION_NOT_SUPPORTED, silent],
  ] as const) {
    const { peer } = await bar.closes(stage, act, options);
    assert.deepEqual([peer.farewell?.reason, peer.farewell?.language], [reason, ""]);
    texts.set(reason, peer.farewell!.description);
  }
  assert.deepEqual([...new Set(texts.values())], ["protocol error"]);

  const peer = await bar.peer("handshake done");
  assert.equal(await peer.tryPassword("eve", PASSWORD), "success");
  for (const connection of bar.server.connections) {
    if (connection.username === "eve") connection.disconnect("That will do.");
  }
  assert.equal(await peer.closed(), DisconnectReason.BY_APPLICATION);
  assert.equal(peer.farewell?.description, "That will do.");
});
