import assert from "node:assert/strict";
import test from "node:test";
import { ServerCore } from "../../../src/server/index.ts";
import { FakeDoor, serve, settle } from "./fake-door.ts";

test("a door opens at once before run and after it, closes by itself and with the server, and waits for nobody else", async () => {
  const server = new ServerCore({ allowAnyone: true, log: false });
  const [first, second, third] = [new FakeDoor(), new FakeDoor(), new FakeDoor()];
  const shut = await server.open(first);
  assert.equal(server.address, undefined);
  assert.deepEqual(await server.addDoor(second).run(), { host: "nowhere", port: 1 });
  await server.open(third);
  assert.deepEqual([first.isOpen, second.isOpen, third.isOpen], [true, true, true]);
  assert.ok(await third.arrive());
  await shut();
  await shut();
  assert.deepEqual([first.isOpen, second.isOpen, third.isOpen], [false, true, true]);
  await server.close();
  assert.deepEqual([second.isOpen, third.isOpen], [false, false]);
  await assert.rejects(server.open(new FakeDoor()), { code: "WRONG_STATE", message: /closed/ });
});

test("a door that opens while the server closes is closed as well", async () => {
  const server = new ServerCore({ allowAnyone: true, log: false });
  const { promise, resolve } = Promise.withResolvers<void>();
  const door = new FakeDoor();
  const open = door.open.bind(door);
  door.open = (reception) => promise.then(() => open(reception));
  const opening = server.open(door);
  const closing = server.close();
  resolve();
  await Promise.all([opening, closing]);
  assert.equal(door.isOpen, false);
});

test("a door alone is no way around the question who may log in, and authenticators are prepared once for all", async (t) => {
  await assert.rejects(new ServerCore().open(new FakeDoor()), { code: "NO_AUTH", message: /allowAnyone/ });
  let prepared = 0;
  const auth = { methods: ["password"] as const, prepare: () => void prepared++, judge: () => undefined };
  const server = new ServerCore({ auth: [auth], log: false });
  t.after(() => server.close());
  await server.open(new FakeDoor());
  await server.open(new FakeDoor());
  await server.run();
  assert.equal(prepared, 1);
});

test("a visitor whom a door vouches for is in, unrestricted, and nobody has been asked", async (t) => {
  const asked: unknown[] = [];
  const { door, log, server } = await serve(
    t,
    (server) => {
      server.onUser("auth", (data) => void asked.push(data));
      server.onUser("connect", () => undefined);
    },
    { allowAnyone: false, useExternalAuth: true },
  );
  const fake = await door.arrive();
  assert.ok(fake);
  for (const name of ["", "-oProxyCommand=x", "a\nb", "x".repeat(256)]) {
    assert.throws(() => fake.vouch(name), /nobody can have/);
  }
  assert.equal(fake.open(), undefined);
  fake.vouch("alice", { role: "cook" });
  fake.open()?.events.shell();
  await settle();
  const [client] = server.clients;
  assert.deepEqual([client?.username, client?.user], ["alice", { role: "cook" }]);
  assert.deepEqual([client?.connection.methods, client?.connection.grant?.noPty], [["vouched"], false]);
  assert.deepEqual(asked, []);
  assert.equal(log.filter(({ event }) => event === "login").length, 1);
});
