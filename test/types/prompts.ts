/** What questions give, as apps meet it. Checked by tsc alone. */
import type { Choice, Client, FormAnswers, Progress, Spinner } from "../../src/index.ts";

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<_T extends true>(): void {
  // The compiler has checked it.
}

declare const client: Client;
interface Pot {
  readonly name: string;
  readonly degrees: number;
}
declare const pots: readonly Choice<Pot>[];

const colour = client.choose("?", ["red", "green"]);
expectType<Equals<typeof colour, Promise<"red" | "green">>>();
const pot = client.choose("?", pots, { default: 1 });
expectType<Equals<typeof pot, Promise<Pot>>>();
const degrees = client.choose("?", [
  { label: "green tea", value: 80 },
  { label: "coffee", value: 95, description: "hot", disabled: "sold out" },
]);
expectType<Equals<typeof degrees, Promise<number>>>();
const mixed = client.choose("?", ["none", { label: "a pot", value: { degrees: 80 } }]);
expectType<Equals<typeof mixed, Promise<"none" | { degrees: number }>>>();
const names: string[] = [];
const name = client.choose("?", names);
expectType<Equals<typeof name, Promise<string>>>();
// @ts-expect-error a choice has a value
void client.choose("?", [{ label: "a" }]);

const toppings = client.checkbox("?", ["ham", "cheese"], {
  min: 1,
  validate: (chosen) => chosen.includes("ham") || "!",
});
expectType<Equals<typeof toppings, Promise<("ham" | "cheese")[]>>>();
void client.checkbox("?", pots, { validate: (chosen) => chosen.every((pot) => pot.degrees > 0) || "Cold." });
// @ts-expect-error a verdict is a text, true or nothing
void client.checkbox("?", pots, { validate: () => false });

const drink = client.menu("?", [
  "water",
  {
    label: "hot",
    items: ["tea", { label: "coffee", value: 7, description: "black" }, { label: "more", items: ["maté"] }],
  },
]);
expectType<Equals<typeof drink, Promise<"water" | "tea" | "maté" | 7>>>();

const order = client.form(
  {
    name: { type: "text", label: "Name", default: "x", validate: (name) => name.length > 1 || "Longer." },
    pin: { type: "password", label: "PIN" },
    size: { type: "choice", label: "Size", choices: ["small", { label: "large", value: 2 }] },
    pot: { type: "choice", label: "Pot", choices: pots },
    milk: { type: "confirm", label: "Milk", validate: (yes) => yes || "Take milk." },
  },
  { title: "Order", validate: ({ name, milk }) => !milk || name !== "cow" || "No." },
);
interface Order {
  name: string;
  pin: string;
  size: "small" | 2;
  pot: Pot;
  milk: boolean;
}
expectType<Equals<typeof order, Promise<Order>>>();
// @ts-expect-error no such field
void client.form({ when: { type: "date", label: "When" } });
// @ts-expect-error a field has a label
void client.form({ name: { type: "text" } });
// @ts-expect-error a text cannot default to a number
void client.form({ name: { type: "text", label: "Name", default: 1 } });
expectType<Equals<FormAnswers<{ readonly a: { readonly type: "confirm"; readonly label: "A" } }>, { a: boolean }>>();

const button = client.dialog({ text: "?", buttons: ["Keep", { label: "Delete", value: true }] });
expectType<Equals<typeof button, Promise<"Keep" | true>>>();
// @ts-expect-error a dialog has buttons
void client.dialog({ text: "?" });
const seen = client.alert("?");
expectType<Equals<typeof seen, Promise<void>>>();

async function* lines(): AsyncGenerator<string> {
  yield "line";
}
void client.page("text");
void client.page(["line", new Uint8Array(1)], { title: "t", wrap: false, signal: client.signal });
void client.page(lines());
// @ts-expect-error numbers are no text
void client.page([1]);

expectType<Equals<ReturnType<Client["spinner"]>, Spinner>>();
expectType<Equals<ReturnType<Client["progress"]>, Progress>>();
client.progress({ total: 3, unit: "bytes" }).update(1);
// @ts-expect-error counted are bytes or items
client.progress({ unit: "words" });

client.table([{ name: "tea", price: 2.5, note: null }], { columns: ["name", { key: "price", align: "right" }] });
client.table([["tea", 25n, true, undefined]], { border: "rounded", width: 40 });
// @ts-expect-error what is in a cell can be written
client.table([{ name: { first: "x" } }]);
// @ts-expect-error no such border
client.table([], { border: "wavy" });
