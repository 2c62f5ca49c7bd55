/** The event map as apps meet it: what compiles, and what must not. Checked by tsc alone. */
import { Server } from "../../src/index.ts";
import type { AuthVerdict, Client, DefaultState, EventMap, EventName, Middleware } from "../../src/index.ts";

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<_T extends true>(): void {
  // The compiler has checked it.
}

const ssh = new Server({ allowAnyone: true });

// The names are those of the contract, and no others.
expectType<
  Equals<
    EventName,
    | "connect"
    | "connectsftp"
    | "auth"
    | "connectpty"
    | "resized"
    | "command"
    | "type"
    | "rawtype"
    | "error"
    | "disconnected"
    | "timeout"
    | "login"
    | "connection"
    | "authbanner"
    | "authinteractive"
    | "preshell"
    | "exec"
    | "beforecommand"
    | "aftercommand"
    | "signal"
    | "env"
    | "subsystem"
    | "kicked"
  >
>();
// @ts-expect-error there is no such event
ssh.onUser("conect", () => undefined);
// @ts-expect-error there is no such event
ssh.onUser("connect ", () => undefined);
// @ts-expect-error a handler is a function
ssh.onUser("connect", "greet");

// Arguments have their types without being written down.
ssh.onUser("connect", (client) => {
  expectType<Equals<typeof client, Client<DefaultState>>>();
  client.sendln(`Hello ${client.username}`);
});
ssh.onUser("connectpty", (_, data) => {
  expectType<Equals<typeof data.term, string>>();
  expectType<Equals<typeof data.pixelheight, number>>();
  expectType<Equals<ReturnType<typeof data.modes.get>, number | undefined>>();
  // @ts-expect-error the document writes it in lower case
  void data.pixelHeight;
  // @ts-expect-error what the visitor asked for cannot be changed
  data.width = 5;
});
ssh.onUser("resized", (_, data) => {
  // @ts-expect-error a size has no terminal type
  void data.term;
});
ssh.onUser("command", (_, command, { signal }) => {
  expectType<Equals<typeof command, string>>();
  expectType<Equals<typeof signal, AbortSignal>>();
});
ssh.onUser("type", (_, key) => expectType<Equals<typeof key, string>>());
ssh.onUser("rawtype", (_, key) => expectType<Equals<typeof key, Uint8Array>>());
ssh.onUser("error", (_, error) => expectType<Equals<typeof error, unknown>>());
ssh.onUser("aftercommand", (_client, _command, { status }) => expectType<Equals<typeof status, number>>());
ssh.onUser("connection", ({ remoteAddress }) => remoteAddress !== "192.0.2.1");
// @ts-expect-error a connection has no client yet
ssh.onUser("connection", (client: Client) => void client);
// @ts-expect-error a key is text here
ssh.onUser("type", (_: Client, key: Uint8Array) => void key);
// @ts-expect-error there are only three arguments
ssh.onUser("command", (_a: Client, _b: string, _c: object, d: number) => void d);

// Answers: what an event does not take is a mistake.
ssh.onUser("connect", async (client) => client.sendln("async is fine"));
// @ts-expect-error connect takes no answer
ssh.onUser("connect", () => true);
// @ts-expect-error nor one that comes later
ssh.onUser("disconnected", async () => "bye");
ssh.onUser("command", () => 3);
ssh.onUser("command", async () => (Math.random() > 0.5 ? 3 : undefined));
// @ts-expect-error a status is a number
ssh.onUser("command", () => "3");
ssh.onUser("rawtype", () => false);
// @ts-expect-error 0 is not false
ssh.onUser("rawtype", () => 0);
ssh.onUser("timeout", async () => true);
ssh.onUser("authbanner", ({ username }) => `Hello ${username}`);
// @ts-expect-error a banner is text
ssh.onUser("authbanner", () => 5);

