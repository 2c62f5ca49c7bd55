import assert from "node:assert/strict";
import { test } from "node:test";
import Enquirer from "enquirer";
import type { ClientReadStream, ClientWriteStream } from "../../src/index.ts";
import { run } from "../interop/harness/index.ts";
import { testPair } from "./pair.ts";

/** What its types leave out of a prompt's options. */
interface Streams {
  readonly stdin: ClientReadStream;
  readonly stdout: ClientWriteStream;
}

testPair(
  "enquirer asks on a session's streams, as long as nobody presses Ctrl-C",
  async (client) => {
    const streams: Streams = { stdin: client.stdin, stdout: client.stdout };
    const enquirer = new Enquirer<{ name: string; size: string }>();
    const { name, size } = await enquirer.prompt([
      { type: "input", name: "name", message: "Name?", ...streams },
      { type: "select", name: "size", message: "Size?", choices: ["small", "large"], ...streams },
    ]);
    client.sendln(`${name} takes ${size}`);
  },
  async (visitor, name) => {
    await visitor.waitFor("Name?");
    visitor.type(`${name}\r`);
    await visitor.waitFor("large");
    visitor.press("down", "enter");
    await visitor.waitFor(`${name} takes large`);
  },
);

test("enquirer takes the whole server along when somebody presses Ctrl-C: the reason why the guide says to avoid it", async () => {
  const server = new URL("fixtures/enquirer-server.ts", import.meta.url).pathname;
  const { status, stderr } = await run(process.execPath, [server]);
  assert.equal(status, 1);
  assert.match(stderr, /ERR_USE_AFTER_CLOSE/);
});
