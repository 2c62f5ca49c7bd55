/** Security bar, part C: the authentication protocol (RFC 4252, RFC 4256, RFC 8709, RFC 5656, OpenSSH PROTOCOL 3.1). */
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import type { Authenticator } from "../../src/index.ts";
import { DisconnectReason, messages, Msg, Reader, Writer } from "../../src/wire/index.ts";
import {
  authRequest,
  clientKey,
  encodeKeyRequest,
  infoResponse,
  interactiveRequest,
  keyFields,
  keyRequest,
  nearMisses,
  noneRequest,
  passwordRequest,
  signedData,
} from "../client/index.ts";
import type { ClientKey } from "../client/index.ts";
import {
  Bar,
  channelOpen,
  channelRequest,
  globalRequest,
  PASSWORD,
  ping,
  serviceRequest,
  USER_KEY,
} from "./harness/index.ts";
import type { BarOptions, Peer } from "./harness/index.ts";

/** As many attempts on one connection as a test needs. */
const MANY = { maxAuthTries: 1000, maxAuthRequests: 1000 };
/** Any key that is proved gets in: what is refused is refused by the engine. */
const anyKey: BarOptions = { judge: () => true, logIn: (peer) => peer.tryPassword("ada", PASSWORD), limits: MANY };
const HOSTBOUND = "publickey-hostbound-v00@openssh.com";

/** The FAILURE that answers a request. */
function failure(peer: Peer, payload: Uint8Array): Promise<{ methods: readonly string[]; partialSuccess: boolean }> {
  return peer.send(payload).next(messages.userauthFailure);
}

function changeRequest(old: string, fresh: string): Uint8Array {
  return authRequest("password", new Writer().boolean(true).utf8(old).utf8(fresh).finish());
}

/** A key whose blob or signature somebody has meddled with. */
function meddled(key: ClientKey, changes: Partial<ClientKey>): ClientKey {
  return { ...key, ...changes };
}

test("C38: ssh-userauth is the one service, and asking for it again is answered again", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("handshake done");
  for (let i = 0; i < 3; i++) {
    peer.send(serviceRequest());
    assert.equal((await peer.next(messages.serviceAccept)).service, "ssh-userauth");
    assert.equal(await peer.tryPassword("ada", "wrong"), "failure");
  }
  for (const service of ["ssh-connection", "ssh-userauth@openssh.com", "constructor", ""]) {
    for (const stage of ["keys exchanged", "handshake done"] as const) {
      const { reason } = await bar.closes(stage, (peer) => peer.send(serviceRequest(service)));
      assert.equal(reason, DisconnectReason.SERVICE_NOT_AVAILABLE);
    }
  }
});

test("C39: no login request is looked at before the service was accepted", async (t) => {
  const bar = await Bar.open(t);
  const act = (peer: Peer): Peer => peer.send(passwordRequest("ada", PASSWORD), serviceRequest());
  const { peer, reason } = await bar.closes("keys exchanged", act);
  assert.deepEqual([reason, peer.came(Msg.USERAUTH_SUCCESS)], [DisconnectReason.PROTOCOL_ERROR, 0]);
});

test("C40: a failure lists the methods that can go on, and never none", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("handshake done");
  for (const payload of [noneRequest("ada"), passwordRequest("ada", "wrong"), noneRequest("ada")]) {
    const { methods } = await failure(peer, payload);
    assert.deepEqual(methods, ["publickey", "password", "keyboard-interactive"]);
  }
  const few = await Bar.open(t, { authMethods: ["none", "password"] });
  assert.deepEqual((await failure(await few.peer("handshake done"), noneRequest("ada"))).methods, ["password"]);
});

test("C41: partial success is said of a completed step alone", async (t) => {
  const bar = await Bar.open(t, {
    authenticationMethods: ["publickey,password"],
    logIn: async (peer) => {
      assert.equal(await peer.tryKey("ada", USER_KEY), "partial");
      return peer.tryPassword("ada", PASSWORD);
    },
  });
  const peer = await bar.peer("handshake done");
  for (const payload of [noneRequest("ada"), passwordRequest("ada", PASSWORD), keyRequest(clientKey("ssh-ed25519"))]) {
    assert.deepEqual(await failure(peer, payload), { methods: ["publickey"], partialSuccess: false });
  }
  assert.equal(await peer.attempt(keyRequest(USER_KEY)), "question");
  const step = await failure(peer, keyRequest(USER_KEY, peer.client.sessionId));
  assert.deepEqual(step, { methods: ["password"], partialSuccess: true });
  assert.deepEqual((await failure(peer, passwordRequest("ada", "wrong"))).partialSuccess, false);
  assert.equal(await peer.tryPassword("ada", PASSWORD), "success");
});

