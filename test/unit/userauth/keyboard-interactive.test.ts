import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { AuthVerdict } from "../../../src/userauth/index.ts";
import { messages, Msg, ProtocolError, Writer } from "../../../src/wire/index.ts";
import {
  failure,
  fakeLogin,
  infoResponse,
  keyboardInteractive,
  none,
  password,
  prompts,
  request,
} from "./fake-login.ts";

const DIALOGUE = { method: "keyboard-interactive", user: "ada", submethods: [] };
const SUCCESS = Buffer.of(Msg.USERAUTH_SUCCESS);

function infoResponseOf(count: number, responses: Uint8Array): Uint8Array {
  return messages.userauthInfoResponse.encode({ count, responses });
}

test("a dialogue goes round by round until the policy is content", () => {
  const login = fakeLogin();
  assert.deepEqual(login.ask(keyboardInteractive()), { ...DIALOGUE, round: 0, responses: [] });
  assert.equal(login.answer(prompts("Password: "))[0], Msg.USERAUTH_INFO_REQUEST);
  assert.equal(login.userauth.pending, false);
  assert.deepEqual(login.ask(infoResponse("secret")), { ...DIALOGUE, round: 1, responses: ["secret"] });
  login.answer(prompts("Code: ", "Colour: "));
  assert.deepEqual(login.ask(infoResponse("123456", "blue")), { ...DIALOGUE, round: 2, responses: ["123456", "blue"] });
  assert.deepEqual(login.answer({ type: "success" }), SUCCESS);
  assert.deepEqual(login.authenticated, [["ada", "keyboard-interactive"]]);
});

test("INFO_REQUEST carries the name, the instruction and each prompt with its echo", () => {
  const verdict: AuthVerdict = {
    type: "prompt",
    name: "Two factors",
    instruction: "Look at your token.",
    prompts: [
      { prompt: "Code: ", echo: true },
      { prompt: "PIN: ", echo: false },
    ],
  };
  const expected = new Writer().byte(60).utf8("Two factors").utf8("Look at your token.").utf8("").uint32(2);
  expected.utf8("Code: ").boolean(true).utf8("PIN: ").boolean(false);
  assert.deepEqual(fakeLogin().attempt(keyboardInteractive(), verdict), expected.finish());
});

test("a round without prompts is answered without responses", () => {
  const login = fakeLogin();
  login.attempt(keyboardInteractive(), prompts());
  assert.deepEqual(login.ask(infoResponse()), { ...DIALOGUE, round: 1, responses: [] });
  assert.deepEqual(login.answer({ type: "success" }), SUCCESS);
});

test("the client's submethods are hints, given on in each round", () => {
  const login = fakeLogin();
  const submethods = ["pam", "täst"];
  assert.deepEqual(login.ask(keyboardInteractive("pam,,täst,")), { ...DIALOGUE, submethods, round: 0, responses: [] });
  login.answer(prompts("Code: "));
  assert.deepEqual(login.ask(infoResponse("1")), { ...DIALOGUE, submethods, round: 1, responses: ["1"] });
});

test("submethods have 256 bytes at most", () => {
  assert.equal(fakeLogin().ask(keyboardInteractive("x".repeat(256))).method, "keyboard-interactive");
  assert.equal(fakeLogin().ask(keyboardInteractive("x".repeat(257))).method, "unusable");
});

test("too few or too many responses are unusable, and the dialogue is over", () => {
  for (const responses of [[], ["1"], ["1", "2", "3"]]) {
    const login = fakeLogin();
    login.attempt(keyboardInteractive(), prompts("a", "b"));
    const question = login.ask(infoResponse(...responses));
    assert.ok(question.method === "unusable");
    assert.equal(question.why, `2 responses were expected, ${responses.length} came`);
    assert.deepEqual(login.answer({ type: "success" }), failure());
    assert.equal(login.userauth.state, "open");
  }
});

test("a count that the message has no room for ends the connection", () => {
  for (const [count, responses] of [
    [0x1000_0000, ""],
    [0xffff_ffff, "x"],
    [1, "abc"],
    [2, "\0\0\0\0\0\0\0"],
  ] as const) {
    const login = fakeLogin();
    login.attempt(keyboardInteractive(), prompts("Code: "));
    const payload = infoResponseOf(count, Buffer.from(responses));
    assert.throws(() => login.userauth.receive(payload), { name: "ProtocolError", message: /do not fit/ });
  }
});

