import assert from "node:assert/strict";
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { mock, test } from "node:test";
import { hashPassword, passwords, verifyPassword } from "../../../src/auth/index.ts";
import type { FindPassword } from "../../../src/auth/index.ts";
import { fixtureKey, judge, prepared, reasonOf, withKey, withNothing, withPassword } from "./attempt.ts";

const RIGHT = "correct horse";
const hash = await hashPassword(RIGHT);
const find: FindPassword = (username) => (username === "ada" ? hash : undefined);

/** What is derived while `run` runs: the length of each password, and the costs. */
async function derivations(run: () => Promise<unknown>): Promise<string[]> {
  const argon2 = mock.method(crypto, "argon2");
  const scrypt = mock.method(crypto, "scrypt");
  syncBuiltinESMExports();
  try {
    await run();
    const argon2Costs = argon2.mock.calls.map(({ arguments: [, { message, memory, passes, tagLength }] }) => {
      return `argon2id ${Buffer.byteLength(message)} ${memory} ${passes} ${tagLength}`;
    });
    const scryptCosts = scrypt.mock.calls.map(({ arguments: [password, , length, options] }) => {
      return `scrypt ${Buffer.byteLength(password)} ${options.N} ${length}`;
    });
    return [...argon2Costs, ...scryptCosts];
  } finally {
    argon2.mock.restore();
    scrypt.mock.restore();
    syncBuiltinESMExports();
  }
}

test("the right password is accepted, a wrong one refused, and other methods are left to others", async () => {
  const auth = passwords(find);
  assert.equal(await judge(auth, withPassword(RIGHT)), "accept");
  for (const wrong of ["correct horsf", "correct horse ", "Correct horse", "correct hors", hash]) {
    assert.equal(await judge(auth, withPassword(wrong)), "refuse");
  }
  assert.equal(await judge(auth, withNothing()), "next");
  assert.equal(await judge(auth, withKey(fixtureKey("ada"))), "next");
});

test("what is kept of the user comes with the verdict", async () => {
  const auth = passwords(() => ({ hash, user: { id: 7 }, restrictions: { noPty: true } }));
  assert.deepEqual(await auth.judge(withPassword(RIGHT)), {
    accept: true,
    user: { id: 7 },
    restrictions: { noPty: true },
  });
  assert.equal(await auth.judge(withPassword("wrong")), false);
});

test("a user that there is not is refused for good, and the log and the penalties are told, nobody else", async () => {
  const verdict = await passwords(find).judge(withPassword("x", { username: "nobody" }));
  assert.ok(typeof verdict === "object" && "accept" in verdict);
  assert.deepEqual([verdict.accept, verdict.unknownUser], [false, true]);
});

test("a user that there is not costs what one that there is costs", async () => {
  const auth = passwords(find);
  const known = await derivations(async () => auth.judge(withPassword("wrong")));
  const unknown = await derivations(async () => auth.judge(withPassword("wrong", { username: "nobody" })));
  assert.deepEqual(known, ["argon2id 5 19456 2 32"]);
  assert.deepEqual(unknown, known);
});

test("a user that there is not costs what the users of this store cost, by whatever their hashes are made", async () => {
  const old = await hashPassword(RIGHT, { scheme: "scrypt" });
  const auth = passwords((username) => (username === "ada" ? old : undefined));
  await auth.judge(withPassword("wrong"));
  const unknown = await derivations(async () => auth.judge(withPassword("wrong", { username: "nobody" })));
  assert.deepEqual(unknown, ["scrypt 5 16384 32"]);
});

for (const [what, data] of Object.entries({
  "an empty password": withPassword(""),
  "a password of more than 1024 bytes": withPassword("é".repeat(513)),
  "a password of 200 kB": withPassword("x".repeat(200_000)),
  "a password to be changed": withPassword(RIGHT, { newPassword: "another" }),
})) {
  test(`${what} is never right, is not hashed itself, and costs what another does`, async () => {
    const text = data.password;
    const found = await hashPassword(text);
    const costs = await derivations(async () => {
      assert.equal(
        await judge(
          passwords(() => found),
          data,
        ),
        "refuse",
      );
    });
    assert.deepEqual(costs, ["argon2id 0 19456 2 32"]);
  });
}

test("a password of 1024 bytes may be right", async () => {
  const long = "é".repeat(512);
  const found = await hashPassword(long);
  assert.equal(
    await judge(
      passwords(() => found),
      withPassword(long),
    ),
    "accept",
  );
});

test("a stored hash that is broken lets nobody in, costs the same, and is the operator's to see without being quoted", async () => {
  for (const broken of ["", RIGHT, "$1$abc$def", "5f4dcc3b5aa765d61d8327deb882cf99"]) {
    const { auth, entries } = await prepared(passwords(() => broken));
    const costs = await derivations(async () => {
      assert.equal(await judge(auth, withPassword(RIGHT)), "refuse");
      assert.equal(await judge(auth, withPassword(broken)), "refuse");
    });
    assert.equal(costs.length, 2);
    assert.equal(entries.length, 2);
    for (const { level, event, error, username } of entries) {
      assert.deepEqual([level, event, username], ["error", "password hash not usable", "ada"]);
      assert.ok(broken === "" || !String(error).includes(broken));
    }
  }
});

