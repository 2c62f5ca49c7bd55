import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { signatureAlgorithms } from "../../../src/crypto/index.ts";
import { messages, Msg, ProtocolError, Reader, Writer } from "../../../src/wire/index.ts";
import { Authenticator, certify, clientKey, nearMisses } from "../../client/index.ts";
import { failure, fakeLogin, HOST_KEY, request, SESSION_ID } from "./fake-login.ts";
import type { FakeLogin } from "./fake-login.ts";
import { encode, publickeyFields, publickeyRequest, signedData } from "./publickey-requests.ts";
import type { Signed } from "./publickey-requests.ts";

const HOSTBOUND = "publickey-hostbound-v00@openssh.com";
const key = clientKey("ssh-ed25519");
const other = clientKey("ssh-ed25519");
const fields = publickeyFields(key);
const signature = key.sign(signedData(fields));

/** The request is whole but good for nothing: it takes the way of all attempts and fails whatever is said. */
function assertUnusable(payload: Uint8Array, why: RegExp, login: FakeLogin = fakeLogin()): void {
  const question = login.ask(payload);
  assert.equal(question.method, "unusable");
  if (question.method === "unusable") assert.match(question.why, why);
  assert.deepEqual(login.answer({ type: "success" }), failure());
}

for (const algorithm of signatureAlgorithms) {
  test(`a real ${algorithm} signature reaches the policy as proved, with the key`, () => {
    const key = clientKey(algorithm);
    const login = fakeLogin();
    const question = login.ask(publickeyRequest(key));
    assert.ok(question.method === "publickey");
    assert.deepEqual([question.user, question.algorithm, question.proved], ["ada", algorithm, true]);
    assert.deepEqual(Buffer.from(question.key.blob), Buffer.from(key.blob));
    assert.deepEqual(login.answer({ type: "success" }), Buffer.of(Msg.USERAUTH_SUCCESS));
    assert.deepEqual(login.authenticated, [["ada", "publickey"]]);
  });

  test(`a ${algorithm} signature with one bit changed anywhere in its value is unusable`, () => {
    const key = clientKey(algorithm);
    const fields = publickeyFields(key);
    const signature = key.sign(signedData(fields));
    // A certificate's signature has the plain name.
    const start = 4 + new Reader(signature).name().length + 4;
    for (const at of [start, start + 10, Math.floor((start + signature.length) / 2), signature.length - 1]) {
      const changed = new Uint8Array(signature);
      changed[at]! ^= 1;
      assert.equal(fakeLogin().ask(encode(fields, changed)).method, "unusable");
    }
  });
}

test("a query asks about the key unproved, and PK_OK names the algorithm and the key as they came", () => {
  for (const algorithm of signatureAlgorithms) {
    const key = clientKey(algorithm);
    const login = fakeLogin();
    const question = login.ask(publickeyRequest(key, { proved: false }));
    assert.ok(question.method === "publickey");
    assert.equal(question.proved, false);
    const reply = login.answer({ type: "acceptable" });
    assert.deepEqual(reply, messages.userauthPkOk.encode({ algorithm, key: key.blob }));
    assert.deepEqual(login.authenticated, []);
  }
});

test("a good answer to one key's query is worth nothing for another key's broken signature", () => {
  const login = fakeLogin();
  login.attempt(publickeyRequest(key, { proved: false }), { type: "acceptable" });
  const forged = encode(publickeyFields(other), signature);
  assertUnusable(forged, /does not verify/, login);
  const question = login.ask(publickeyRequest(other));
  assert.ok(question.method === "publickey" && question.proved);
  assert.deepEqual(Buffer.from(question.key.blob), Buffer.from(other.blob), "the policy hears of the key that signed");
});

test("the key that the policy holds does not change with the payload it came in", () => {
  const payload = publickeyRequest(key);
  const question = fakeLogin().ask(payload);
  payload.fill(0);
  assert.ok(question.method === "publickey");
  assert.deepEqual(Buffer.from(question.key.blob), Buffer.from(key.blob));
});

for (const [what, payload] of Object.entries(nearMisses(key, SESSION_ID))) {
  test(`a signature ${what} is unusable`, () => assertUnusable(payload, /does not verify/));
}

test("the signature covers the request as it was understood: a flag of 2 in the request is TRUE under it", () => {
  const payload = new Uint8Array(encode(fields, signature));
  payload[Buffer.from(payload).indexOf("publickey") + "publickey".length] = 2;
  const question = fakeLogin().ask(payload);
  assert.ok(question.method === "publickey" && question.proved);
});

test("an algorithm that is not allowed is unusable, whatever the key", () => {
  const rsa = clientKey("rsa-sha2-512");
  for (const algorithm of ["ssh-rsa", "ssh-dss", "", "__proto__", "constructor", "SSH-ED25519"]) {
    assertUnusable(publickeyRequest(key, { algorithm }), /not allowed/);
    assertUnusable(publickeyRequest(rsa, { algorithm, proved: false }), /not allowed/);
  }
});

