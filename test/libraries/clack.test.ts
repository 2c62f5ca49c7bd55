import { isCancel, multiselect, select, text } from "@clack/prompts";
import { testPair } from "./pair.ts";

testPair(
  "@clack/prompts asks on a session's streams",
  async (client, { signal }) => {
    const io = { input: client.stdin, output: client.stdout, signal };
    const name = await text({ message: "Name?", placeholder: "yours", ...io });
    const size = await select({ message: "Size?", options: [{ value: "small" }, { value: "large" }], ...io });
    const extras = await multiselect({ message: "With?", options: [{ value: "milk" }, { value: "sugar" }], ...io });
    if (isCancel(name) || isCancel(size) || isCancel(extras)) return client.sendln("cancelled");
    client.sendln(`${name} ${size} ${extras.join("+")}`);
  },
  async (visitor, name) => {
    await visitor.waitFor("Name?");
    visitor.type(`${name}\r`);
    await visitor.waitFor("large");
    visitor.press("down", "enter");
    await visitor.waitFor("sugar");
    visitor.press("space", "enter");
    await visitor.waitFor(`${name} large milk`);
  },
);

testPair(
  "@clack/prompts is cancelled by Ctrl-C",
  async (client, { signal }) => {
    const name = await text({ message: "Name?", input: client.stdin, output: client.stdout, signal });
    client.sendln(isCancel(name) ? "cancelled" : "answered");
  },
  async (visitor) => {
    await visitor.waitFor("Name?");
    visitor.press("ctrl+c");
    await visitor.waitFor(/^cancelled$/m);
  },
);
