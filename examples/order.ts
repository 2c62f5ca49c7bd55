/**
 * A shop that asks with menus, forms and boxes to tick: `ssh -p 2222 localhost`, then `order`, `menu` or `story`.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { escapeControls, Server } from "sallyport";
import type { Client } from "sallyport";

const ssh = new Server({ allowAnyone: true, prompt: "pizza> " });

const PIZZAS = [
  { label: "Margherita", value: { name: "Margherita", price: 9 }, description: "tomato, mozzarella, basil" },
  { label: "Diavola", value: { name: "Diavola", price: 11 }, description: "hot" },
  { label: "Tartufo", value: { name: "Tartufo", price: 19 }, disabled: "in autumn again" },
];

ssh.onUser("preshell", (client) => client.sendln("Benvenuti! Type order, menu, story or exit."));

ssh.onUser("command", (client, command, { signal }) => {
  switch (command) {
    case "order":
      return order(client, signal);
    case "menu":
      return client.table(
        PIZZAS.map(({ value, description, disabled }) => ({ ...value, "": disabled ?? description })),
        { border: "rounded" },
      );
    case "story":
      return client.page(story(), { title: "The story of this oven" });
    case "exit":
      return client.exit();
    default:
      client.stderr.write("There is order, menu, story and exit.\n");
      return 127;
  }
});

async function order(client: Client, signal: AbortSignal): Promise<number> {
  const pizza = await client.choose("Which pizza?", PIZZAS);
  const extras = await client.checkbox("On it?", ["olives", "capers", "anchovies", "rocket"], { max: 3 });
  const { name, street, when } = await client.form(
    {
      name: { type: "text", label: "Name", default: client.username },
      street: { type: "text", label: "Street", validate: (street) => street !== "" || "Where do you live?" },
      when: { type: "choice", label: "When", choices: ["now", "at eight", "at nine"] },
    },
    { title: "Where to?", submit: "Order" },
  );
  if (!(await client.confirm(`${pizza.name} for ${pizza.price}, ${when}?`, { default: true }))) return 1;

  using oven = client.spinner("The oven is getting hot");
  using bar = client.progress({ label: pizza.name, total: 20 });
  for (const step of ["dough", "tomato", "cheese", ...extras]) {
    client.sendln(`  ${step} goes on`);
    await sleep(300, undefined, { signal });
    bar.increment(20 / (3 + extras.length));
  }
  bar.stop();
  oven.succeed(`${pizza.name} is on its way to ${escapeControls(street)}, ${escapeControls(name)}!`);
  return 0;
}

/** As long as somebody reads it. */
function* story(): Generator<string> {
  for (let year = 1889; ; year++) yield `In ${year} the oven was lit every morning at six, and was not let go out.`;
}

await ssh.run({ port: 2222 });