test("C42: none fails like any other attempt", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("handshake done");
  for (let i = 0; i < 3; i++) assert.equal((await failure(peer, noneRequest("ada"))).partialSuccess, false);
  assert.equal(await peer.tryPassword("ada", PASSWORD), "success");
});

test("C43: PK_OK repeats the algorithm and the key as they were sent", async (t) => {
  const bar = await Bar.open(t, anyKey);
  for (const algorithm of [
    "ssh-ed25519",
    "rsa-sha2-512",
    "rsa-sha2-256",
    "ecdsa-sha2-nistp521",
    "ssh-ed25519-cert-v01@openssh.com",
  ]) {
    const key = clientKey(algorithm);
    const peer = await bar.peer("handshake done");
    const answer = await peer.send(keyRequest(key)).next(messages.userauthPkOk);
    assert.deepEqual([answer.algorithm, Buffer.from(answer.key)], [algorithm, Buffer.from(key.blob)]);
    const unusable = { ...key, blob: key.blob.subarray(0, -1) };
    assert.equal(await peer.attempt(keyRequest(unusable)), "failure");
  }
});

test("C44: a signature is over the session id and the whole request up to it", async (t) => {
  const bar = await Bar.open(t, anyKey);
  const peer = await bar.peer("handshake done");
  const key = clientKey("ssh-ed25519");
  for (const [what, payload] of Object.entries(nearMisses(key, peer.client.sessionId!))) {
    assert.equal(await peer.attempt(payload), "failure", what);
  }
  assert.equal(await peer.tryKey("ada", key), "success");
});

test("C45: an Ed25519 key has 32 bytes and its signature 64", async (t) => {
  const bar = await Bar.open(t, anyKey);
  const key = clientKey("ssh-ed25519");
  const blob = (length: number): Uint8Array =>
    new Writer()
      .utf8("ssh-ed25519")
      .string(Buffer.concat([key.blob.subarray(-32), Buffer.alloc(32)]).subarray(0, length))
      .finish();
  const signature = (length: number) => (data: Uint8Array) =>
    new Writer()
      .utf8("ssh-ed25519")
      .string(Buffer.concat([key.sign(data).subarray(-64), Buffer.alloc(64)]).subarray(0, length))
      .finish();
  const peer = await bar.peer("handshake done");
  for (const length of [0, 31, 33, 64]) {
    assert.equal(await peer.tryKey("ada", meddled(key, { blob: blob(length) })), "failure", `a key of ${length}`);
  }
  for (const length of [0, 32, 63, 65, 128]) {
    const wrong = meddled(key, { sign: signature(length) });
    assert.equal(await peer.tryKey("ada", wrong), "failure", `a signature of ${length}`);
  }
  assert.equal(await peer.tryKey("ada", meddled(key, { blob: blob(32), sign: signature(64) })), "success");
});

