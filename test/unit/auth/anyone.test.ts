import assert from "node:assert/strict";
import { test } from "node:test";
import { anyone, firstKeyWins } from "../../../src/auth/index.ts";
import {
  certificateOf,
  fixtureKey,
  judge,
  makeCa,
  withAnswers,
  withKey,
  withNothing,
  withPassword,
} from "./attempt.ts";

const ada = fixtureKey("ada");
const bob = fixtureKey("bob");

test("everybody is let in by every method", async () => {
  const auth = anyone();
  assert.deepEqual(auth.methods, ["none", "publickey", "password", "keyboard-interactive"]);
  for (const data of [withNothing(), withKey(ada), withKey(ada, { proved: false }), withPassword("")]) {
    assert.equal(await judge(auth, data), "accept");
  }
  const { data, asked } = withAnswers([""]);
  assert.equal(await judge(auth, data), "accept");
  assert.deepEqual(asked, ["Press Enter to come in. "]);
});

test("to be remembered, a key is asked for first: `none` and passwords do not do", async () => {
  const auth = anyone({ remember: () => true });
  assert.deepEqual(auth.methods, ["publickey", "keyboard-interactive"]);
  assert.equal(await judge(auth, withNothing()), "next");
  assert.equal(await judge(auth, withPassword("")), "next");
});

test("only a key that was proved is remembered, without its certificate", async () => {
  const seen: unknown[] = [];
  const auth = anyone({ remember: (username, key) => void seen.push([username, key?.toString()]) });
  assert.equal(await judge(auth, withKey(ada, { proved: false })), "accept");
  assert.deepEqual(seen, []);
  assert.equal(await judge(auth, withKey(ada)), "accept");
  assert.equal(await judge(auth, withKey(certificateOf(bob, makeCa()), { username: "bob" })), "accept");
  assert.equal(await judge(auth, withAnswers([""], { username: "eve" }).data), "accept");
  assert.deepEqual(seen, [
    ["ada", String(ada)],
    ["bob", String(bob)],
    ["eve", undefined],
  ]);
});

test("what remembering comes to decides: false refuses, an object is attached, anything else is a mistake", async () => {
  assert.equal(await judge(anyone({ remember: () => false }), withKey(ada)), "refuse");
  assert.deepEqual(await anyone({ remember: () => ({ id: 3 }) }).judge(withKey(ada)), {
    accept: true,
    user: { id: 3 },
  });
  for (const found of ["yes", 1, null]) {
    await assert.rejects(async () => anyone({ remember: () => found as never }).judge(withKey(ada)), TypeError);
  }
});

test("a name belongs to the first key that comes under it", async () => {
  const auth = anyone({ remember: firstKeyWins() });
  assert.deepEqual(await auth.judge(withKey(ada)), { accept: true, user: { key: ada.fingerprint } });
  assert.equal(await judge(auth, withKey(bob)), "refuse");
  assert.equal(await judge(auth, withKey(ada)), "accept");
  assert.equal(await judge(auth, withKey(bob, { username: "bob" })), "accept");
});

test("a visitor without a key may use a name that is free, and does not get it", async () => {
  const auth = anyone({ remember: firstKeyWins() });
  assert.equal(await judge(auth, withAnswers([""]).data), "accept");
  assert.equal(await judge(auth, withKey(ada)), "accept");
  assert.equal(await judge(auth, withAnswers([""]).data), "refuse");
});

test("of many who come at once under a free name one gets it, and the store is asked in turn", async () => {
  const kept = new Map<string, string>();
  let busy = 0;
  const later = async <Value>(value: () => Value): Promise<Value> => {
    assert.equal(busy++, 0);
    await new Promise((resolve) => setImmediate(resolve));
    busy--;
    return value();
  };
  const remember = firstKeyWins({
    get: (name) => later(() => kept.get(name)),
    set: (name, key) => later(() => kept.set(name, key)),
  });
  const found = await Promise.all([ada, bob, ada, bob].map(async (key) => remember("cy", key)));
  assert.deepEqual(found, [{ key: ada.fingerprint }, false, { key: ada.fingerprint }, false]);
  assert.equal(kept.get("cy"), String(ada));
});

test("a store that fails lets nobody in, and the next one is asked anew", async () => {
  let fails = true;
  const remember = firstKeyWins({
    get: () => (fails ? Promise.reject(new Error("down")) : undefined),
    set: () => undefined,
  });
  await assert.rejects(async () => remember("ada", ada), /down/);
  fails = false;
  assert.deepEqual(await remember("ada", ada), { key: ada.fingerprint });
});

test("names such as __proto__ are names as any other", async () => {
  const auth = anyone({ remember: firstKeyWins() });
  for (const username of ["__proto__", "constructor", "toString"]) {
    assert.equal(await judge(auth, withKey(ada, { username })), "accept");
    assert.equal(await judge(auth, withKey(bob, { username })), "refuse");
  }
});

test("by itself it keeps ten thousand names: then those who own one come in, and new ones do not", async () => {
  const remember = firstKeyWins();
  await remember("first", ada);
  for (let number = 1; number < 10_000; number++) await remember(`name-${number}`, ada);
  await assert.rejects(async () => remember("one more", ada), { name: "AuthError", code: "FULL" });
  assert.deepEqual(await remember("first", ada), { key: ada.fingerprint });
  assert.equal(await remember("first", bob), false);
});
