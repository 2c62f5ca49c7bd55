/** Boxes with texts, choices and fields. */
import type { Client } from "sallyport";
import { command, defineModule } from "sallyport/commands";
import type { Module } from "sallyport/commands";

const category = "Dialogs";

const dialogs: Module = defineModule({
  name: "dialogs",
  description: "Shows what dialogs there are",
  commands: [
    command({
      name: "dialogtest",
      summary: "A text in a box",
      category,
      run: (client: Client) => client.alert("Hello dialog!", { title: "The lounge" }),
    }),
    command({
      name: "dialogtest2",
      summary: "A text with buttons",
      category,
      async run(client: Client) {
        const button = await client.dialog({ title: "The lounge", text: "Hello world", buttons: ["H1", "H2", "H3"] });
        client.sendln(`You pressed ${button}.`);
      },
    }),
    command({
      name: "dialogtest3",
      summary: "Fields to fill in",
      category,
      async run(client: Client) {
        const { drink, sugar } = await client.form({
          drink: { type: "text", label: "Drink" },
          sugar: { type: "choice", label: "Sugar", choices: ["none", "some", "much"] },
        });
        client.sendln(`${drink}, with ${sugar === "none" ? "no" : sugar} sugar.`);
      },
    }),
  ],
});
export default dialogs;