test("C46: an ECDSA signature is r and s as mpints inside of a string", async (t) => {
  const bar = await Bar.open(t, anyKey);
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x, y } = publicKey.export({ format: "jwk" });
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x!, "base64url"), Buffer.from(y!, "base64url")]);
  const algorithm = "ecdsa-sha2-nistp256";
  const blob = new Writer().utf8(algorithm).utf8("nistp256").string(point).finish();
  const forms: Readonly<Record<string, (r: Uint8Array, s: Uint8Array) => Uint8Array>> = {
    DER: (r, s) => {
      const integers = [r, s].flatMap((half) => [2, half.length + 1, 0, ...half]);
      return Uint8Array.of(0x30, integers.length, ...integers);
    },
    "r and s without lengths": (r, s) => Buffer.concat([r, s]),
    "r without s": (r) => new Writer().mpint(r).finish(),
    "a byte behind s": (r, s) => new Writer().mpint(r).mpint(s).byte(0).finish(),
    "s before r": (r, s) => new Writer().mpint(s).mpint(r).finish(),
    "leading zeros": (r, s) =>
      new Writer()
        .string(Buffer.from([0, 0, ...r]))
        .string(Buffer.from([0, 0, ...s]))
        .finish(),
    "negative numbers": (r, s) =>
      new Writer()
        .string(Buffer.from(r).fill(0xff, 0, 1))
        .string(Buffer.from(s).fill(0xff, 0, 1))
        .finish(),
    zeros: () => new Writer().mpint(Uint8Array.of(0)).mpint(Uint8Array.of(0)).finish(),
    "numbers that are too long": (r, s) =>
      new Writer()
        .mpint(Buffer.from([1, ...r]))
        .mpint(Buffer.from([1, ...s]))
        .finish(),
    "r and s": (r, s) => new Writer().mpint(r).mpint(s).finish(),
  };
  const peer = await bar.peer("handshake done");
  for (const [form, make] of Object.entries(forms)) {
    const key: ClientKey = {
      algorithm,
      blob,
      sign(data) {
        const halves = sign("sha256", data, { key: privateKey, dsaEncoding: "ieee-p1363" });
        return new Writer()
          .utf8(algorithm)
          .string(make(halves.subarray(0, 32), halves.subarray(32)))
          .finish();
      },
    };
    assert.equal(await peer.tryKey("ada", key), form === "r and s" ? "success" : "failure", form);
  }
});

test("C47: a change of password that nobody asked for is a failure, and one that was asked for is judged", async (t) => {
  const bar = await Bar.open(t, {
    judge: (data) => {
      if (data.username !== "ada" || data.password !== PASSWORD) return data.username === "sentinel";
      if (data.method === "password" && data.newPassword !== undefined) return data.newPassword === "fresh";
      return { changePassword: "It has expired." };
    },
    logIn: (peer) => peer.tryPassword("sentinel", PASSWORD),
  });
  const peer = await bar.peer("handshake done");
  assert.equal(await peer.attempt(changeRequest(PASSWORD, "fresh")), "failure");
  for (const [fresh, expected] of [
    ["stale", "failure"],
    ["fresh", "success"],
  ] as const) {
    const { prompt } = await peer.send(passwordRequest("ada", PASSWORD)).next(messages.userauthPasswdChangereq);
    assert.equal(prompt, "It has expired.");
    assert.equal(await peer.attempt(changeRequest(PASSWORD, fresh)), expected);
  }
});

test("C48: keyboard-interactive keeps to its prompts: their echo, their number, none at all, and the newest request", async (t) => {
  const questions: Authenticator = {
    methods: ["keyboard-interactive"],
    async judge(data) {
      if (data.method !== "keyboard-interactive") return undefined;
      await data.prompt([], { instruction: "Nothing to answer." });
      const answers = await data.prompt([
        { prompt: "Name? ", echo: true },
        { prompt: "Secret? ", echo: false },
      ]);
      return answers.join("/") === `${data.username}/right`;
    },
  };
  const bar = await Bar.open(t, {
    auth: [questions],
    logIn: (peer) => peer.tryPassword("ada", PASSWORD),
    limits: MANY,
  });
  const ask = async (
    peer: Peer,
    payload: Uint8Array,
  ): Promise<readonly (readonly [prompt: string, echo: boolean])[]> => {
    const { count, prompts } = await peer.send(payload).next(messages.userauthInfoRequest);
    const from = new Reader(prompts);
    return Array.from({ length: count }, () => [from.text(), from.boolean()] as const);
  };
  const peer = await bar.peer("handshake done");
  for (const [answers, expected] of [
    [["ada"], "failure"],
    [["ada", "right", ""], "failure"],
    [["ada", "wrong"], "failure"],
    [["ada", "right"], "success"],
  ] as const) {
    assert.deepEqual(await ask(peer, interactiveRequest("ada")), []);
    // A request that comes in between begins from the start, and the dialogue before it has no failure of its own.
    assert.deepEqual(await ask(peer, interactiveRequest("ada")), []);
    assert.deepEqual(await ask(peer, infoResponse()), [
      ["Name? ", true],
      ["Secret? ", false],
    ]);
    assert.equal(await peer.attempt(infoResponse(...answers)), expected);
  }
  const other = await bar.peer("handshake done");
  await ask(other, interactiveRequest("ada"));
  assert.equal(await other.tryPassword("ada", "wrong"), "failure");
  assert.equal(await other.tryPassword("ada", PASSWORD), "success");
  await bar.closes("handshake done", (peer) => peer.send(infoResponse("ada", "right")));
});

