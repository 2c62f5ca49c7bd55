import assert from "node:assert/strict";
import test from "node:test";
import type { TestContext } from "node:test";
import { AbortError } from "../../../../src/server/index.ts";
import type { Client } from "../../../../src/server/index.ts";
import type { FakeSession } from "../fake-door.ts";
import { serve, settle } from "../fake-door.ts";
import { screenOf } from "../screen.ts";

/** A visitor at a command that asks. */
async function asking(
  t: TestContext,
  ask: (client: Client, signal: AbortSignal) => Promise<unknown>,
  isTerminal = true,
) {
  const outcome: { answer?: unknown; error?: unknown; errorEvents: unknown[] } = { errorEvents: [] };
  const subject = await serve(t, (server) => {
    server.onUser("command", async (client, _command, { signal }) => {
      try {
        outcome.answer = await ask(client, signal);
      } catch (error) {
        outcome.error = error;
        throw error;
      }
    });
    server.onUser("error", (_, error) => void outcome.errorEvents.push(error));
  });
  const session = isTerminal ? await subject.terminal() : await subject.pipe();
  session.type("go\r\n");
  await settle();
  return { ...subject, session, outcome };
}

const kinds: Readonly<Record<string, (client: Client, signal?: AbortSignal) => Promise<unknown>>> = {
  ask: (client, signal) => client.ask("? ", signal && { signal }),
  password: (client, signal) => client.password("? ", signal && { signal }),
  confirm: (client, signal) => client.confirm("?", signal && { signal }),
  choose: (client, signal) => client.choose("?", ["a", "b"], signal && { signal }),
  key: (client, signal) => client.key(signal && { signal }),
};

const aborts: Readonly<Record<string, (session: FakeSession) => void>> = {
  interrupted: (session) => session.type("\x03"),
  disconnected: (session) => session.hangUp(),
  "end-of-input": (session) => session.events.eof(),
};

for (const [kind, ask] of Object.entries(kinds)) {
  for (const [reason, abort] of Object.entries(aborts)) {
    test(`${kind} rejects with an AbortError that is no error event: ${reason}`, async (t) => {
      const { session, outcome } = await asking(t, (client) => ask(client));
      session.type("half".slice(0, kind === "key" ? 0 : 4));
      abort(session);
      await settle();
      assert.ok(outcome.error instanceof AbortError);
      assert.equal(outcome.error.reason, reason);
      assert.equal(outcome.error.code, "ABORT_ERR");
      assert.deepEqual(outcome.errorEvents, []);
    });
  }

  test(`${kind} can be called off by a signal, and the next question is answered`, async (t) => {
    const controller = new AbortController();
    const { session, outcome } = await asking(t, async (client) => {
      const error: unknown = await ask(client, controller.signal).catch((reason: unknown) => reason);
      assert.ok(error instanceof AbortError && error.reason === "aborted" && error.cause === "enough");
      const at = await ask(client, AbortSignal.abort()).catch((reason: unknown) => reason);
      assert.ok(at instanceof AbortError);
      return client.ask("Next? ");
    });
    controller.abort("enough");
    await settle();
    session.type("yes\r");
    await settle();
    assert.equal(outcome.answer, "yes");
  });

  test(`${kind} that nobody waits for does not bring the process down`, async (t) => {
    const { session } = await asking(t, (client) => {
      void ask(client);
      return new Promise(() => undefined);
    });
    session.hangUp();
    await settle();
  });
}

test("ask gives the line, the default for an empty one, and asks again what does not validate", async (t) => {
  const { session, outcome } = await asking(t, async (client) => [
    await client.ask("Name? ", { default: "nobody" }),
    await client.ask("Age? ", { initial: "1", validate: (answer) => /^\d+$/.test(answer) || "A number, please." }),
  ]);
  session.type("\rx\r42\r");
  await settle();
  assert.deepEqual(outcome.answer, ["nobody", "142"]);
  assert.deepEqual((await screenOf(session)).slice(1), ["Name?", "Age? 1x", "A number, please.", "Age? 142", ">"]);
});

