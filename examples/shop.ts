/**
 * A shop that is run by commands: `ssh -p 2222 localhost`, then `help`, or `buy`, Tab. `ssh -p 2222 localhost buy arabica 2`
 * does it at once. Who comes as `clerk` may fill the shelf; `sudo price arabica 9` asks for the password, which is `beans`.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { escapeControls, Server } from "sallyport";
import { choice, Commands, custom, flag, integer, list, number, text, UsageError } from "sallyport/commands";

const BEANS = ["arabica", "robusta", "earl grey"] as const;
type Bean = (typeof BEANS)[number];

interface State {
  readonly cart: Map<Bean, number>;
}

const shelf: Record<Bean, { price: number; left: number }> = {
  arabica: { price: 8, left: 12 },
  robusta: { price: 5, left: 30 },
  "earl grey": { price: 7, left: 3 },
};

const ssh = new Server<State>({ allowAnyone: true, prompt: "shop> ", state: () => ({ cart: new Map() }) });
const commands = new Commands<State>({
  may: (client, permission) => permission === "stock" && client.username === "clerk",
  sudo: { allowed: (client) => client.username === "clerk", verify: (_client, password) => password === "beans" },
});
commands.mount(ssh);

const beans = choice(BEANS, { description: "Which beans" });

commands.add({
  name: "buy",
  aliases: ["b"],
  category: "Shop",
  summary: "Puts beans into your cart",
  examples: ["buy arabica 2 --gift", "buy 'earl grey' --note 'For Ada'"],
  arguments: { beans, count: integer({ min: 1, max: 20, default: 1, description: "How many bags" }) },
  options: {
    gift: flag({ short: "g", description: "Wraps it" }),
    note: text({ short: "n", optional: true, maxLength: 100, description: "Is written on it" }),
  },
  run(client, { beans, count, gift, note }) {
    const { cart } = client.state;
    const wanted = (cart.get(beans) ?? 0) + count;
    const { left } = shelf[beans];
    if (wanted > left) throw new UsageError("BAD_VALUE", `Only ${left} bags of ${beans} are left.`);
    cart.set(beans, wanted);
    const extras = [...(gift ? ["wrapped"] : []), ...(note === undefined ? [] : [`"${escapeControls(note)}"`])];
    client.sendln([`${count} × ${beans}`, ...extras].join(", "));
  },
});

commands.add({
  name: "shelf",
  category: "Shop",
  summary: "Shows what there is",
  run: (client) => client.table(BEANS.map((name) => ({ name, ...shelf[name] }))),
});

commands.add({
  name: "cart",
  category: "Shop",
  summary: "Shows what you have",
  run(client) {
    const bags = [...client.state.cart].map(([name, count]) => ({ name, count, euro: count * shelf[name].price }));
    client.table(bags);
    client.sendln(`${bags.reduce((sum, { euro }) => sum + euro, 0)} € in all`);
  },
});

commands.add({
  name: "cart drop",
  summary: "Puts beans back",
  arguments: { beans: list(beans, { min: 1 }) },
  run: (client, { beans }) => beans.forEach((one) => client.state.cart.delete(one)),
});

commands.add({
  name: "roast",
  category: "Shop",
  summary: "Roasts what you have; Ctrl-C stops it, and so does the clock",
  timeout: 30,
  async run(client, _values, { signal }) {
    using bar = client.progress({ label: "roasting", total: client.state.cart.size * 10 });
    for (const [name] of client.state.cart) {
      for (let second = 0; second < 10; second++) {
        await sleep(100, undefined, { signal });
        bar.increment(1);
      }
      client.sendln(`The ${name} is done.`);
    }
  },
});

commands.add({
  name: "tell",
  summary: "Says something to somebody who is in",
  arguments: {
    to: custom({
      expected: "somebody who is in",
      parse: (name) => [...ssh.clients].find(({ username }) => username === name),
      complete: () => [...ssh.clients].map(({ username }) => username),
    }),
    words: list(text(), { min: 1 }),
  },
  run: (client, { to, words }) => to.sendln(escapeControls(`${client.username} says: ${words.join(" ")}`)),
});

commands.add({
  name: "story",
  summary: "Tells how it all began",
  pager: true,
  run: (client) => {
    for (let year = 1683; year < 1783; year++) client.sendln(`In ${year}, somebody drank coffee in Vienna.`);
  },
});

commands.add({
  name: "fill",
  category: "Staff",
  summary: "Fills the shelf",
  permission: "stock",
  arguments: { beans, count: integer({ min: 1 }) },
  run(client, { beans, count }) {
    shelf[beans].left += count;
    client.sendln(`${shelf[beans].left} bags of ${beans}.`);
  },
});

commands.add({
  name: "price",
  category: "Staff",
  summary: "Sets a price",
  sudo: true,
  arguments: { beans, euro: number({ min: 0.5 }) },
  run: (_client, { beans, euro }) => void (shelf[beans].price = euro),
});

commands.add({ name: "exit", aliases: ["quit"], summary: "Leaves", run: (client) => client.exit() });

ssh.onUser("preshell", (client) => client.sendln("Welcome to the shop! Type help."));

await ssh.run({ port: 2222 });