test("responses that are cut short or have bytes behind them end the connection", () => {
  const whole = new Writer().utf8("a").utf8("b").finish();
  for (const responses of [whole.subarray(0, -1), Buffer.from([...whole, 0]), Buffer.from([...whole, 0, 0, 0, 0])]) {
    const login = fakeLogin();
    login.attempt(keyboardInteractive(), prompts("a", "b"));
    assert.throws(() => login.userauth.receive(infoResponseOf(2, responses)), ProtocolError);
  }
});

test("a response has 4096 bytes at most, counted in bytes, and is UTF-8", () => {
  const usable = ["x".repeat(4096), "é".repeat(2048), ""].map((text) => Buffer.from(text));
  const unusable = [Buffer.from("x".repeat(4097)), Buffer.from(`${"é".repeat(2048)}x`), Buffer.of(0xff)];
  for (const bytes of [...usable, ...unusable]) {
    const login = fakeLogin();
    login.attempt(keyboardInteractive(), prompts("Code: "));
    const { method } = login.ask(infoResponseOf(1, new Writer().string(bytes).finish()));
    assert.equal(method, unusable.includes(bytes) ? "unusable" : "keyboard-interactive");
  }
});

test("a round has 16 prompts at most; more are a failure", () => {
  const sixteen = Array.from({ length: 16 }, (_, i) => `${i}: `);
  const login = fakeLogin();
  assert.equal(login.attempt(keyboardInteractive(), prompts(...sixteen))[0], Msg.USERAUTH_INFO_REQUEST);
  assert.deepEqual(login.ask(infoResponse(...sixteen)), { ...DIALOGUE, round: 1, responses: sixteen });
  login.answer({ type: "failure" });
  assert.deepEqual(login.attempt(keyboardInteractive(), prompts(...sixteen, "17: ")), failure());
});

test("a new request ends the dialogue without a FAILURE, and a late response to it ends the connection", () => {
  const login = fakeLogin();
  login.attempt(keyboardInteractive(), prompts("Code: "));
  assert.deepEqual(login.ask(password("x")), { method: "password", user: "ada", password: "x" });
  assert.deepEqual(login.answer({ type: "failure" }), failure());
  assert.equal(login.sent.length, 2);
  assert.throws(() => login.userauth.receive(infoResponse("1")), ProtocolError);
});

test("a dialogue that is begun anew starts at round 0", () => {
  const login = fakeLogin();
  login.attempt(keyboardInteractive("first"), prompts("a", "b"));
  assert.deepEqual(login.ask(keyboardInteractive()), { ...DIALOGUE, round: 0, responses: [] });
  login.answer(prompts("c"));
  assert.deepEqual(login.ask(infoResponse("1")), { ...DIALOGUE, round: 1, responses: ["1"] });
});

test("a response that nobody asked for ends the connection", () => {
  assert.throws(() => fakeLogin().userauth.receive(infoResponse()), ProtocolError);
  const answered = fakeLogin();
  answered.attempt(keyboardInteractive(), prompts("Code: "));
  answered.attempt(infoResponse("1"));
  assert.throws(() => answered.userauth.receive(infoResponse("1")), ProtocolError);
});

test("a partial success by dialogue goes on with what the policy names", () => {
  const login = fakeLogin();
  login.attempt(none());
  login.attempt(keyboardInteractive(), prompts("Code: "));
  const reply = login.attempt(infoResponse("1"), { type: "partial", methods: ["publickey"] });
  assert.deepEqual(reply, failure(["publickey"], true));
});

test("a request that is cut short or too long ends the connection", () => {
  const whole = new Writer().utf8("en").utf8("pam").finish();
  const broken = [...whole.keys()].map((length) => whole.subarray(0, length));
  for (const data of [...broken, Buffer.from([...whole, 0])]) {
    const payload = request("keyboard-interactive", data);
    assert.throws(() => fakeLogin().userauth.receive(payload), { message: /^keyboard-interactive: / });
  }
});

test("whatever the bytes, there are as many responses as prompts or none at all", () => {
  const count = fc.oneof(fc.nat({ max: 4 }), fc.integer({ min: 0, max: 0xffff_ffff }));
  const responses = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc.array(fc.string({ maxLength: 8 }), { maxLength: 4 }).map((texts) => infoResponse(...texts).subarray(5)),
  );
  fc.assert(
    fc.property(fc.nat({ max: 4 }), count, responses, (asked, count, responses) => {
      const login = fakeLogin();
      login.attempt(keyboardInteractive(), prompts(...Array.from({ length: asked }, () => "?")));
      try {
        const question = login.ask(infoResponseOf(count, responses));
        if (question.method === "keyboard-interactive") assert.equal(question.responses.length, asked);
        else assert.equal(question.method, "unusable");
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
      }
    }),
  );
});