test("C49: the banner comes before the first answer, once, and is UTF-8", async (t) => {
  const bar = await Bar.open(t, { banner: "Grüß Gott\n" });
  const peer = await bar.peer("handshake done");
  await failure(peer, noneRequest("ada"));
  assert.equal(await peer.tryPassword("ada", PASSWORD), "success");
  await peer.settled();
  const order = peer.client.numbers.filter((number) => number >= 50 && number < 80);
  assert.deepEqual(order, [Msg.USERAUTH_BANNER, Msg.USERAUTH_FAILURE, Msg.USERAUTH_SUCCESS]);
  assert.equal((await peer.next(messages.userauthBanner)).text, "Grüß Gott\n");

  bar.server.onUser("authbanner", () => "half a character: \ud83d");
  const half = await bar.peer("logged in");
  const payload = half.client.unread.find(([number]) => number === Msg.USERAUTH_BANNER)!;
  const text = new Reader(payload.subarray(1)).string();
  assert.equal(new TextDecoder("utf-8", { fatal: true }).decode(text), "half a character: \ufffd");
});

test("C50: after the SUCCESS further requests are ignored, and no FAILURE is sent", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("handshake done");
  // The second one is underway when the first is judged.
  peer.send(passwordRequest("ada", PASSWORD), passwordRequest("ada", "wrong"), noneRequest("bob"), ping("behind"));
  assert.equal(await peer.verdict(), "success");
  await peer.send(authRequest("x", Buffer.from("y"), "root", "ssh-connection")).settled();
  const later = peer.client.numbers.slice(peer.client.numbers.indexOf(Msg.USERAUTH_SUCCESS) + 1);
  assert.deepEqual(later, [Msg.PONG, Msg.PONG]);
});

test("C51: a message of the connection protocol before the SUCCESS ends the connection", async (t) => {
  const bar = await Bar.open(t);
  const early = [
    channelOpen(),
    channelRequest(0, "exec"),
    globalRequest("keepalive@openssh.com"),
    Uint8Array.of(80),
    Uint8Array.of(127),
  ];
  for (const payload of early) {
    for (const before of [[], [passwordRequest("ada", "wrong")]]) {
      const { reason } = await bar.closes("handshake done", (peer) => peer.send(...before, payload));
      assert.equal(reason, DisconnectReason.PROTOCOL_ERROR);
    }
    const { reason } = await bar.closes("keys exchanged", (peer) => peer.send(payload));
    assert.equal(reason, DisconnectReason.PROTOCOL_ERROR);
  }
  assert.deepEqual(bar.seen, []);
});

test("C55: a host-bound request names our host key, and its signature covers it", async (t) => {
  const bar = await Bar.open(t, anyKey);
  const hostKey = bar.server.hostKeys[0]!.blob;
  const key = clientKey("ssh-ed25519");
  const peer = await bar.peer("handshake done");
  const sessionId = peer.client.sessionId!;
  const request = (changes: { hostKey: Uint8Array; signed?: Uint8Array }): Uint8Array => {
    const fields = keyFields(key, { method: HOSTBOUND, hostKey: changes.hostKey });
    const signed = { ...fields, hostKey: changes.signed ?? changes.hostKey };
    return encodeKeyRequest(fields, key.sign(signedData(signed, sessionId)));
  };
  const other = clientKey("ssh-ed25519").blob;
  for (const wrong of [other, new Uint8Array(0), hostKey.subarray(1), Buffer.concat([hostKey, hostKey])]) {
    assert.equal(await peer.attempt(request({ hostKey: wrong })), "failure");
    assert.equal(await peer.attempt(request({ hostKey, signed: wrong })), "failure");
    assert.equal(await peer.attempt(keyRequest(key, undefined, { method: HOSTBOUND, hostKey: wrong })), "failure");
  }
  assert.equal(await peer.attempt(keyRequest(key, undefined, { method: HOSTBOUND, hostKey })), "question");
  assert.equal(await peer.attempt(request({ hostKey })), "success");
});