// Verdicts.
ssh.onUser("auth", () => true);
ssh.onUser("auth", async () => undefined);
ssh.onUser("auth", (data) => {
  if (data.method === "password") return data.password === "x";
  if (data.method === "publickey")
    return { accept: data.key.fingerprint === "SHA256:x", user: { proved: data.proved } };
  // @ts-expect-error only a publickey attempt has a key
  void data.key.fingerprint;
  return data.method === "keyboard-interactive" ? { prompt: { prompts: [{ prompt: "Code: ", echo: false }] } } : false;
});
ssh.onUser("auth", ({ username, password }) => username === "bob" && password === "x");
// @ts-expect-error merely truthy is no verdict
ssh.onUser("auth", () => "yes");
// @ts-expect-error a count is no verdict
ssh.onUser("auth", async () => 1);
// @ts-expect-error accept is true or false
ssh.onUser("auth", () => ({ accept: "yes" }));
// @ts-expect-error what follows is a list
ssh.onUser("auth", () => ({ partial: "password" }));
ssh.onUser("authinteractive", async (_, prompt) => {
  const one = await prompt("One? ", { echo: true });
  expectType<Equals<typeof one, string>>();
  const both = await prompt([{ prompt: "a", echo: true }]);
  expectType<Equals<typeof both, readonly string[]>>();
  return one === both[0];
});
export const verdict: AuthVerdict = { partial: ["password"], user: { key: true } };

// The function that unregisters.
const off = ssh.onUser("connect", () => undefined);
off();
{
  using _ = ssh.onUser("connect", () => undefined);
}

// The typed bag.
interface Shopper {
  cart: string[];
}
const shop = new Server<Shopper>({ allowAnyone: true, state: () => ({ cart: [] }) });
shop.onUser("command", (client, command) => void client.state.cart.push(command));
shop.onUser("connect", (client) => {
  // @ts-expect-error there is no basket
  void client.state.basket;
});
// @ts-expect-error the bag needs what it is said to hold
void new Server<Shopper>({ allowAnyone: true });
// @ts-expect-error and no less
void new Server<Shopper>({ allowAnyone: true, state: () => ({}) });
// @ts-expect-error not even the options may be left out
void new Server<Shopper>();
// The bag of a server is inferred from its option.
const inferred = new Server({ allowAnyone: true, state: ({ username }) => ({ name: username, visits: 0 }) });
inferred.onUser("connect", ({ state }) => expectType<Equals<typeof state, { name: string; visits: number }>>());
// Without the option anything may be put in, and is unknown when taken out.
ssh.onUser("connect", ({ state }) => {
  state["note"] = "x";
  expectType<Equals<(typeof state)[string], unknown>>();
});
void new Server();
for (const client of shop.clients) shop.sendTo(client, client.state.cart.join());
shop.broadcast("Closing!", { except: [...shop.clients] });
// @ts-expect-error a client of another server with another bag
shop.kick({} as Client<{ other: number }>);

// Options.
// @ts-expect-error a typo
void new Server({ prot: 2222 });
// @ts-expect-error a port is a number
void new Server({ port: "2222" });
// @ts-expect-error a typo in a limit
void new Server({ limits: { maxAuthTry: 3 } });
void new Server({ limits: { maxStartups: { full: 50 } }, penalties: { authfail: 10 }, log: false });

// Middleware of libraries serves any bag.
const audit: Middleware<unknown> = async (client, next) => {
  await next();
  console.log(client.username);
};
ssh.use(audit);
shop.use(audit);
// @ts-expect-error it gets next as well
shop.use((_client, next: number) => void next);

// Questions.
ssh.onUser("command", async (client) => {
  const size = await client.choose("Size?", ["small", "large"]);
  expectType<Equals<typeof size, "small" | "large">>();
  const price = await client.choose("Price?", [
    { label: "Cheap", value: 1 },
    { label: "Dear", value: 9 },
  ]);
  expectType<Equals<typeof price, number>>();
  expectType<Equals<Awaited<ReturnType<typeof client.confirm>>, boolean>>();
  expectType<Equals<Awaited<ReturnType<typeof client.key>>["name"], string>>();
  // @ts-expect-error where the user is from cannot be changed
  client.peer.address = "";
  // @ts-expect-error nor why the session ended
  client.endReason = "exit";
});

// The map can be used by apps that build on it.
export function logAll<State>(server: Server<State>, handler: EventMap<State>["connect"]): void {
  server.onUser("connect", handler);
}
