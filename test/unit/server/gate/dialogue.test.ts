import assert from "node:assert/strict";
import test from "node:test";
import type { TestContext } from "node:test";
import { settle } from "../fake-door.ts";
import { interactive, password, setUp } from "./login.ts";

test("prompt verdicts ask round by round", async () => {
  const { judge, events } = setUp({ useExternalAuth: true, authMethods: ["keyboard-interactive"] });
  events.add("auth", (data) => {
    if (data.method !== "keyboard-interactive") return false;
    return data.round === 0 ? { prompt: { prompts: [{ prompt: "Code: ", echo: false }] } } : data.responses[0] === "42";
  });
  assert.equal(await judge(interactive()), "prompt");
  assert.equal(await judge(interactive(1, ["42"])), "accept");
  assert.equal(await judge(interactive(1, ["41"])), "refuse");
});

test("authinteractive is a conversation in one function", async () => {
  const { events, policy, connection } = setUp();
  events.add("authinteractive", async ({ username }, prompt) => {
    const name = await prompt("Name of your dog? ");
    const [colour, size] = await prompt(
      [
        { prompt: "Colour? ", echo: true },
        { prompt: "Size? ", echo: false },
      ],
      { name: "More" },
    );
    return { accept: `${username} ${name} ${colour} ${size}` === "alice rex red big", user: { dog: name } };
  });
  const first = await policy.judge(connection, interactive());
  assert.deepEqual(first, {
    type: "prompt",
    name: "",
    instruction: "",
    prompts: [{ prompt: "Name of your dog? ", echo: false }],
  });
  const second = await policy.judge(connection, interactive(1, ["rex"]));
  assert.equal(second.type === "prompt" && second.name, "More");
  assert.deepEqual(await policy.judge(connection, interactive(2, ["red", "big"])), { type: "accept" });
  assert.deepEqual(policy.admitted(connection, "alice", "x").user, { dog: "rex" });
});

const broken: Readonly<Record<string, (s: ReturnType<typeof setUp>, t: TestContext) => Promise<string> | string>> = {
  "answers that nobody asked for": ({ judge }) => judge(interactive(1, ["x"])),
  "too few answers": async ({ judge }) => {
    await judge(interactive());
    return judge(interactive(1, []));
  },
  "too many answers": async ({ judge }) => {
    await judge(interactive());
    return judge(interactive(1, ["a", "b"]));
  },
  "answers for a dialogue that another attempt replaced": async ({ judge }) => {
    await judge(interactive());
    await judge(password("x"));
    return judge(interactive(1, ["right"]));
  },
  "answers under another name": async ({ judge }) => {
    await judge(interactive());
    return judge(interactive(1, ["right"], "bob"));
  },
  "an answer that comes too late": async ({ judge }, t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    await judge(interactive());
    t.mock.timers.tick(60_000);
    return judge(interactive(1, ["right"]));
  },
};
for (const [name, attempt] of Object.entries(broken)) {
  test(`keyboard-interactive refuses ${name}, and the handler's question rejects quietly`, async (t) => {
    const subject = setUp();
    subject.events.add("authinteractive", async (_, prompt) => (await prompt("? ")) === "right");
    assert.equal(await attempt(subject, t), "refuse");
    assert.deepEqual(
      subject.log.filter(({ level }) => level === "error"),
      [],
    );
  });
}

test("a connection that goes away in the middle of a dialogue ends its handler", async () => {
  const { events, policy, connection } = setUp();
  const outcome: unknown[] = [];
  events.add("authinteractive", async (_, prompt) => {
    outcome.push(await prompt("? ").catch((error: unknown) => error));
    outcome.push(await prompt("? ").catch((error: unknown) => error));
    return true;
  });
  await policy.judge(connection, interactive());
  policy.left(connection);
  await settle();
  assert.deepEqual(
    outcome.map((error) => (error as Error).name),
    ["AbortError", "AbortError"],
  );
});

test("an auth handler can ask by itself, where no authinteractive handler is", async () => {
  const { events, judge } = setUp({ useExternalAuth: true, authMethods: ["keyboard-interactive"] });
  events.add("auth", async (data) => {
    if (data.method !== "keyboard-interactive") return false;
    return (await data.prompt("Code: ")) === "42"
      ? { prompt: { prompts: [{ prompt: "Pin: ", echo: false }] } }
      : data.responses[0] === "7";
  });
  assert.equal(await judge(interactive()), "prompt");
  assert.equal(await judge(interactive(1, ["42"])), "prompt");
  assert.equal(await judge(interactive(2, ["7"])), "prompt");
  assert.equal(await judge(interactive(3, ["x"])), "accept");
});

test("a prompt verdict takes exactly as many answers as it has questions", async () => {
  const { events, judge } = setUp({ useExternalAuth: true, authMethods: ["keyboard-interactive"] });
  events.add(
    "auth",
    (data) =>
      (data.method === "keyboard-interactive" && data.round > 0) || {
        prompt: { prompts: [{ prompt: "?", echo: true }] },
      },
  );
  assert.equal(await judge(interactive()), "prompt");
  assert.equal(await judge(interactive(1, ["a", "b"])), "refuse");
  assert.equal(await judge(interactive(1, ["a"])), "refuse");
  assert.equal(await judge(interactive()), "prompt");
  assert.equal(await judge(interactive(1, ["a"])), "accept");
});
