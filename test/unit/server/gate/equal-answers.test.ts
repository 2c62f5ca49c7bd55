import assert from "node:assert/strict";
import test from "node:test";
import type { AuthAttempt, AuthData, Authenticator } from "../../../../src/server/index.ts";
import { RefusalDelay } from "../../../../src/server/gate/delay.ts";
import { interactive, none, offered, password, setUp } from "./login.ts";

/** Knows alice and nobody else; refusals of those two kinds have to look alike. */
const known: Authenticator = {
  methods: ["publickey", "password", "keyboard-interactive"],
  judge(data) {
    if (data.method === "keyboard-interactive" && data.round === 0) {
      return { prompt: { prompts: [{ prompt: "Code: ", echo: false }] } };
    }
    return data.username === "alice"
      ? { accept: false, why: "it does not fit" }
      : { accept: false, why: "there is no such user", unknownUser: true };
  },
};
const handlers = (data: AuthData): boolean | undefined => (data.username === "alice" ? false : undefined);

const attempts: Readonly<Record<string, (username: string) => readonly AuthAttempt[]>> = {
  none: (username) => [{ ...none, username }],
  "a key that is offered": (username) => [offered(false, username)],
  "a key that is proved": (username) => [offered(true, username)],
  "a password": (username) => [password("wrong", username)],
  "an empty password": (username) => [password("", username)],
  "a password that is too long": (username) => [password("x".repeat(2000), username)],
  "an answer": (username) => [interactive(0, [], username), interactive(1, ["wrong"], username)],
  "an answer that nobody asked for": (username) => [interactive(1, ["wrong"], username)],
  "too many answers": (username) => [interactive(0, [], username), interactive(1, ["a", "b"], username)],
  "a broken key": (username) => [{ method: "unusable", username, name: "publickey", why: "the key is broken" }],
  "an unknown method": (username) => [{ method: "unusable", username, name: "hostbased", why: "not known" }],
};
const judges: Readonly<Record<string, "auth" | "handlers">> = {
  "an authenticator": "auth",
  "a handler": "handlers",
};
for (const [judgeName, kind] of Object.entries(judges)) {
  for (const [name, attemptsOf] of Object.entries(attempts)) {
    test(`${judgeName} refuses ${name} for a user and for nobody alike, and neither sooner`, async () => {
      const stories = [];
      for (const username of ["alice", "nobody"]) {
        const options = kind === "auth" ? { auth: [known] } : { useExternalAuth: true };
        const { policy, connection, events, slept } = setUp(options);
        if (kind === "handlers") events.add("auth", handlers);
        const answers = [];
        for (const attempt of attemptsOf(username)) answers.push(await policy.judge(connection, attempt));
        const isListing = name === "none";
        const floor = Math.ceil(new RefusalDelay(new Uint8Array(32)).remaining(username, 0));
        assert.deepEqual(slept, isListing ? [] : slept.map(() => floor));
        assert.equal(answers.at(-1)?.type, "refuse");
        stories.push({ answers, waits: slept.length });
      }
      assert.deepEqual(stories[0], stories[1]);
    });
  }
}

test("a verdict that took its time is stretched alike for both", async () => {
  const totals: number[] = [];
  for (const username of ["alice", "nobody"]) {
    const { judge, events, slept, time } = setUp();
    events.add("auth", ({ username: name }) => {
      time.now += name === "alice" ? 60 : 50;
      return false;
    });
    await judge(password("x", username));
    const [slow = 0] = slept;
    const elapsed = time.now + slow;
    const floor = new RefusalDelay(new Uint8Array(32)).remaining(username, 0);
    const doublings = Math.round(Math.log2(elapsed / floor));
    assert.ok(Math.abs(elapsed - floor * 2 ** doublings) <= 1);
    totals.push(doublings);
  }
  assert.ok(totals.every((doublings) => doublings === totals[0]));
});
