/** What a visitor can be asked, key by key and line by line. */
import { escapeControls } from "sallyport";
import type { Client } from "sallyport";
import { command, defineModule } from "sallyport/commands";
import type { Module } from "sallyport/commands";

const category = "Inputs";

const inputs: Module = defineModule({
  name: "inputs",
  description: "Asks in all ways",
  commands: [
    command({
      name: "passtest",
      summary: "Asks for a name and a password, and tells no password",
      category,
      async run(client: Client, _, { signal }) {
        const name = await client.ask("username: ", { signal });
        const password = await client.password("password: ", { signal, mask: "*" });
        client.sendln(`${escapeControls(name)} has a password of ${password.length} characters.`);
      },
    }),
    command({
      name: "choosetest",
      summary: "Lets you choose",
      category,
      async run(client: Client, _, { signal }) {
        client.sendln(`You chose ${await client.choose("select:", ["H1", "H2", "H3"], { signal })}.`);
      },
    }),
    command({
      name: "keytest",
      summary: "Names the keys that you press, until you press q",
      category,
      async run(client: Client, _, { signal }) {
        for await (const event of client.input({ signal })) {
          if (event.type !== "key") continue;
          client.sendln(escapeControls(event.name));
          if (event.name === "q") break;
        }
      },
    }),
    command({
      name: "mouseinput",
      summary: "Tells where you click, until you let go",
      category,
      async run(client: Client, _, { signal }) {
        client.sendln("Click somewhere.");
        for await (const event of client.input({ mouse: "click", signal })) {
          if (event.type !== "mouse") continue;
          client.sendln(`${event.action} ${event.button} at column ${event.x}, row ${event.y}`);
          if (event.action === "release") break;
        }
      },
    }),
  ],
});
export default inputs;