test("a hash by cheaper costs is made anew when the password is right, and is there to be stored", async () => {
  const old = await hashPassword(RIGHT, { scheme: "scrypt" });
  const stored: string[][] = [];
  const auth = passwords(() => old, { rehash: (...given) => void stored.push(given) });
  await judge(auth, withPassword("wrong"));
  assert.deepEqual(stored, []);
  assert.equal(await judge(auth, withPassword(RIGHT)), "accept");
  assert.equal(stored[0]?.[0], "ada");
  assert.deepEqual(await verifyPassword(RIGHT, stored[0]?.[1] ?? ""), { ok: true, rehash: false });
  const current = passwords(find, { rehash: () => assert.fail("it is as new ones are") });
  assert.equal(await judge(current, withPassword(RIGHT)), "accept");
});

test("a hash that cannot be stored keeps nobody out", async () => {
  const old = await hashPassword(RIGHT, { scheme: "scrypt" });
  const { auth, entries } = await prepared(
    passwords(() => old, { rehash: () => Promise.reject(new Error("read-only")) }),
  );
  assert.equal(await judge(auth, withPassword(RIGHT)), "accept");
  assert.deepEqual(
    entries.map(({ event }) => event),
    ["password not hashed anew"],
  );
});

test("a storm is worked off a few at a time; beyond those that may wait all are refused at once", async () => {
  let looking = 0;
  let most = 0;
  const slow: FindPassword = async () => {
    most = Math.max(most, ++looking);
    await new Promise((resolve) => setImmediate(resolve));
    looking--;
    return hash;
  };
  const auth = passwords(slow, { concurrency: 2, waiting: 3 });
  const verdicts = await Promise.all(Array.from({ length: 50 }, async () => auth.judge(withPassword(RIGHT))));
  const whys = verdicts.map((verdict) => (typeof verdict === "object" && "why" in verdict ? verdict.why : "judged"));
  assert.equal(most, 2);
  assert.equal(whys.filter((why) => why === "judged").length, 5);
  assert.equal(whys.filter((why) => why?.startsWith("3 passwords wait")).length, 45);
  // It costs those no attempt and no penalty: what they sent was not looked at.
  const unavailable = verdicts.filter((verdict) => typeof verdict === "object" && "unavailable" in verdict);
  assert.equal(unavailable.length, 45);
  assert.equal(await judge(auth, withPassword(RIGHT)), "accept");
});

test("who has hung up while waiting is not worth a hash", async () => {
  const costs = await derivations(async () => {
    assert.equal(await judge(passwords(find), withPassword(RIGHT, { isOver: true })), "refuse");
  });
  assert.deepEqual(costs, []);
});

test("while a hash is computed the event loop goes on", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const auth = passwords(find);
  await Promise.all(Array.from({ length: 4 }, async () => auth.judge(withPassword("wrong"))));
  clearInterval(timer);
  assert.ok(turns > 4, `${turns} turns`);
});

test("another check decides instead of a hash, and never sees what cannot be right", async () => {
  const seen: string[] = [];
  const auth = passwords({
    check: (username, password) => {
      seen.push(password);
      // As a directory service takes an empty password: for no login at all, and for good.
      return Promise.resolve(password === "" || password.length > 100 || (username === "ada" && password === "yes"));
    },
  });
  assert.equal(await judge(auth, withPassword("yes")), "accept");
  assert.equal(await judge(auth, withPassword("no")), "refuse");
  assert.equal(await judge(auth, withPassword("")), "refuse");
  assert.equal(await judge(auth, withPassword("x".repeat(1025))), "refuse");
  assert.equal(await judge(auth, withPassword("yes", { newPassword: "new" })), "refuse");
  assert.deepEqual(seen.slice(0, 2), ["yes", "no"]);
  assert.equal(seen.length, 5);
  assert.equal(new Set(seen).size, 5);
  for (const password of seen.slice(2)) assert.match(password, /^[0-9a-f-]{36}$/);
});

test("options out of range are refused", () => {
  for (const options of [{ concurrency: 0 }, { concurrency: 1.5 }, { waiting: -1 }]) {
    assert.throws(() => passwords(find, options), { name: "ConfigError", code: "BAD_OPTION" });
  }
});

test("the reason of a refusal is not the client's to know, and holds no name and no password", async () => {
  const why = await reasonOf(passwords(find), withPassword("s3cret-guess", { username: "nobody-x" }));
  assert.ok(!why.includes("s3cret") && !why.includes("nobody-x"));
});

test("where hashes have several costs, what a name costs that nobody has does not depend on who logged in before", async () => {
  const old = await hashPassword(RIGHT, { scheme: "scrypt" });
  const auth = passwords((username) => ({ ada: hash, bob: old })[username]);
  for (const username of ["ada", "bob"]) await auth.judge(withPassword("wrong", { username }));
  const strangers = Array.from({ length: 24 }, (_, number) => `stranger-${number}`);
  const costsOf = async (username: string): Promise<string> =>
    (await derivations(async () => auth.judge(withPassword("wrong", { username })))).join().replace(/ .*/, "");
  const costs = new Map<string, string>();
  for (const name of strangers) costs.set(name, await costsOf(name));
  // Of 24 names both kinds have some, but for one chance in eight million.
  assert.deepEqual(new Set(costs.values()), new Set(["argon2id", "scrypt"]));
  for (const primer of ["ada", "bob"]) {
    await auth.judge(withPassword("wrong", { username: primer }));
    for (const name of strangers.slice(0, 6))
      assert.equal(await costsOf(name), costs.get(name), `${name} after ${primer}`);
  }
});
