import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { loadPg } from "../../../../src/accounts/postgres/load-pg.ts";
import type { PostgresStoreOptions } from "../../../../src/accounts/postgres/options.ts";
import { resolvePostgresOptions } from "../../../../src/accounts/postgres/options.ts";
import { postgresStore } from "../../../../src/accounts/postgres/store.ts";

test("a URL alone, or nothing, is enough", () => {
  const defaults = { password: undefined, schema: "sallyport", connections: 10, patience: 5 };
  assert.deepEqual(resolvePostgresOptions("postgresql://db/app"), { url: "postgresql://db/app", ...defaults });
  assert.deepEqual(resolvePostgresOptions({}), { url: undefined, ...defaults });
});

describe("postgresStore() refuses", () => {
  for (const [what, options, message] of [
    ["a URL of something else", "mysql://ada:s3cret@db/app", /url: begins with postgres:/],
    ["a path", "/var/lib/s3cret", /url: begins with postgres:/],
    ["a password that would be taken for a port and a database", "postgres://ada:12/s3cret@db/app", /%2F/],
    ["a password that would be taken for a fragment", "postgres://ada:12#s3cret@db/app", /%23/],
    ["an option that it has not", { user: "s3cret" }, /no option "user"; it has url, password/],
    ["a password that is none", { password: 12 }, /password: expected a string or a function, not number/],
    ["a schema that would have to be quoted", { schema: 'a"; drop table accounts; --' }, /schema: expected/],
    ["a schema in capitals", { schema: "Accounts" }, /schema: expected .* not "Accounts"/],
    ["a schema without a name", { schema: "" }, /schema: expected/],
    ["no connections", { connections: 0 }, /connections: .* from 1 to 1000, not 0/],
    ["half a connection", { connections: 1.5 }, /connections: .* not 1.5/],
    ["to wait for ever", { patience: Infinity }, /patience: expected 0.1 to 600 seconds, not Infinity/],
    ["not to wait", { patience: 0 }, /patience: .* not 0/],
    ["to wait for no number", { patience: NaN }, /patience: .* not NaN/],
  ] as const) {
    test(what, () => {
      assert.throws(
        () => postgresStore(options as string | PostgresStoreOptions),
        (error) => {
          assert.ok(error instanceof Error);
          assert.equal(error.name, "ConfigError");
          assert.match(error.message, message);
          assert.doesNotMatch(inspect(error), /s3cret/);
          return true;
        },
      );
    });
  }
});

test("a URL that cannot be read is not repeated", async () => {
  for (const url of [
    "postgres://ada:s3cret@[db/app",
    "postgres://ada:s3cret@db:99999/app",
    "postgres://ada:s3cret@db/app?sslmode=verify-full&sslrootcert=/nowhere/s3cret.pem",
  ]) {
    const store = postgresStore(url);
    await assert.rejects(store.prepare(), (error) => {
      assert.ok(error instanceof Error);
      assert.equal((error as { code?: unknown }).code, "BAD_VALUE");
      assert.match(error.message, /URL of the database cannot be read/);
      assert.doesNotMatch(inspect(error, { depth: null, showHidden: true }), /s3cret/);
      return true;
    });
    await store.close();
  }
});

test("nothing of the URL is seen by who looks at a store", () => {
  const store = postgresStore({ url: "postgres://ada:s3cret@db/app", password: "s3cret" });
  assert.doesNotMatch(inspect(store, { depth: null, showHidden: true }), /s3cret|ada|db/);
  assert.doesNotMatch(JSON.stringify(store), /s3cret|ada|db/);
});

test("without the package, the error says how to install it", async () => {
  const cause = new Error("Cannot find package 'pg'");
  await assert.rejects(
    loadPg(() => Promise.reject(cause)),
    { name: "AccountError", code: "MISSING_PACKAGE", message: /npm install pg$/, cause },
  );
});