test("a password is neither shown nor told to type handlers nor kept in the history", async (t) => {
  const typed: string[] = [];
  const { session, outcome, server } = await asking(t, async (client) => [
    await client.password(),
    await client.password("Pin: ", { mask: "*" }),
  ]);
  server.onUser("type", (_, key) => void typed.push(key));
  session.type("hunter2\r");
  await settle();
  session.type("1234\r");
  await settle();
  assert.deepEqual(outcome.answer, ["hunter2", "1234"]);
  assert.deepEqual(await screenOf(session), ["> go", "Password:", "Pin: ****", ">"]);
  assert.deepEqual(typed, []);
  assert.deepEqual([...([...server.clients][0]?.history ?? [])], ["go"]);
});

test("confirm takes yes and no in either case, a default for Enter, and asks again otherwise", async (t) => {
  const { session, outcome } = await asking(t, async (client) => [
    await client.confirm("Sure?"),
    await client.confirm("Sure?", { default: true }),
    await client.confirm("Sure?"),
    await client.confirm("Sure?"),
  ]);
  session.type("\r\rYES\rmaybe\rn\r");
  await settle();
  assert.deepEqual(outcome.answer, [false, true, true, false]);
  assert.match(session.stdout, /Sure\? \[Y\/n\] .*Please answer yes or no\./s);
});

test("choose takes a number, a label, the beginning of one label, and a default", async (t) => {
  const { session, outcome } = await asking(t, async (client) => [
    await client.choose("Colour?", ["red", "green", "grey"]),
    await client.choose("Size?", [
      { label: "Small", value: 1 },
      { label: "Large", value: 2 },
    ]),
    await client.choose("Colour?", ["red", "green", "grey"]),
    await client.choose("Colour?", ["red", "green", "grey"], { default: 3 }),
    await client.choose("Colour?", ["re", "red"]),
  ]);
  session.type("2\rla\rgr\r0\r4\rtoString\r\rgree\r\rRE\r");
  await settle();
  assert.deepEqual(outcome.answer, ["green", 2, "green", "grey", "re"]);
  assert.match(session.stdout, /Colour\?\r\n {2}1\) red\r\n {2}2\) green\r\n {2}3\) grey\r\n1-3: 2\r\n/);
});

test("questions work without a terminal: no echo, one answer a line", async (t) => {
  const { session, outcome } = await asking(
    t,
    async (client) => [
      await client.ask("Name? "),
      await client.password(),
      await client.confirm("Sure?"),
      (await client.key()).name,
    ],
    false,
  );
  session.type("bob\nhunter2\ny\néx");
  await settle();
  assert.deepEqual(outcome.answer, ["bob", "hunter2", true, "é"]);
  assert.equal(session.stdout, "Name? Password: Sure? [y/N] ");
});

test("questions that are asked at once are asked one after the other", async (t) => {
  const { session, outcome } = await asking(t, (client) => Promise.all([client.ask("One? "), client.ask("Two? ")]));
  session.type("1\r2\r");
  await settle();
  assert.deepEqual(outcome.answer, ["1", "2"]);
  assert.deepEqual(await screenOf(session), ["> go", "One? 1", "Two? 2", ">"]);
});

test("a broadcast appears above a question as above the prompt", async (t) => {
  const { session, server } = await asking(t, (client) => client.ask("Name? "));
  session.type("bo");
  await settle();
  server.broadcast("Dinner!");
  await settle();
  assert.deepEqual(await screenOf(session), ["> go", "Dinner!", "Name? bo"]);
});

test("key gives what was pressed, before any question", async (t) => {
  const { session, outcome } = await asking(t, async (client) => {
    const answer = client.ask("Name? ");
    const { name, ctrl } = await client.key();
    return [name, ctrl, await answer];
  });
  session.type("\x01bob\r");
  await settle();
  assert.deepEqual(outcome.answer, ["a", true, "bob"]);
});
