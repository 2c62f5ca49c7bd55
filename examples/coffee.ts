/**
 * A command that asks, and one that takes its time: `ssh -p 2222 localhost`, then `order`. Ctrl-C calls it off.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Server } from "sallyport";
import type { Client } from "sallyport";

const ssh = new Server({ allowAnyone: true, prompt: "café> " });

ssh.onUser("preshell", (client) => client.sendln("Good morning! Type order, or exit."));

ssh.onUser("command", async (client, command, { signal }) => {
  if (command === "order") return order(client, signal);
  if (command === "exit") return client.exit();
  client.stderr.write("We have order and exit.\n");
  return 127;
});

async function order(client: Client, signal: AbortSignal): Promise<number> {
  const drink = await client.choose("What may it be?", [
    { label: "espresso", value: { name: "espresso", seconds: 1 } },
    { label: "filter coffee", value: { name: "filter coffee", seconds: 3 } },
  ]);
  const name = await client.ask("A name for the cup: ", { default: client.username });
  if (!(await client.confirm(`One ${drink.name} for ${name}?`, { default: true }))) return 1;
  for (let second = 0; second < drink.seconds; second++) {
    client.send(".");
    await sleep(1000, undefined, { signal });
  }
  client.bell();
  client.sendln(` ${drink.name} for ${name}!`);
  return 0;
}

await ssh.run({ port: 2222 });
