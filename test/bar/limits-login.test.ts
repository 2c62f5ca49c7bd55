/** Security bar, table B: what a login may use. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { authorizedKeys } from "../../src/auth/index.ts";
import { Server } from "../../src/index.ts";
import type { Authenticator } from "../../src/index.ts";
import { DisconnectReason, messages, Msg, Writer } from "../../src/wire/index.ts";
import {
  authRequest,
  certify,
  clientKey,
  infoResponse,
  interactiveRequest,
  keyRequest,
  passwordRequest,
} from "../client/index.ts";
import type { CertificateFields } from "../client/index.ts";
import { Bar, keyLine, PASSWORD, serviceRequest, USER_KEY } from "./harness/index.ts";

const stranger = clientKey("ssh-ed25519");

/** Lets in who shows any key or password at all: only the wire's own limits are left. */
const anything = (): boolean => true;

test("B MaxAuthTries, C52: five failures are followed by a login, the sixth by the end", async (t) => {
  const bar = await Bar.open(t);
  assert.equal(bar.server.options.limits.maxAuthTries, 6);
  const peer = await bar.peer("handshake done");
  for (let i = 0; i < 5; i++) assert.equal(await peer.tryPassword("ada", "wrong"), "failure");
  assert.equal(await peer.tryPassword("ada", PASSWORD), "success");
  const { reason } = await bar.closes("handshake done", async (peer) => {
    for (let i = 0; i < 5; i++) assert.equal(await peer.tryPassword("ada", "wrong"), "failure");
    peer.send(passwordRequest("ada", "wrong"));
  });
  assert.equal(reason, DisconnectReason.NO_MORE_AUTH_METHODS_AVAILABLE);
});

test("B USERAUTH requests total: 32, whatever came of them", async (t) => {
  const bar = await Bar.open(t);
  assert.equal(bar.server.options.limits.maxAuthRequests, 32);
  const peer = await bar.peer("handshake done");
  for (let i = 0; i < 31; i++) assert.equal(await peer.attempt(keyRequest(USER_KEY)), "question");
  assert.equal(await peer.tryPassword("ada", PASSWORD), "success");
  const { reason } = await bar.closes("handshake done", async (peer) => {
    for (let i = 0; i < 32; i++) assert.equal(await peer.attempt(keyRequest(USER_KEY)), "question");
    peer.send(keyRequest(USER_KEY, peer.client.sessionId));
  });
  assert.equal(reason, DisconnectReason.NO_MORE_AUTH_METHODS_AVAILABLE);
});

test("B key queries: one that is refused is a failed attempt", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("handshake done");
  for (let i = 0; i < 5; i++) assert.equal(await peer.attempt(keyRequest(stranger)), "failure");
  assert.equal(await peer.attempt(keyRequest(USER_KEY)), "question");
  assert.equal(await peer.tryKey("ada", USER_KEY), "success");
  const { reason } = await bar.closes("handshake done", async (peer) => {
    for (let i = 0; i < 5; i++) assert.equal(await peer.attempt(keyRequest(stranger)), "failure");
    peer.send(keyRequest(stranger));
  });
  assert.equal(reason, DisconnectReason.NO_MORE_AUTH_METHODS_AVAILABLE);
});

/** Asks so many questions at once, and wants this answer to each. */
function asking(t: TestContext, count: number, right: string, authPromptTime = 60): Promise<Bar> {
  const prompts = Array.from({ length: count }, (_, i) => ({ prompt: `${i}? `, echo: true }));
  const questions: Authenticator = {
    methods: ["keyboard-interactive"],
    judge: async (data) =>
      data.method === "keyboard-interactive" && (await data.prompt(prompts)).every((answer) => answer === right),
  };
  return Bar.open(t, { limits: { authPromptTime }, auth: [questions] });
}

test("B kbd-int responses / prompts: 16 at once, answers of 4 KiB, as many as were asked for", async (t) => {
  const long = "x".repeat(4096);
  const short = (count: number): string[] => Array<string>(count).fill("x");
  for (const [count, right, given, expected] of [
    [0, "x", short(0), "failure"],
    [1, long, [long], "success"],
    [1, `${long}x`, [`${long}x`], "failure"],
    [16, "x", short(16), "success"],
    [16, "x", short(15), "failure"],
    [16, "x", short(17), "failure"],
    [16, "x", short(0), "failure"],
    [17, "x", short(17), "failure"],
  ] as const) {
    const bar = await asking(t, count, right);
    const peer = await bar.peer("handshake done");
    assert.equal(await peer.tryInteractive("ada", given), expected, `${given.length} answers to ${count}`);
  }
});

