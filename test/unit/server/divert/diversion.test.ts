import assert from "node:assert/strict";
import { pipeline } from "node:stream/promises";
import test from "node:test";
import type { Client, Diversion } from "../../../../src/index.ts";
import { divert, Server } from "../../../../src/index.ts";
import { exec, openTerminal } from "../../../../src/testing/index.ts";

/** Keeps what is diverted. */
class Kept implements Diversion {
  text = "";
  isFull = false;
  waits = 0;

  write(chunk: string | Uint8Array): void {
    this.text += Buffer.from(chunk as Uint8Array).toString();
  }

  async drained(): Promise<void> {
    this.waits++;
  }
}

async function server(run: (client: Client, ssh: Server) => Promise<unknown>): Promise<Server> {
  const ssh = new Server({ allowAnyone: true, log: false });
  ssh.onUser("command", async (client) => void (await run(client, ssh)));
  return ssh;
}

test("what is written in it goes elsewhere, in its order, until it is over", async () => {
  const kept = new Kept();
  await using ssh = await server(async (client) => {
    client.sendln("before");
    const value = await divert(client, kept, async () => {
      client.sendln("one");
      client.send(Buffer.from("two\n"));
      client.table([["three"]]);
      await client.drained();
      client.stdout.write("four\n");
      assert.equal(client.stdout, client.stdout);
      assert.equal(client.stdout.isTTY, undefined);
      await pipeline(["five\n", "six\n"], client.stdout);
      await client.page(["seven", "eight"]);
      client.stderr.write("to stderr\n");
      return 7;
    });
    client.sendln(`after ${value}`);
  });
  const { stdout, stderr } = await exec(ssh, "x");
  assert.deepEqual([stdout, stderr], ["before\nafter 7\n", "to stderr\n"]);
  assert.equal(kept.text.replace(/─+\n/, ""), "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n");
  assert.ok(kept.waits > 0);
});

test("what others write meanwhile, and what is written later, goes to the visitor", async () => {
  const kept = new Kept();
  const { promise: late, resolve: goOn } = Promise.withResolvers<void>();
  await using ssh = await server(async (client, ssh) => {
    const others = new Promise<void>((resolve) => setImmediate(() => (client.sendln("from elsewhere"), resolve())));
    let later: Promise<void> | undefined;
    await divert(client, kept, async () => {
      ssh.broadcast("from the server");
      await others;
      client.sendln("mine");
      later = late.then(() => client.sendln("too late to be diverted"));
    });
    goOn();
    await later;
  });
  const { stdout } = await exec(ssh, "x");
  assert.equal(stdout, "from the server\nfrom elsewhere\ntoo late to be diverted\n");
  assert.equal(kept.text, "mine\n");
});

test("it is of one client, and ends with a throw too", async () => {
  const kept = new Kept();
  await using ssh = await server(async (client, ssh) => {
    const failing = divert(client, kept, async () => {
      for (const other of ssh.clients) other.sendln(`to ${other.username}`);
      throw new Error("broken");
    });
    await assert.rejects(failing, { message: "broken" });
    client.sendln("again");
  });
  await using bob = await openTerminal(ssh, { username: "bob" });
  await bob.waitFor("> ");
  assert.equal((await exec(ssh, "x")).stdout, "again\n");
  await bob.waitFor("to bob");
  assert.equal(kept.text, "to alice\n");
});
