import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DisconnectReason, messages, Msg } from "../../src/wire/index.ts";
import { kept, Loopback } from "../client/index.ts";

const data = new Uint8Array(0);
const begun = (): Loopback => {
  const link = new Loopback({ client: { automatic: false, kex: ["curve25519-sha256"], strict: false } });
  link.client.sendIdentification();
  return link;
};

function assertEnded(link: Loopback, pattern: RegExp): void {
  assert.equal(link.end?.by, "violation");
  assert.match(String(link.end.by === "violation" && link.end.error.message), pattern);
}

describe("KEXINIT", () => {
  test("may have 32768 bytes, and not one more", () => {
    for (const [length, ends] of [
      [32768, false],
      [32769, true],
    ] as const) {
      const link = begun();
      const missing = length - link.client.kexInit().length;
      // A list of names of 64 characters with their commas, and a last one that makes it fit.
      const names = Array.from({ length: Math.floor(missing / 65) }, () => "x".repeat(64)).concat(
        "x".repeat(missing % 65),
      );
      assert.equal(link.client.kexInit({ languageIn: names }).length, length);
      link.client.sendKexInit({ languageIn: names });
      assert.equal(link.exchange().end !== undefined, ends, `${length} bytes`);
    }
  });

  test("may have 1024 names in a list, and not one more", () => {
    const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${i}`);
    const ok = begun();
    ok.client.sendKexInit({ languageOut: names(1024) });
    assert.equal(ok.exchange().end, undefined);
    const over = begun();
    over.client.sendKexInit({ languageOut: names(1025) });
    assertEnded(over.exchange(), /more than 1024 names/);
  });

  test("may be cut short nowhere", () => {
    const whole = messages.kexInit.encode({
      cookie: new Uint8Array(16),
      kex: ["curve25519-sha256"],
      hostKey: ["ssh-ed25519"],
      cipherIn: ["aes128-ctr"],
      cipherOut: ["aes128-ctr"],
      macIn: ["hmac-sha2-256"],
      macOut: ["hmac-sha2-256"],
      compressionIn: ["none"],
      compressionOut: ["none"],
      languageIn: [],
      languageOut: [],
      firstKexPacketFollows: false,
      reserved: 0,
    });
    for (let length = 1; length < whole.length; length++) {
      const link = begun();
      link.client.send(whole.subarray(0, length));
      assert.equal(link.exchange().end?.by, "violation", `${length} bytes`);
    }
  });
});

describe("before the login", () => {
  test("a client may send 8 MiB under its keys, and not more", () => {
    const link = new Loopback().handshake();
    const ignore = messages.ignore.encode({ data: Buffer.alloc(32000) });
    for (let sent = 0; sent < 8 * 2 ** 20 - 40_000; sent += 32_048) {
      link.client.send(ignore);
      link.exchange();
    }
    assert.equal(link.end, undefined);
    for (let i = 0; i < 3; i++) link.client.send(ignore);
    assertEnded(link.exchange(), /too many bytes before the login/);
  });

  test("it may send as much in a first key exchange that is not strict", () => {
    const link = begun();
    const ignore = messages.ignore.encode({ data: Buffer.alloc(32000) });
    for (let i = 0; i < 300 && !link.end; i++) {
      link.client.send(ignore);
      link.exchange();
    }
    assertEnded(link, /too many bytes before the login/);
  });

  test("a ping is not answered", () => {
    const link = new Loopback().handshake();
    for (let i = 0; i < 1000; i++) link.client.send(messages.ping.encode({ data }));
    link.exchange();
    assert.equal(link.end?.by, "violation");
    assert.ok(!link.client.numbers.includes(Msg.PONG));
  });

  test("a packet of 64 KiB is the longest, afterwards one of 256 KiB", () => {
    const before = new Loopback().handshake();
    before.client.send(messages.ignore.encode({ data: Buffer.alloc(65536) }));
    assert.equal(before.exchange().end?.by, "violation");

    const after = new Loopback().login();
    after.client.send(messages.ignore.encode({ data: Buffer.alloc(262_000) }));
    assert.equal(after.exchange().end, undefined);
    after.client.send(messages.ignore.encode({ data: Buffer.alloc(262_144) }));
    assert.equal(after.exchange().end?.by, "violation");
  });

  test("thousands of half-made handshakes leave nothing", async () => {
    const half = (count: number): void => {
      for (let i = 0; i < count; i++) {
        const link = begun();
        link.client.sendKexInit();
        link.exchange();
        link.server.lost();
      }
    };
    half(500);
    const growth = await kept(() => half(3000));
    assert.ok(growth < 2 ** 20, `${growth} bytes`);
  });
});

describe("a renewal of keys", () => {
  const waiting = (): Loopback => {
    const link = new Loopback({ limits: { clientAliveInterval: 0, unusedConnectionTime: 0 } }).login();
    link.client.automatic = false;
    return link.pass(3_600_000);
  };

  test("holds answers up to about 1 MiB", () => {
    const link = waiting();
    const ping = messages.ping.encode({ data: Buffer.alloc(10_000) });
    for (let i = 0; i < 100; i++) link.client.send(ping);
    assert.equal(link.exchange().end, undefined);
    for (let i = 0; i < 10; i++) link.client.send(ping);
    assertEnded(link.exchange(), /too many answers wait/);
    assert.equal(link.server.pending, 0);
  });

  test("counts what it costs to hold a short answer, not its bytes alone", () => {
    const link = waiting();
    const keepalive = messages.globalRequest.encode({ type: "keepalive@openssh.com", wantReply: true, data });
    let count = 0;
    for (; count < 100_000 && !link.end; count++) {
      link.client.send(keepalive);
      link.exchange();
    }
    assertEnded(link, /too many answers wait/);
    assert.ok(count < 10_000, `${count} answers were held`);
  });

  test("may be asked for ten times in a row without need, and not eleven times", () => {
    const link = new Loopback({ client: { kex: ["curve25519-sha256"] } }).login();
    for (let i = 0; i < 10; i++) {
      link.client.sendKexInit();
      link.exchange();
    }
    assert.equal(link.client.exchanges, 11);
    link.client.sendKexInit();
    link.exchange();
    assert.equal(link.client.expect(messages.disconnect).reason, DisconnectReason.BY_APPLICATION);
    assert.equal(link.client.exchanges, 11);
  });

  test("may be asked for every ten seconds for ever", () => {
    const link = new Loopback({
      client: { kex: ["curve25519-sha256"] },
      limits: { clientAliveInterval: 0, unusedConnectionTime: 0 },
    }).login();
    for (let i = 0; i < 40; i++) {
      link.pass(10_000);
      link.client.sendKexInit();
      link.exchange();
    }
    assert.deepEqual([link.end, link.client.exchanges], [undefined, 41]);
  });

  test("ends a flood of what may not come inside it, unanswered", () => {
    const link = new Loopback().login();
    link.client.automatic = false;
    link.client.sendKexInit();
    const request = messages.globalRequest.encode({ type: "x", wantReply: true, data });
    for (let i = 0; i < 30_000; i++) link.client.send(request);
    link.exchange();
    assert.equal(link.end?.by, "violation");
    assert.ok(!link.client.numbers.includes(Msg.REQUEST_FAILURE));
  });
});