test("B kbd-int responses / prompts: an answer after 60 s is none", async (t) => {
  const bar = await asking(t, 1, "right", 0.001);
  const peer = await bar.peer("handshake done");
  assert.equal(await peer.attempt(interactiveRequest()), "question");
  await sleep(100);
  assert.equal(await peer.attempt(infoResponse("right")), "failure");
  assert.equal(new Server().options.limits.authPromptTime, 60);
});

test("B user / method / service name: 255 / 64 / 64 bytes", async (t) => {
  const bar = await Bar.open(t);
  const empty = new Uint8Array();
  assert.equal(await (await bar.peer("handshake done")).tryPassword("u".repeat(255), PASSWORD), "success");
  assert.equal(await (await bar.peer("handshake done")).tryPassword("u".repeat(256), PASSWORD), "failure");
  assert.equal(await (await bar.peer("handshake done")).attempt(authRequest("m".repeat(64), empty)), "failure");
  const closes = async (stage: "keys exchanged" | "handshake done", payload: Uint8Array): Promise<unknown> =>
    (await bar.closes(stage, (peer) => peer.send(payload))).reason;
  assert.equal(await closes("handshake done", authRequest("m".repeat(65), empty)), DisconnectReason.PROTOCOL_ERROR);
  for (const [length, reason] of [
    [64, DisconnectReason.SERVICE_NOT_AVAILABLE],
    [65, DisconnectReason.PROTOCOL_ERROR],
  ] as const) {
    const service = "s".repeat(length);
    assert.equal(await closes("keys exchanged", serviceRequest(service)), reason);
    assert.equal(await closes("handshake done", authRequest("none", empty, "ada", service)), reason);
  }
});

test("B password: 1024 bytes", async (t) => {
  const bar = await Bar.open(t, { judge: anything, logIn: (peer) => peer.tryKey("ada", USER_KEY) });
  for (const [password, expected] of [
    ["é".repeat(512), "success"],
    ["é".repeat(512) + "x", "failure"],
    ["x".repeat(200_000 / 4), "failure"],
  ] as const) {
    assert.equal(await (await bar.peer("handshake done")).tryPassword("ada", password), expected);
  }
});

test("B failed-attempt delay: 5 ms and up to 4.2 more by the user, whatever it is that is refused", async (t) => {
  const bar = await Bar.open(t, { limits: { maxAuthTries: 100 } });
  const broken = { ...stranger, blob: stranger.blob.subarray(0, -1) };
  const now = performance.now();
  t.mock.method(performance, "now", () => now);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  // What was imported by name is the mock from here on, too.
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.timers.reset();
    syncBuiltinESMExports();
  });
  for (const [what, ...payloads] of [
    ["a wrong password", passwordRequest("ada", "wrong")],
    ["nobody's password", passwordRequest("nobody", PASSWORD)],
    ["a password that is too long", passwordRequest("ada", "x".repeat(2000))],
    ["an unknown method", authRequest("hostbased", new Uint8Array())],
    ["a key that is offered", keyRequest(stranger)],
    ["a broken key", keyRequest(broken)],
    ["a wrong answer", interactiveRequest("ada"), infoResponse("wrong")],
  ] as const) {
    const peer = await bar.peer("handshake done");
    for (const payload of payloads.slice(0, -1)) assert.equal(await peer.attempt(payload), "question");
    const judged = bar.log.filter(({ event }) => event === "attempt").length;
    peer.send(payloads.at(-1)!);
    while (bar.log.filter(({ event }) => event === "attempt").length === judged) await setImmediate();
    t.mock.timers.tick(5);
    await bar.othersAreWell();
    assert.equal(peer.came(Msg.USERAUTH_FAILURE), 0, `${what} is refused too soon`);
    // Up to 9.2 ms in all, of which a timer makes 11: it counts in whole ones, and from one that has begun.
    t.mock.timers.tick(6);
    assert.equal(await peer.verdict(), "failure", what);
  }
});

