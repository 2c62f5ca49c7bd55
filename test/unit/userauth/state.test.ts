import assert from "node:assert/strict";
import { test } from "node:test";
import { userauthTable } from "../../../src/userauth/index.ts";
import type { UserauthState } from "../../../src/userauth/index.ts";
import { Msg, ProtocolError } from "../../../src/wire/index.ts";
import { infoResponse, loginIn, password } from "./fake-login.ts";

const states = Object.keys(userauthTable) as UserauthState[];
const numbers = Array.from({ length: 256 }, (_, number) => number);

/** A whole message where there is one; the others are refused by their number alone. */
function sample(number: number): Uint8Array {
  if (number === Msg.USERAUTH_REQUEST) return password("secret");
  if (number === Msg.USERAUTH_INFO_RESPONSE) return infoResponse("secret");
  return Uint8Array.of(number);
}

for (const state of states.filter((state) => state !== "judging")) {
  test(`in the state ${state} every message does what its row says and nothing else`, () => {
    for (const number of numbers) {
      const action = userauthTable[state][number];
      const { userauth, sent, asked, authenticated } = loginIn(state);
      const before = [sent.length, asked.length, authenticated.length];
      let after: UserauthState = "ended";
      if (action === undefined) {
        assert.throws(() => userauth.receive(sample(number)), ProtocolError, `message ${number}`);
      } else {
        userauth.receive(sample(number));
        after = action === "ignore" ? state : "judging";
      }
      assert.equal(userauth.state, after, `message ${number}`);
      if (after === "judging") before[1]! += 1;
      assert.deepEqual([sent.length, asked.length, authenticated.length], before, `message ${number}`);
    }
  });
}

test("no message is read while a verdict is awaited, and the verdict still counts", () => {
  for (const number of numbers) {
    const login = loginIn("judging");
    assert.throws(
      () => login.userauth.receive(sample(number)),
      (error: Error) => !(error instanceof ProtocolError) && /verdict is awaited/.test(error.message),
    );
    assert.equal(login.userauth.pending, true);
    assert.deepEqual([login.sent.length, login.asked.length], [0, 1]);
    assert.deepEqual(login.answer({ type: "success" }), Buffer.of(Msg.USERAUTH_SUCCESS));
  }
});

test("the client may send only what a client sends", () => {
  const allowed = new Set(states.flatMap((state) => Object.keys(userauthTable[state]).map(Number)));
  assert.deepEqual(allowed, new Set([Msg.USERAUTH_REQUEST, Msg.USERAUTH_INFO_RESPONSE]));
});
