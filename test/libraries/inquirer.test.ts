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
  "@inquirer/prompts gives up with Ctrl-C, and the next command asks again",
  async (client, { signal }) => {
    const context = { input: client.stdin, output: client.stdout, signal };
    await input({ message: "Name?" }, context).catch((error: Error) => client.sendln(error.name));
    client.sendln(`asked ${client.username}`);
  },
  async (visitor, name) => {
    await visitor.waitFor("Name?");
    visitor.press("ctrl+c");
    await visitor.waitFor(/ExitPromptError|AbortPromptError/);
    await visitor.waitFor(`asked ${name}`);
  },
);
