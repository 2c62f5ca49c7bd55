import assert from "node:assert/strict";
import test from "node:test";
import { AbortError } from "../../../../src/server/index.ts";
import type { Client } from "../../../../src/server/index.ts";
import type { FakeSession } from "../fake-door.ts";
import { settle } from "../fake-door.ts";
import { screenOf } from "../screen.ts";
import { asking } from "./asking.ts";

const kinds: Readonly<Record<string, (client: Client, signal?: AbortSignal) => Promise<unknown>>> = {
  ask: (client, signal) => client.ask("? ", signal && { signal }),
  password: (client, signal) => client.password("? ", signal && { signal }),
  confirm: (client, signal) => client.confirm("?", signal && { signal }),
  choose: (client, signal) => client.choose("?", ["a", "b"], signal && { signal }),
  checkbox: (client, signal) => client.checkbox("?", ["a", "b"], signal && { signal }),
  menu: (client, signal) => client.menu("?", [{ label: "a", items: ["b"] }], signal && { signal }),
  form: (client, signal) => client.form({ a: { type: "text", label: "A" } }, signal && { signal }),
  alert: (client, signal) => client.alert("?", signal && { signal }),
  dialog: (client, signal) => client.dialog({ text: "?", buttons: ["a", "b"], ...(signal && { signal }) }),
  page: (client, signal) => client.page("line\n".repeat(100), signal && { signal }),
  key: (client, signal) => client.key(signal && { signal }),
  mouse: (client, signal) => client.mouse(signal && { signal }),
  input: (client, signal) => client.input({ mouse: "move", ...(signal && { signal }) }).next(),
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
      session.type("half".slice(0, ["key", "input"].includes(kind) ? 0 : 4));
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

test("on a terminal, confirm takes one key, and Enter for the default", async (t) => {
  const { session, outcome } = await asking(t, async (client) => [
    await client.confirm("Sure?"),
    await client.confirm("Sure?", { default: true }),
    await client.confirm("Sure?"),
    await client.confirm("Sure?"),
  ]);
  session.type("\r\rYxn");
  await settle();
  assert.deepEqual(outcome.answer, [false, true, true, false]);
  assert.deepEqual(await screenOf(session), ["> go", "Sure? no", "Sure? yes", "Sure? yes", "Sure? no", ">"]);
});

test("on a terminal, choose takes arrows, a number, the beginning of a label, and a default", async (t) => {
  const colours = ["red", "green", "grey"] as const;
  const { session, outcome } = await asking(t, async (client) => [
    await client.choose("Colour?", colours),
    await client.choose("Size?", [
      { label: "Small", value: 1 },
      { label: "Large", value: 2 },
    ]),
    await client.choose("Colour?", colours, { default: 3 }),
    await client.choose("Colour?", colours),
  ]);
  session.type("2\rla\r\r\x1b[B\x1b[B");
  await settle();
  assert.deepEqual((await screenOf(session)).slice(1), [
    "Colour? green",
    "Size? Large",
    "Colour? grey",
    "Colour?",
    "  1) red",
    "  2) green",
    "❯ 3) grey",
  ]);
  session.type("\r");
  await settle();
  assert.deepEqual(outcome.answer, ["green", 2, "grey", "grey"]);
});

test("checkbox, menu and dialog give values, form gives answers by name", async (t) => {
  const { session, outcome } = await asking(t, async (client) => [
    await client.checkbox("Toppings?", ["ham", { label: "cheese", value: 7 }, "olives"], { default: [3] }),
    await client.menu("Drinks", [
      { label: "hot", items: ["tea", { label: "coffee", value: { strong: true } }] },
      "water",
    ]),
    await client.dialog({
      text: "Really?",
      buttons: [
        { label: "Yes", value: true },
        { label: "No", value: false },
      ],
      default: 2,
    }),
    await client.form({ name: { type: "text", label: "Name" }, milk: { type: "confirm", label: "Milk" } }),
    await client.alert("Thank you."),
  ]);
  for (const keys of ["\x1b[B \r", "\r", "\x1b[B\r", "\r", "Ada\t\x1b[C\t\r"]) {
    session.type(keys);
    await settle();
  }
  assert.ok((await screenOf(session)).some((row) => row.includes("Thank you.")));
  session.type(" ");
  await settle();
  assert.deepEqual(outcome.answer, [[7, "olives"], { strong: true }, false, { name: "Ada", milk: true }, undefined]);
  assert.deepEqual(await screenOf(session), [
    "> go",
    "Toppings? cheese, olives",
    "Drinks › hot coffee",
    "  Name  Ada",
    "  Milk  yes",
    ">",
  ]);
});

test("what is typed into a form with a password is told to nobody", async (t) => {
  const typed: string[] = [];
  const { session, outcome, server } = await asking(t, (client) =>
    client.form({ name: { type: "text", label: "Name" }, pin: { type: "password", label: "PIN" } }),
  );
  server.onUser("type", (_, key) => void typed.push(key));
  session.type("Ada\t1234\t\r");
  await settle();
  assert.deepEqual(outcome.answer, { name: "Ada", pin: "1234" });
  assert.deepEqual(typed, []);
  assert.doesNotMatch(session.stdout, /1234/);
});

test("a validate that throws rejects the question with what it threw, and the next one is asked", async (t) => {
  const broken = (): never => {
    throw new TypeError("broken");
  };
  const { session, outcome } = await asking(t, async (client) => {
    const failures = [
      client.checkbox("?", ["a"], { validate: broken }),
      client.form({ a: { type: "text", label: "A", validate: broken } }),
      client.form({ a: { type: "text", label: "A" } }, { validate: broken }),
      client.ask("? ", { validate: broken }),
    ].map((question) => question.catch((error: unknown) => String(error)));
    return [...(await Promise.all(failures)), await client.ask("Next? ")];
  });
  for (const keys of ["\r", "\r", "\r\r", "\r", "yes\r"]) {
    session.type(keys);
    await settle();
  }
  assert.deepEqual(outcome.answer, [...Array.from({ length: 4 }, () => "TypeError: broken"), "yes"]);
  assert.deepEqual(await screenOf(session), ["> go", "?", "Next? yes", ">"]);
});

test("a validate that gives a promise rejects the question: nobody waits for it", async (t) => {
  const late = (() => Promise.resolve(true)) as never;
  const { session, outcome } = await asking(t, async (client) => {
    const failures = [
      client.checkbox("?", ["a"], { validate: late }),
      client.form({ a: { type: "text", label: "A", validate: late } }),
      client.form({ a: { type: "text", label: "A" } }, { validate: late }),
      client.ask("? ", { validate: late }),
    ].map((question) => question.catch((error: unknown) => String(error)));
    return Promise.all(failures);
  });
  for (const keys of ["\r", "\r", "\r\r", "\r"]) {
    session.type(keys);
    await settle();
  }
  assert.equal((outcome.answer as string[]).length, 4);
  for (const failure of outcome.answer as string[]) assert.match(failure, /^TypeError: validate gives true or/);
  assert.doesNotMatch(session.stdout, /object Promise/);
});

test("a label that cannot be shown rejects the question, and the next one is asked", async (t) => {
  const broken = {
    get label(): string {
      throw new TypeError("no label");
    },
    value: 1,
  };
  const { session, outcome } = await asking(t, async (client) => {
    const asked = await Promise.allSettled([client.choose("?", [broken]), client.menu("?", [broken, "b"])]);
    return [...asked.map(({ status }) => status), await client.ask("Next? ")];
  });
  session.type("yes\r");
  await settle();
  assert.deepEqual(outcome.answer, ["rejected", "rejected", "yes"]);
});

test("nothing to choose from is a mistake that says so", async (t) => {
  const { outcome } = await asking(t, (client) =>
    Promise.allSettled([
      client.choose("?", []),
      client.checkbox("?", [{ label: "a", value: 1, disabled: true }]),
      client.checkbox("?", ["a"], { min: 2, max: 1 }),
      client.menu("?", []),
      client.dialog({ text: "?", buttons: [] }),
      client.form({ a: { type: "choice", label: "A", choices: [] } }),
    ]),
  );
  for (const result of outcome.answer as PromiseSettledResult<unknown>[]) {
    assert.ok(result.status === "rejected" && result.reason instanceof RangeError);
  }
});

test("labels and questions that would move the cursor do not", async (t) => {
  const { session } = await asking(t, (client) =>
    client.choose("Which\x1b[2J\x1b[H one?", ["a\nb", "c\x1b[10Ad", "e\re"]),
  );
  assert.deepEqual(await screenOf(session), ["> go", "Which one?", "❯ 1) a b", "  2) cd", "  3) e e"]);
});

test("a session that the server ends while a dialog is shown gets its first screen back", async (t) => {
  const { session, server } = await asking(t, (client) => client.dialog({ text: "Really?", buttons: ["Yes"] }));
  assert.ok((await screenOf(session)).some((row) => row.includes("Really?")));
  server.kickAll("Out with you.");
  await settle();
  assert.deepEqual(await screenOf(session), ["> go", "Out with you."]);
  assert.doesNotMatch(session.stdout, /\x1b\[\?25l(?!.*\x1b\[\?25h)/s);
});

test("a terminal that draws nothing is asked on lines", async (t) => {
  const { session, outcome } = await asking(
    t,
    async (client) => [
      await client.choose("Which?", ["a", "b"]),
      await client.alert("Beware."),
      await client.confirm("OK?"),
    ],
    "dumb",
  );
  session.type("2\r\ry\r");
  await settle();
  assert.deepEqual(outcome.answer, ["b", undefined, true]);
  assert.match(session.stdout, /Which\?\r\n {2}1\) a\r\n {2}2\) b\r\n.*Beware\.\r\n.*Press Enter\./s);
});

test("for a screen reader questions are on lines, from the next one on", async (t) => {
  const { session, outcome } = await asking(t, async (client) => {
    const answers = [await client.choose("Which?", ["a", "b"])];
    client.setScreenReader(true);
    answers.push(await client.choose("Which?", ["a", "b"]));
    using spinner = client.spinner("Working");
    await client.alert("Beware.");
    spinner.succeed("Done");
    return answers;
  });
  session.type("\x1b[B\r2\r\r");
  await settle();
  assert.deepEqual(outcome.answer, ["b", "b"]);
  const rows = await screenOf(session);
  assert.deepEqual(rows.slice(0, 9), [
    "> go",
    "Which? b",
    "Which?",
    "  1) a",
    "  2) b",
    "1-2: 2",
    "Working",
    "Beware.",
    "Press Enter.",
  ]);
  assert.match(rows[9] ?? "", /^✔ Done$/);
});

test("questions of a session that is over reject", async (t) => {
  const { session, server, outcome } = await asking(t, async (client) => {
    await client.key().catch(() => undefined);
    return Promise.allSettled([
      client.ask("?"),
      client.choose("?", ["a"]),
      client.page("x\n".repeat(99)),
      client.key(),
      client.mouse(),
      client.input().next(),
    ]);
  });
  session.hangUp();
  await settle();
  assert.equal([...server.clients].length, 0);
  const results = outcome.answer as PromiseSettledResult<unknown>[];
  assert.equal(results.length, 6);
  for (const result of results) {
    assert.ok(result.status === "rejected" && result.reason instanceof AbortError);
    assert.equal(result.reason.reason, "disconnected");
  }
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
    "none",
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