test("B RSA key size: 2048 to 8192 bits", async (t) => {
  const bar = await Bar.open(t, { judge: anything });
  for (const [bits, expected] of [
    [2047, "failure"],
    [2048, "question"],
    [8192, "question"],
    [8193, "failure"],
  ] as const) {
    // An odd number of so many bits: what is asked is only whether such a key would do.
    const modulus = Buffer.alloc(Math.ceil(bits / 8), 0xff);
    modulus[0] = 0xff >> ((8 - (bits % 8)) % 8);
    const blob = new Writer()
      .utf8("ssh-rsa")
      .mpint(Uint8Array.of(1, 0, 1))
      .mpint(modulus)
      .finish();
    const key = { ...stranger, algorithm: "rsa-sha2-256", blob };
    assert.equal(await (await bar.peer("handshake done")).attempt(keyRequest(key)), expected, `${bits} bits`);
  }
});

test("B certificate: size, principals, options: 8 KiB, 256 principals, 32 options of a kind", async (t) => {
  const bar = await Bar.open(t, { judge: anything, logIn: (peer) => peer.tryPassword("ada", PASSWORD) });
  const ca = clientKey("ssh-ed25519");
  const numbered = (count: number): string[] =>
    Array.from({ length: count }, (_, i) => `n${String(i).padStart(3, "0")}`);
  const options = (count: number): Record<string, string> =>
    Object.fromEntries(numbered(count).map((name) => [name, ""]));
  const sized = (length: number): CertificateFields => {
    const keyId = "x".repeat(length - certify(stranger.blob, ca, { keyId: "" }).length);
    assert.equal(certify(stranger.blob, ca, { keyId }).length, length);
    return { keyId };
  };
  for (const [what, at, over] of [
    ["size", sized(8192), sized(8193)],
    ["principals", { principals: numbered(256) }, { principals: numbered(257) }],
    ["critical options", { criticalOptions: options(32) }, { criticalOptions: options(33) }],
    ["extensions", { extensions: options(32) }, { extensions: options(33) }],
  ] as const) {
    for (const [fields, expected] of [
      [at, "question"],
      [over, "failure"],
    ] as const) {
      const algorithm = "ssh-ed25519-cert-v01@openssh.com";
      const key = { ...stranger, algorithm, blob: certify(stranger.blob, ca, fields) };
      assert.equal(await (await bar.peer("handshake done")).attempt(keyRequest(key)), expected, what);
    }
  }
});

test("B authorized_keys: file / line: 64 KiB / 8 KiB", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-bar-"));
  t.after(() => rmSync(folder, { recursive: true }));
  // Each user has a file of their own, which lists the one key that everybody has.
  const bar = await Bar.open(t, {
    auth: [authorizedKeys({ file: (username) => join(folder, username) })],
    judge: ({ method }) => method === "password",
  });
  const line = keyLine(stranger).trim();
  const comments = (length: number): string => "#\n".repeat(Math.floor(length / 2)) + "\n".repeat(length % 2);
  const files = {
    "file-at": comments(65_536 - line.length) + line,
    "file-over": comments(65_537 - line.length) + line,
    "line-at": `${line} ${"c".repeat(8191 - line.length)}\n`,
    "line-over": `${line} ${"c".repeat(8192 - line.length)}\n`,
    "line-behind": `${"c".repeat(8192)} ${line}\n`,
  };
  for (const [user, content] of Object.entries(files)) {
    writeFileSync(join(folder, user), content, { mode: 0o600 });
    const expected = user.endsWith("-at") ? "success" : "failure";
    assert.equal(await (await bar.peer("handshake done")).tryKey(user, stranger), expected, user);
  }
});

test("B login banner: 64 KiB", async (t) => {
  assert.throws(() => new Server({ allowAnyone: true, banner: "é".repeat(32_768) + "x" }), /at most 64 KiB/);
  const bar = await Bar.open(t, { banner: "é".repeat(32_768) });
  const texts = ["é".repeat(32_768) + "x", "x" + "é".repeat(32_768), "short"];
  for (const said of [undefined, ...texts]) {
    const off = said === undefined ? () => undefined : bar.server.onUser("authbanner", () => said);
    const peer = await bar.peer("logged in");
    const { text } = await peer.next(messages.userauthBanner);
    const whole = said ?? "é".repeat(32_768);
    assert.ok(whole.startsWith(text) && Buffer.byteLength(text) >= Math.min(65_535, Buffer.byteLength(whole)));
    assert.ok(Buffer.byteLength(text) <= 65_536);
    off();
  }
});
