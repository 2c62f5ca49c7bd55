import assert from "node:assert/strict";
import test from "node:test";
import { ConfigError, ServerCore } from "../../../../src/server/index.ts";
import type { Authenticator, Log, ServerOptions } from "../../../../src/server/index.ts";
import { FakeDoor } from "../fake-door.ts";

const passwords: Authenticator = { methods: ["password"], judge: () => false };

function make(options: ServerOptions): { readonly server: ServerCore; readonly door: FakeDoor } {
  const door = new FakeDoor();
  const server = new ServerCore({ log: false, ...options }).addDoor(door);
  return { server, door };
}

test("a list of authenticators says who may log in", async () => {
  const { server, door } = make({ auth: [passwords] });
  await server.run();
  assert.equal(door.isOpen, true);
  assert.deepEqual(door.reception.authMethods, ["password"]);
  await server.close();
});

test("nothing that says who may log in is told with all remedies", async () => {
  await assert.rejects(make({}).server.run(), (error) => {
    assert.ok(error instanceof ConfigError && error.code === "NO_AUTH");
    assert.match(error.message, /auth: .*useExternalAuth.*allowAnyone/);
    return true;
  });
});

test("a handler that nobody will ask is told, though there are authenticators", async () => {
  const { server } = make({ auth: [passwords] });
  server.onUser("auth", () => true);
  await assert.rejects(server.run(), { code: "NO_AUTH", message: /add useExternalAuth: true/ });
});

test("all authenticators are prepared, one after the other and with the log, before a door opens", async () => {
  const seen: unknown[] = [];
  const prepared = (name: string): Authenticator => ({
    ...passwords,
    async prepare(log: Log) {
      seen.push(`${name} begins`, door.isOpen, log === server.options.log);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(`${name} ends`);
    },
  });
  const { server, door } = make({ auth: [prepared("one"), passwords, prepared("two")] });
  await server.run();
  assert.deepEqual(seen, ["one begins", false, true, "one ends", "two begins", false, true, "two ends"]);
  assert.equal(door.isOpen, true);
  await server.close();
});

test("an authenticator that cannot be prepared stops the start", async () => {
  const error = new ConfigError("BAD_OPTION", "The CA file cannot be read.");
  const broken: Authenticator = { ...passwords, prepare: () => Promise.reject(error) };
  const { server, door } = make({ auth: [passwords, broken] });
  await assert.rejects(server.run(), error);
  assert.equal(door.isOpen, false);
  await server.close();
});

test("a method that has to be passed and that nobody judges stops the start", async () => {
  const required = { authenticationMethods: ["password,keyboard-interactive"] };
  const missing = { code: "CONFLICT", message: /asks for keyboard-interactive, and nobody judges it/ };
  await assert.rejects(make({ auth: [passwords], ...required }).server.run(), missing);

  const { server } = make({ auth: [passwords], useExternalAuth: true, ...required });
  server.onUser("authinteractive", () => false);
  await server.run();
  await server.close();

  const other = make({ useExternalAuth: true, authenticationMethods: ["publickey,password"] });
  other.server.onUser("authinteractive", () => false);
  await assert.rejects(other.server.run(), { code: "CONFLICT", message: /asks for publickey/ });
});

const wrong: readonly (readonly [options: object, code: string, named: RegExp])[] = [
  [{ auth: [] }, "BAD_OPTION", /option auth must be an array of at least one authenticator/],
  [{ auth: passwords }, "BAD_OPTION", /option auth/],
  [{ auth: [() => true] }, "BAD_OPTION", /option auth/],
  [{ auth: [{ methods: [], judge: () => true }] }, "BAD_OPTION", /option auth/],
  [{ auth: [{ methods: ["hostbased"], judge: () => true }] }, "BAD_OPTION", /option auth/],
  [{ auth: [{ methods: ["password"] }] }, "BAD_OPTION", /option auth/],
  [{ auth: [{ ...passwords, prepare: true }] }, "BAD_OPTION", /option auth/],
  [{ authenticationMethods: "publickey,password" }, "BAD_OPTION", /option authenticationMethods must be an array/],
  [{ authenticationMethods: [] }, "BAD_OPTION", /option authenticationMethods must be an array with lists/],
  [{ authenticationMethods: ["any"] }, "BAD_OPTION", /option authenticationMethods has.*leave the option out/],
  [{ allowAnyone: true, auth: [passwords] }, "CONFLICT", /allowAnyone and auth/],
  [{ allowAnyone: true, authenticationMethods: ["password"] }, "CONFLICT", /allowAnyone and authenticationMethods/],
  [{ allowAnyone: true, useExternalAuth: true }, "CONFLICT", /allowAnyone and useExternalAuth.*leave one of them out/],
  [
    { authMethods: ["password"], authenticationMethods: ["password"] },
    "CONFLICT",
    /authMethods and authenticationMethods/,
  ],
];
for (const [options, code, message] of wrong) {
  test(`wrong options are told with their name and the remedy: ${JSON.stringify(options)}`, () => {
    assert.throws(() => new ServerCore(options), { name: "ConfigError", code, message });
  });
}
