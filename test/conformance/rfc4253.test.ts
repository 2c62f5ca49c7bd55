import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { generatePrivateKey, kexAlgorithms, parsePrivateKey, signatureAlgorithms } from "../../src/crypto/index.ts";
import { offerOf } from "../../src/protocol/index.ts";
import { messages, Msg, Reader } from "../../src/wire/index.ts";
import { Loopback } from "../client/index.ts";

const data = new Uint8Array(0);

/** What a server says of itself before anything is agreed on. */
function greeting(): Loopback {
  const rsa = parsePrivateKey(generatePrivateKey("rsa", { bits: 2048 }));
  const ed25519 = parsePrivateKey(generatePrivateKey("ed25519"));
  const link = new Loopback({ offer: offerOf([ed25519, rsa]), client: { automatic: false } });
  return link.exchange();
}

describe("RFC 4253, as a client sees it", () => {
  test("§4.2: the identification is SSH-2.0-software, without spaces or hyphens in it, in US-ASCII", () => {
    assert.match(greeting().client.serverIdentification!, /^SSH-2\.0-[!-,.-~]+( [ -~]*)?$/);
  });

  test("§6.1: payloads of 32768 and packets of 35000 bytes are taken", () => {
    const link = new Loopback().login();
    for (const length of [32768, 34900]) link.client.send(messages.ignore.encode({ data: Buffer.alloc(length - 5) }));
    link.client.send(messages.ping.encode({ data }));
    link.exchange();
    link.client.expect(messages.pong);
  });

  test("§7.1: the lists name what there is, and nothing of the past", () => {
    const { kex, hostKey, compressionIn, compressionOut, reserved, firstKexPacketFollows } =
      greeting().client.serverKexInit;
    assert.deepEqual(kex.slice(0, -2), [...kexAlgorithms.keys()]);
    assert.ok(kex.includes("curve25519-sha256") && kex.includes("curve25519-sha256@libssh.org"));
    assert.deepEqual(hostKey, ["ssh-ed25519", "rsa-sha2-512", "rsa-sha2-256"]);
    assert.deepEqual([compressionIn, compressionOut, reserved, firstKexPacketFollows], [["none"], ["none"], 0, false]);
  });

  test("§7.1: cookies do not repeat", () => {
    const cookies = Array.from({ length: 20 }, () =>
      Buffer.from(greeting().client.serverKexInit.cookie).toString("hex"),
    );
    assert.equal(new Set(cookies).size, 20);
  });

  test("§6: padding is random", () => {
    const seen = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const bytes = Buffer.from(new Loopback({ client: { automatic: false } }).toClient());
      const packet = bytes.subarray(bytes.indexOf("\r\n") + 2);
      seen.add(packet.subarray(-packet[4]!).toString("hex"));
    }
    assert.ok(seen.size >= 19, "20 paddings of at least 4 bytes");
  });

  test("§11.4: every unknown message is answered with its own sequence number, in order", () => {
    const link = new Loopback({ client: { strict: false } }).login();
    const first = link.client.out.sequence;
    const unknown = [8, 19, 79, 101, 127, 128, 191, 194, 255];
    for (const number of unknown) link.client.send(Uint8Array.of(number, 1, 2, 3));
    link.exchange();
    const answers = unknown.map(() => link.client.expect(messages.unimplemented).sequence);
    assert.deepEqual(
      answers,
      unknown.map((_, index) => first + index),
    );
  });

  test("§11: IGNORE, DEBUG and UNIMPLEMENTED are taken at any time after the exchange", () => {
    const link = new Loopback().login();
    link.client.send(messages.ignore.encode({ data: Buffer.alloc(100) }));
    link.client.send(messages.debug.encode({ alwaysDisplay: true, text: "\x1b[2J", language: "" }));
    link.client.send(messages.unimplemented.encode({ sequence: 0xffffffff }));
    const said = link.client.numbers.length;
    link.exchange();
    assert.deepEqual([link.end, link.client.numbers.length], [undefined, said]);
  });

  test("§10: ssh-userauth is the one service, and DISCONNECT 7 the answer to another", () => {
    for (const service of ["ssh-connection", "constructor", "", "ssh-userauth@openssh.com"]) {
      const link = new Loopback();
      link.exchange();
      link.client.send(messages.serviceRequest.encode({ service }));
      link.exchange();
      assert.equal(link.client.expect(messages.disconnect).reason, 7, service);
    }
  });
});

describe("RFC 8308 and OpenSSH's extensions, as a client sees them", () => {
  test("server-sig-algs lists exactly what publickey takes, and never ssh-rsa", () => {
    const link = new Loopback();
    link.exchange();
    const { count, extensions } = link.client.expect(messages.extInfo);
    const from = new Reader(extensions);
    const values = new Map(Array.from({ length: count }, () => [from.name(), from.text()] as const));
    assert.deepEqual(values.get("server-sig-algs")?.split(","), [...signatureAlgorithms]);
    assert.ok(!signatureAlgorithms.includes("ssh-rsa"));
    assert.equal(values.get("ping@openssh.com"), "0");
  });

  test("PING is answered in order with its bytes, however many there are", () => {
    const link = new Loopback().login();
    for (const length of [0, 1, 1000, 32000])
      link.client.send(messages.ping.encode({ data: Buffer.alloc(length, "p") }));
    link.exchange();
    const pongs = link.client.unread.filter((payload) => payload[0] === Msg.PONG);
    assert.deepEqual(
      pongs.map((payload) => messages.pong.decode(payload).data.length),
      [0, 1, 1000, 32000],
    );
  });

  test("keepalive requests are answered with a failure, in order", () => {
    const link = new Loopback().login();
    const ask = (wantReply: boolean): void =>
      link.client.send(messages.globalRequest.encode({ type: "keepalive@openssh.com", wantReply, data }));
    ask(true);
    ask(false);
    ask(true);
    link.exchange();
    assert.deepEqual(link.client.numbers.slice(-2), [Msg.REQUEST_FAILURE, Msg.REQUEST_FAILURE]);
    assert.equal(link.client.numbers.filter((number) => number === Msg.REQUEST_FAILURE).length, 2);
  });
});
