import assert from "node:assert/strict";
import test from "node:test";
import type { Client } from "../../../../src/server/index.ts";
import { settle } from "../fake-door.ts";
import { asking } from "./asking.ts";

/** Asks somebody without a terminal, who answers with lines. */
async function onLines(
  t: test.TestContext,
  ask: (client: Client) => Promise<unknown>,
  ...lines: readonly string[]
): Promise<{ answer: unknown; error: unknown; said: string }> {
  const { session, outcome } = await asking(t, ask, "none");
  session.type(lines.map((line) => `${line}\n`).join(""));
  session.events.eof();
  await settle();
  return { answer: outcome.answer, error: outcome.error, said: session.stdout };
}

test("choose lists with numbers, and takes a number, a label, or the beginning of just one", async (t) => {
  const colours = ["red", "green", "grey", { label: "blue", value: 4, disabled: "sold out" }] as const;
  for (const [lines, want] of [
    [["2"], "green"],
    [["RED"], "red"],
    [["gree"], "green"],
    [["gr", "0", "5", "toString", "", "4", "blue", "3"], "grey"],
  ] as const) {
    const { answer, said } = await onLines(t, (client) => client.choose("Colour?", colours), ...lines);
    assert.equal(answer, want);
    assert.ok(said.startsWith("Colour?\n  1) red\n  2) green\n  3) grey\n  4) blue  (sold out)\n1-4: "));
    assert.equal(said.split("Please answer with a number from 1 to 4.").length, lines.length);
  }
  const { answer } = await onLines(t, (client) => client.choose("Colour?", ["re", "red"], { default: 2 }), "");
  assert.equal(answer, "red");
});

test("confirm asks until it is yes or no", async (t) => {
  const { answer, said } = await onLines(
    t,
    async (client) => [await client.confirm("Sure?"), await client.confirm("Sure?", { default: true })],
    "maybe",
    "YES",
    "",
  );
  assert.deepEqual(answer, [true, true]);
  assert.equal(said, "Sure? [y/N] Please answer yes or no.\nSure? [y/N] Sure? [Y/n] ");
});

test("checkbox takes several numbers or labels, all and none, and holds to its rules", async (t) => {
  const toppings = ["ham", { label: "cheese", value: 7 }, { label: "gold", value: 9, disabled: true }, "olives"];
  for (const [lines, want] of [
    [["4 1"], ["ham", "olives"]],
    [["4,2, ham"], ["ham", 7, "olives"]],
    [["all"], ["ham", 7, "olives"]],
    [["none"], []],
    [[""], [7]],
    [["3", "x", "1 9", "2"], [7]],
  ] as const) {
    const { answer, said } = await onLines(
      t,
      (client) => client.checkbox("On it?", toppings, { default: [2] }),
      ...lines,
    );
    assert.deepEqual(answer, want, lines.join(" / "));
    assert.equal(said.split("Please answer with numbers from 1 to 4.").length, lines.length);
  }
  const { answer, said } = await onLines(
    t,
    (client) =>
      client.checkbox("?", toppings, { min: 1, max: 2, validate: (values) => !values.includes("ham") || "No ham." }),
    "none",
    "all",
    "1 2",
    "4",
  );
  assert.deepEqual(answer, ["olives"]);
  assert.match(said, /At least 1\..*At most 2\..*No ham\./s);
});

test("menu goes down and back", async (t) => {
  const items = [{ label: "hot", items: ["tea", { label: "coffee", value: 2 }] }, "water"];
  const { answer, said } = await onLines(t, (client) => client.menu("Drinks", items), "hot", "back", "1", "2");
  assert.equal(answer, 2);
  assert.match(
    said,
    /^Drinks\n {2}1\) hot\n {2}2\) water\n1-2: Drinks > hot\n {2}1\) tea\n {2}2\) coffee\n {2}3\) back\n/,
  );
});

test("form asks for one field after the other, each until it is right, and for all when they are wrong together", async (t) => {
  const { answer, said } = await onLines(
    t,
    (client) =>
      client.form(
        {
          name: { type: "text", label: "Name", default: "Bob", validate: (name) => name.length > 2 || "Longer." },
          pin: { type: "password", label: "PIN" },
          size: { type: "choice", label: "Size", choices: ["small", { label: "large", value: 2 }], default: 2 },
          milk: { type: "confirm", label: "Milk?", validate: (yes) => yes || "Take milk." },
        },
        { title: "Order", validate: ({ pin }) => pin !== "0" || "Not 0." },
      ),
    "x",
    "",
    "0",
    "",
    "n",
    "y",
    "Ada",
    "1234",
    "small",
    "y",
  );
  assert.deepEqual(answer, { name: "Ada", pin: "1234", size: "small", milk: true });
  assert.ok(
    said.startsWith(
      "Order\nName [Bob]: Longer.\nName [Bob]: PIN: Size\n  1) small\n  2) large\n1-2 [2]: Milk? [y/N] Take",
    ),
  );
  assert.match(said, /Not 0\.\nName/);
});

test("alert is but written, dialog is a list of its buttons", async (t) => {
  const { answer, said } = await onLines(
    t,
    async (client) => [
      await client.alert("The cellar is wet.", { title: "Mind" }),
      await client.dialog({ title: "Delete?", text: "It is gone then.", buttons: ["Delete", "Keep"], default: 2 }),
    ],
    "",
  );
  assert.deepEqual(answer, [undefined, "Keep"]);
  assert.equal(said, "Mind\nThe cellar is wet.\nDelete?\nIt is gone then.\n  1) Delete\n  2) Keep\n1-2 [2]: ");
});

test("an input that ends calls a question off", async (t) => {
  const { error } = await onLines(t, (client) => client.checkbox("?", ["a"]), "x");
  assert.match(String(error), /end-of-input/);
});