test("the policy hears what a FIDO key's authenticator has seen, once the key is proved, and of other keys nothing", () => {
  const token = new Authenticator("ed25519");
  const fields = publickeyFields(token);
  for (const [flags, present, verified] of [
    [0, false, false],
    [1, true, false],
    [4, false, true],
    [5, true, true],
  ] as const) {
    const question = fakeLogin().ask(encode(fields, token.sign(signedData(fields), { flags, counter: 99 })));
    assert.ok(question.method === "publickey" && question.proved);
    assert.deepEqual(question.touch, { present, verified, counter: 99 });
  }
  for (const payload of [publickeyRequest(token, { proved: false }), publickeyRequest(key)]) {
    assert.equal("touch" in fakeLogin().ask(payload), false);
  }
});

test("flags or a counter that the authenticator did not sign are unusable", () => {
  const token = new Authenticator("ecdsa");
  const fields = publickeyFields(token);
  const signature = token.sign(signedData(fields), { flags: 0, counter: 1 });
  for (const at of [-5, -1]) {
    const changed = Buffer.from(signature);
    changed[changed.length + at]! ^= 1;
    assertUnusable(encode(fields, changed), /does not verify/);
  }
});

test("the policy gets the certificate with the key", () => {
  const certified = clientKey("ssh-ed25519-cert-v01@openssh.com");
  const question = fakeLogin().ask(publickeyRequest(certified));
  assert.ok(question.method === "publickey" && question.proved);
  assert.deepEqual(question.key.certificate?.principals, ["ada"]);
});

