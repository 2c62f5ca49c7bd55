import { checkbox, confirm, input, password, select } from "@inquirer/prompts";
import { testPair } from "./pair.ts";

testPair(
  "@inquirer/prompts asks on a session's streams",
  async (client, { signal }) => {
    const context = { input: client.stdin, output: client.stdout, signal };
    const name = await input({ message: "Name?", default: client.username }, context);
    const secret = await password({ message: "PIN?", mask: "*" }, context);
    const drink = await select({ message: "Drink?", choices: ["tea", "coffee", "water"] }, context);
    const extras = await checkbox({ message: "With?", choices: ["milk", "sugar"] }, context);
    const isRight = await confirm({ message: "Right?" }, context);
    client.sendln(`${name} ${secret.length} ${drink} ${extras.join("+")} ${isRight}`);
  },
  async (visitor, name) => {
    await visitor.waitFor("Name?");
    visitor.type(`${name}2\r`);
    await visitor.waitFor("PIN?");
    visitor.type("1234");
    await visitor.waitFor("PIN? ****");
    visitor.press("enter");
    await visitor.waitFor("coffee");
    visitor.press("down", "enter");
    await visitor.waitFor("sugar");
    visitor.press("space", "down", "space", "enter");
    await visitor.waitFor("Right?");
    visitor.press("enter");
    await visitor.waitFor(`${name}2 4 coffee milk+sugar true`);
  },
);

testPair(
  "@inquirer/prompts gives up with Ctrl-C, which is no fault, and the next command asks again",
  async (client, { signal }) => {
    client.sendln(`asks ${client.username}`);
    await input({ message: "Name?" }, { input: client.stdin, output: client.stdout, signal });
  },
  async (visitor, name) => {
    await visitor.waitFor("Name?");
    visitor.press("ctrl+c");
    await visitor.waitFor(/> $/);
    visitor.press("ctrl+l");
    visitor.type("again\r");
    await visitor.waitFor(new RegExp(`> again\\nasks ${name}\\n. Name\\?`));
    visitor.press("ctrl+c");
  },
);
