import assert from "node:assert/strict";
import test from "node:test";
import { ServerCore } from "../../src/server/index.ts";
import type { Client, EventName } from "../../src/server/index.ts";
import { FakeDoor, settle } from "../unit/server/fake-door.ts";

/** A server with a fake door, and a way to run a command on it. */
async function open(server: ServerCore): Promise<(command: string) => Promise<string>> {
  const door = new FakeDoor();
  await server.addDoor(door).run();
  return async (command) => {
    const fake = await door.arrive();
    fake?.admit("alice");
    const session = fake?.open();
    session?.events.exec(command);
    await settle();
    return session?.stdout ?? "";
  };
}

test("a decorated method is a handler of each object of its class, with its own this", async (t) => {
  const ssh = new ServerCore({ allowAnyone: true, log: false });
  class App {
    readonly #name: string;

    constructor(name: string) {
      this.#name = name;
    }

    @ssh.onUser("connect")
    greet(client: Client): void {
      client.sendln(`${this.#name} greets ${client.username}`);
    }

    @ssh.onUser("command")
    async run(client: Client, command: string): Promise<void> {
      await settle();
      client.sendln(`${this.#name} runs ${command}`);
    }
  }
  const run = await open(ssh);
  t.after(() => ssh.close());
  assert.equal(await run("nothing"), "");
  assert.ok(new App("one"));
  assert.equal(await run("x"), "one greets alice\n");
  await settle();
  assert.ok(new App("two"));
  assert.match(await run("y"), /^one greets alice\ntwo greets alice\n/);
});

test("a static method is a handler once, and one method may listen to several events", async (t) => {
  const ssh = new ServerCore({ allowAnyone: true, log: false });
  const seen: string[] = [];
  class App {
    static readonly title = "App";
    readonly instance = "none needed";

    @ssh.onUser("connect")
    @ssh.onUser("disconnected")
    static note(client: Client): void {
      seen.push(`${this.title} ${client.endReason}`);
    }

    @ssh.onUser("command")
    static run(client: Client, command: string): void {
      client.sendln(command);
    }
  }
  const run = await open(ssh);
  t.after(() => ssh.close());
  assert.equal(await run("x"), "x\n");
  assert.deepEqual(seen, ["App undefined", "App exit"]);
  assert.equal(App.title, "App");
});

test("a method that is overridden is decorated where it stands", async (t) => {
  const ssh = new ServerCore({ allowAnyone: true, log: false });
  class Base {
    name = "base";

    @ssh.onUser("command")
    run(client: Client): void {
      client.sendln(this.name);
    }
  }
  class Derived extends Base {
    override name = "derived";
  }
  const run = await open(ssh);
  t.after(() => ssh.close());
  assert.ok(new Derived());
  assert.equal(await run("x"), "derived\n");
});

test("a wrong name is told when the class is defined", () => {
  const ssh = new ServerCore();
  assert.throws(() => {
    class App {
      @ssh.onUser("conect" as EventName)
      greet(): void {
        // Never called.
      }
    }
    return App;
  }, /There is no such event; there are connect,/);
});