test("a host's certificate is unusable for a user, as a query and with a signature", () => {
  const blob = certify(key.blob, other, { type: 2 });
  const algorithm = "ssh-ed25519-cert-v01@openssh.com";
  assertUnusable(publickeyRequest({ ...key, blob, algorithm }, { proved: false }), /a host's/);
  assertUnusable(publickeyRequest({ ...key, blob, algorithm }), /a host's/);
});

test("a certificate that its CA did not sign is a broken key", () => {
  const algorithm = "ssh-ed25519-cert-v01@openssh.com";
  const blob = certify(key.blob, { blob: other.blob, sign: (data) => key.sign(data) });
  assertUnusable(publickeyRequest({ ...key, blob, algorithm }), /broken/);
});

test("a certificate goes with the algorithm of certificates alone, and a plain key with the plain one", () => {
  const plain = clientKey("rsa-sha2-512");
  const certified = clientKey("rsa-sha2-512-cert-v01@openssh.com");
  assertUnusable(publickeyRequest(certified, { algorithm: "rsa-sha2-512" }), /not one of the key's/);
  assertUnusable(publickeyRequest(plain, { algorithm: certified.algorithm }), /not one of the key's/);
  assertUnusable(publickeyRequest(certified, { algorithm: "ssh-rsa-cert-v01@openssh.com" }), /not allowed/);
});

test("a certificate's signature is named without the certificate, and covers the certificate", () => {
  const certified = clientKey("ssh-ed25519-cert-v01@openssh.com");
  const fields = publickeyFields(certified);
  const value = new Reader(certified.sign(signedData(fields)).subarray(4 + "ssh-ed25519".length)).string();
  const named = new Writer().utf8(certified.algorithm).string(value).finish();
  assertUnusable(encode(fields, named), /does not verify/);
  assertUnusable(encode(fields, certified.sign(signedData(fields, { blob: key.blob }))), /does not verify/);
});

test("one ECDSA curve that is allowed does not allow the others", () => {
  const login = fakeLogin({ signatureAlgorithms: ["ecdsa-sha2-nistp256"] });
  assertUnusable(publickeyRequest(clientKey("ecdsa-sha2-nistp384")), /not allowed/, login);
  assert.equal(login.ask(publickeyRequest(clientKey("ecdsa-sha2-nistp256"))).method, "publickey");
});

test("an algorithm of another kind of key is unusable", () => {
  assertUnusable(publickeyRequest(key, { algorithm: "rsa-sha2-512" }), /not one of the key's/);
  assertUnusable(publickeyRequest(clientKey("rsa-sha2-256"), { algorithm: "ssh-ed25519" }), /not one of the key's/);
  assertUnusable(
    publickeyRequest(clientKey("ecdsa-sha2-nistp256"), { algorithm: "ecdsa-sha2-nistp384" }),
    /not one of the key's/,
  );
});

test("an RSA key signs with the hash it names", () => {
  const sha256 = clientKey("rsa-sha2-256");
  const fields = publickeyFields(sha256, { algorithm: "rsa-sha2-512" });
  assertUnusable(encode(fields, sha256.sign(signedData(fields))), /does not verify/);
});

test("a broken key is unusable, as a query and with a signature", () => {
  const type = new Writer().utf8("ssh-ed25519");
  const blobs = [
    new Uint8Array(),
    Uint8Array.of(0),
    Uint8Array.of(0xff, 0xff, 0xff, 0xff),
    type.finish(),
    new Writer().utf8("ssh-ed25519").string(new Uint8Array(31)).finish(),
    new Writer().utf8("ssh-ed25519").string(new Uint8Array(33)).finish(),
    Buffer.from([...key.blob, 0]),
    new Writer().utf8("__proto__").finish(),
    new Writer().utf8("ssh-rsa").mpint(Uint8Array.of(3)).mpint(new Uint8Array(2048).fill(0xff)).finish(),
  ];
  for (const blob of blobs) {
    assertUnusable(publickeyRequest(key, { blob, proved: false }), /key/);
    assertUnusable(publickeyRequest(key, { blob }), /key/);
  }
});

test("a request that is cut short or too long ends the connection", () => {
  const broken = {
    "without a signature": encode(fields, signature).subarray(0, -(4 + signature.length)),
    "with a byte behind the signature": Buffer.from([...encode(fields, signature), 0]),
    "with a signature behind a query": Buffer.concat([encode(fields), new Writer().string(signature).finish()]),
    "of nothing": request("publickey", new Uint8Array()),
    "with a name of 65 characters": encode({ ...fields, algorithm: "a".repeat(65) }),
    "with a name that is not ASCII": encode({ ...fields, algorithm: "é" }),
  };
  for (const [what, payload] of Object.entries(broken)) {
    const login = fakeLogin();
    assert.throws(() => login.userauth.receive(payload), { name: "ProtocolError", message: /^publickey: / }, what);
    assert.deepEqual([login.asked.length, login.sent.length], [0, 0]);
  }
});

test("a request cut anywhere never reaches the policy as a key that is proved", () => {
  const whole = encode(fields, signature);
  for (let length = 1; length < whole.length; length++) {
    assert.throws(() => fakeLogin().userauth.receive(whole.subarray(0, length)), ProtocolError);
  }
});

test("a hostbound request with our host key is a publickey login", () => {
  const login = fakeLogin();
  const bound = { method: HOSTBOUND, hostKey: HOST_KEY };
  const query = login.ask(publickeyRequest(key, { ...bound, proved: false }));
  assert.ok(query.method === "publickey" && !query.proved);
  assert.equal(login.answer({ type: "acceptable" })[0], Msg.USERAUTH_PK_OK);
  const question = login.ask(publickeyRequest(key, bound));
  assert.ok(question.method === "publickey" && question.proved);
  login.answer({ type: "success" });
  assert.deepEqual(login.authenticated, [["ada", "publickey"]]);
});

test("a hostbound request with another host key is unusable, though its signature is right", () => {
  for (const hostKey of [new Uint8Array(), other.blob, HOST_KEY.subarray(1), Buffer.from([...HOST_KEY, 0])]) {
    assertUnusable(publickeyRequest(key, { method: HOSTBOUND, hostKey }), /another host key/);
    assertUnusable(publickeyRequest(key, { method: HOSTBOUND, hostKey, proved: false }), /another host key/);
  }
});

test("a hostbound signature covers the host key and the method's name", () => {
  const fields = publickeyFields(key, { method: HOSTBOUND, hostKey: HOST_KEY });
  const wrong: readonly Partial<Signed>[] = [{ hostKey: other.blob }, { hostKey: undefined }, { method: "publickey" }];
  for (const changes of wrong) {
    assertUnusable(encode(fields, key.sign(signedData(fields, changes))), /does not verify/);
  }
});

test("a hostbound request without its host key ends the connection", () => {
  const payload = publickeyRequest(key, { method: HOSTBOUND, proved: false });
  assert.throws(() => fakeLogin().userauth.receive(payload), { message: /^publickey-hostbound/ });
});

test("hostbound is offered with publickey and only then, and stands in no list", () => {
  const payload = publickeyRequest(key, { method: HOSTBOUND, hostKey: HOST_KEY });
  assert.equal(fakeLogin({ methods: ["publickey"] }).ask(payload).method, "publickey");
  const login = fakeLogin({ methods: ["password"] });
  assert.equal(login.ask(payload).method, "unusable");
  assert.deepEqual(login.answer({ type: "success" }), failure(["password"]));
});

test("whatever the bytes, a request is unusable, a query, or no request at all", () => {
  const lengths = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(
      fc.constantFrom("publickey", HOSTBOUND),
      fc.boolean(),
      lengths,
      lengths,
      (method, signed, blob, tail) => {
        const to = new Writer().boolean(signed).utf8("ssh-ed25519").string(blob).bytes(tail);
        const login = fakeLogin();
        try {
          const question = login.ask(request(method, to.finish()));
          assert.equal(question.method, "unusable");
        } catch (error) {
          assert.ok(error instanceof ProtocolError, String(error));
        }
      },
    ),
  );
});

test("whatever takes the place of the signature does not verify", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => assertUnusable(encode(fields, bytes), /does not verify/)),
  );
});
