/** Modules as apps write them: what setup gives is what commands and handlers get. Checked by tsc alone. */
import type { Accounts } from "../../src/accounts/index.ts";
import type { Client, Server } from "../../src/index.ts";
import { command, Commands, defineModule, Modules, systemCommands } from "../../src/commands/index.ts";
import type { AccountAdministration, Module, ModuleContext, SystemOptions } from "../../src/commands/index.ts";

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<_T extends true>(): void {
  // The compiler has checked it.
}

interface State {
  cart: string[];
}
declare const plain: Server;
declare const shop: Server<State>;
declare const accounts: Accounts;
// Capabilities do not know each other: what one has is what the other asks for.
const administration: AccountAdministration = accounts;
const may: NonNullable<SystemOptions["may"]> = accounts.may;

const counter = defineModule({
  name: "counter",
  setup: (context, previous) => {
    expectType<Equals<typeof context, ModuleContext>>();
    expectType<Equals<typeof previous, unknown>>();
    return { hits: 0 };
  },
  commands: (own, { signal }) => {
    expectType<Equals<typeof own, { hits: number }>>();
    expectType<Equals<typeof signal, AbortSignal>>();
    return [command({ name: "hit", run: (client) => client.sendln(String(++own.hits)) })];
  },
  events: (own) => ({
    connect: (client) => {
      expectType<Equals<typeof client, Client>>();
      client.sendln(String(own.hits));
    },
  }),
  teardown: (own, reason) => {
    expectType<Equals<typeof own, { hits: number }>>();
    expectType<Equals<typeof reason, "reload" | "disable" | "unload">>();
  },
});
expectType<Equals<typeof counter, Module<Record<string, unknown>, { hits: number }>>>();

const later = defineModule({
  name: "later",
  setup: async () => new Map<string, number>(),
  commands: (own) => {
    expectType<Equals<typeof own, Map<string, number>>>();
    return [];
  },
});

const ofShop = defineModule({
  name: "shop",
  commands: [command({ name: "cart", run: (client: Client<State>) => client.sendln(client.state.cart.join()) })],
  events: { connect: (client: Client<State>) => void client.state.cart.push("bag") },
});

// @ts-expect-error a module has a name
void defineModule({});
// @ts-expect-error there is no such field
void defineModule({ name: "a", comands: [] });
// @ts-expect-error a handler is a function
void defineModule({ name: "a", events: { connect: "hello" } });

const modules = new Modules({ server: plain, commands: new Commands() });
void modules.add(counter);
void modules.add(later);
void modules.add(systemCommands({ accounts: administration, may, modules, names: { who: false, exit: "logout" } }));
// @ts-expect-error the clients of this server have another state
void modules.add(ofShop);
// @ts-expect-error there is no such command
void systemCommands({ names: { whom: "who" } });

const inShop = new Modules({ server: shop, commands: new Commands<State>() });
void inShop.add(ofShop);
void inShop.add(systemCommands({ may: (client) => client.state.cart.length > 0 }));
// @ts-expect-error these commands are for clients with another state
void new Modules({ server: plain, commands: new Commands<State>() });
