/** Commands as apps declare them: what a handler gets is what was declared. Checked by tsc alone. */
import type { Client, Server } from "../../src/index.ts";
import {
  choice,
  command,
  Commands,
  custom,
  flag,
  integer,
  list,
  number,
  text,
  verbatim,
} from "../../src/commands/index.ts";
import type { CommandDefinition, NumberOptions, OneParameter } from "../../src/commands/index.ts";

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<_T extends true>(): void {
  // The compiler has checked it.
}

interface Hue {
  readonly degrees: number;
}
interface State {
  cart: string[];
}
declare const ssh: Server<State>;
declare const plain: Server;
declare const hueOf: (word: string) => Hue | undefined;
declare const options: NumberOptions;

const commands = new Commands<State>({
  may: (client, permission) => client.state.cart.includes(permission),
  sudo: { allowed: () => true, verify: async (client, password) => client.username === password, remember: 0 },
});
commands.mount(ssh);
// @ts-expect-error the clients of this server have another state
commands.mount(plain);

commands.add({
  name: "buy",
  arguments: {
    beans: choice(["arabica", "robusta"]),
    count: integer({ min: 1, default: 1 }),
    more: list(choice(["milk", "sugar"])),
  },
  options: {
    gift: flag({ short: "g" }),
    note: text({ optional: true }),
    price: number({ description: "In euro", min: 0, optional: false }),
    size: choice(["small", "large"], { description: "How large" }),
    colour: custom({ expected: "a colour", parse: (word) => hueOf(word), optional: true }),
    ink: custom({ expected: "a colour", parse: (word) => hueOf(word), description: "Of the print" }),
    tag: list(text(), { min: 1 }),
    grind: choice(["fine", "coarse"], { default: "fine" }),
  },
  async run(client, values, { signal, name, line, elevated }) {
    interface Declared {
      beans: "arabica" | "robusta";
      count: number;
      more: readonly ("milk" | "sugar")[];
      gift: boolean;
      note: string | undefined;
      price: number;
      size: "small" | "large";
      colour: Hue | undefined;
      ink: Hue;
      tag: readonly string[];
      grind: "fine" | "coarse";
    }
    expectType<Equals<typeof values, Declared>>();
    expectType<Equals<typeof client, Client<State>>>();
    expectType<Equals<typeof signal, AbortSignal>>();
    expectType<Equals<[typeof name, typeof line, typeof elevated], [string, string, boolean]>>();
    client.state.cart.push(values.beans);
    // @ts-expect-error there is no such argument
    void values.cups;
    // @ts-expect-error a note may be missing
    values.note.trim();
    // @ts-expect-error a count is a number
    values.count.trim();
    // @ts-expect-error this choice is not among them
    void (values.beans === "liberica");
    return 0;
  },
});

commands.add({
  name: "nothing",
  run(_client, values) {
    expectType<Equals<typeof values, {}>>();
    // @ts-expect-error nothing was declared
    void values.beans;
  },
});

// @ts-expect-error a flag stands behind no command alone
commands.add({ name: "wrong", arguments: { gift: flag() } });
// @ts-expect-error the rest of a line is no option
commands.add({ name: "wrong", options: { words: verbatim() } });
commands.add({
  name: "say",
  arguments: { to: text(), words: verbatim({ description: "What to say", optional: true }) },
  run(_client, values) {
    expectType<Equals<typeof values, { to: string; words: string | undefined }>>();
  },
});
// @ts-expect-error the rest of a line has no letter
void verbatim({ short: "r" });
// @ts-expect-error an exit status is a number
commands.add({ name: "wrong", run: () => "done" });
// @ts-expect-error a command has a name
commands.add({ run: () => 0 });
// @ts-expect-error there is no such property
commands.add({ name: "wrong", argument: {} });

// @ts-expect-error the default is one of the values
void choice(["a", "b"], { default: "c" });
// @ts-expect-error there is something to choose from
void choice([]);
// @ts-expect-error a number has no pattern
void integer({ pattern: /x/ });
// @ts-expect-error the default is a number
void integer({ default: "1" });
// @ts-expect-error a list is made of single values
void list(flag());
// @ts-expect-error a value of one's own has to say what is expected
void custom({ parse: (word: string) => word });

// What else is said of a value does not make it one that may be missing.
const described = text({ description: "A name", complete: ["ada"] });
expectType<Equals<typeof described, OneParameter<string>>>();
const ranged = integer({ min: 1, optional: false });
expectType<Equals<typeof ranged, OneParameter<number>>>();
const perhaps = integer({ min: 1, optional: true });
expectType<Equals<typeof perhaps, OneParameter<number | undefined>>>();

// Options that are not written out may say that it need not be given.
const loose = integer(options);
expectType<Equals<typeof loose, OneParameter<number | undefined>>>();

void text({ complete: ({ word, words, signal }) => [word, ...words, String(signal.aborted)] });
void text({ complete: async ({ client }) => [{ value: client.username, description: "you" }] });
void custom({
  expected: "a user who is in",
  parse: async (word, { client, signal }) => (signal.aborted ? undefined : { word, client }),
});

const brew = command({
  name: "brew",
  arguments: { cups: integer({ default: 2 }) },
  run(client: Client<State>, { cups }) {
    client.state.cart.push(String(cups));
    expectType<Equals<typeof cups, number>>();
  },
});
commands.add(brew);
const here: readonly CommandDefinition<State>[] = [brew];
for (const definition of here) commands.add(definition);
const anywhere = command({ name: "plain", run: (client) => client.sendln() });
new Commands().add(anywhere);

using off = commands.add({ name: "later" });
off();
commands.use(async ({ client, definition, values }, next) => {
  client.state.cart.push(definition.name, ...Object.keys(values));
  return (await next()) + 1;
});
commands.before((call) => call.name !== "buy");
commands.after((call, { status, error, duration }) => {
  if (status !== 0) client(call.client).sendln(`${String(error)} after ${duration} ms`);
});
function client(one: Client<State>): Client<State> {
  return one;
}
// @ts-expect-error a hook says yes or no
commands.before(() => 7);
