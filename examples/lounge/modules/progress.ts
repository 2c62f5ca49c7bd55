/** What goes on for a while, and can be called off by Ctrl-C. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "sallyport";
import { command, defineModule, number, text } from "sallyport/commands";
import type { Module } from "sallyport/commands";

const category = "Progress";

const progress: Module = defineModule({
  name: "progress",
  description: "Shows how far something is",
  commands: [
    command({
      name: "inloadtest",
      summary: "Something that takes its time",
      category,
      async run(client: Client, _, { signal }) {
        using spinner = client.spinner("Mixing …");
        await sleep(700, undefined, { signal });
        spinner.text = "Shaking …";
        await sleep(700, undefined, { signal });
        spinner.succeed("Here you are.");
      },
    }),
    command({
      name: "loadtest",
      summary: "Something that is counted",
      category,
      async run(client: Client, _, { signal }) {
        using bar = client.progress({ label: "filling", total: 100 });
        for (let drop = 0; drop < 100; drop++) {
          await sleep(10, undefined, { signal });
          bar.increment(1);
        }
        bar.done();
      },
    }),
    command({
      name: "typing",
      summary: "Writes letter by letter",
      category,
      arguments: {
        message: text(),
        speed: number({ min: 0, max: 1, default: 0.05, description: "Seconds for each" }),
      },
      async run(client: Client, { message, speed }, { signal }) {
        for (const letter of message) {
          client.send(letter);
          await sleep(speed * 1000, undefined, { signal });
        }
        client.sendln();
      },
    }),
  ],
});
export default progress;
