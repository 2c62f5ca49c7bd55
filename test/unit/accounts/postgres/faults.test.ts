import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { DatabaseFault } from "../../../../src/accounts/postgres/faults.ts";

/** An error as the package throws it. */
function fault(message: string, more: object = {}): DatabaseFault {
  return new DatabaseFault(Object.assign(new Error(message), more));
}

describe("what the database says becomes", () => {
  for (const [sqlstate, code, breaks] of [
    ["08006", "STORE_UNAVAILABLE", true],
    ["22021", "BAD_VALUE", false],
    ["25006", "STORE_READ_ONLY", false],
    ["28P01", "STORE_UNAVAILABLE", true],
    ["3D000", "STORE_UNAVAILABLE", true],
    ["40P01", "STORE_UNAVAILABLE", false],
    ["42501", "STORE_READ_ONLY", false],
    ["42P01", "STORE_CORRUPT", false],
    ["42703", "STORE_CORRUPT", false],
    ["53300", "STORE_UNAVAILABLE", true],
    ["55P03", "STORE_UNAVAILABLE", false],
    ["57014", "STORE_UNAVAILABLE", false],
    ["57P01", "STORE_UNAVAILABLE", true],
    ["XX001", "STORE_CORRUPT", false],
    ["XX000", "STORE_UNAVAILABLE", false],
    // None that the store knows: its own statement failed, and the connection is good.
    ["0A000", "STORE_UNAVAILABLE", false],
    ["ECONNREFUSED", "STORE_UNAVAILABLE", true],
    ["EPIPE", "STORE_UNAVAILABLE", true],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "STORE_UNAVAILABLE", true],
  ] as const) {
    test(`${sqlstate}: ${code}`, () => {
      const { fault: found, message } = fault("so it is", { code: sqlstate });
      assert.deepEqual([found.code, found.breaks ?? false], [code, breaks]);
      assert.equal(message, `so it is, ${sqlstate}`);
    });
  }

  for (const [message, remedy] of [
    ["Query read timeout", /option patience/],
    ["timeout exceeded when trying to connect", /option patience/],
    ["Connection terminated unexpectedly", /tried again/],
    ["SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string", /check user and password/],
    ["The server does not support SSL connections", /check sslmode/],
    ["self-signed certificate", /check sslmode and sslrootcert/],
  ] as const) {
    test(`"${message}" of the package: STORE_UNAVAILABLE`, () => {
      const error = fault(message).toError("the database");
      assert.deepEqual([error.name, error.code], ["AccountError", "STORE_UNAVAILABLE"]);
      assert.match(error.message, remedy);
      assert.equal(fault(message).fault.breaks, true);
    });
  }
});

test("an error has what happened, where, and what to do, on one line", () => {
  const { message } = fault("no\x1b[2J\nway", { code: "57P03" }).toError("PostgreSQL at db", " Maybe.");
  assert.equal(
    message,
    "The account store in PostgreSQL at db: no\\x1b[2J\\nway, 57P03: see whether the database runs; it is tried again with the next request. Maybe.",
  );
});

test("an error has nothing of the rows or of the connection, however it is looked at", () => {
  const more = {
    code: "23505",
    table: "accounts",
    detail: "Key (key)=(s3cret) exists.",
    client: { password: "s3cret" },
  };
  const found = fault("duplicate key value", more);
  assert.deepEqual(found.duplicate, { table: "accounts", value: "s3cret" });
  assert.doesNotMatch(inspect(found.toError("it"), { depth: null, showHidden: true }), /s3cret/);
});

test("several failed addresses, of which the error says nothing but their code, are told by it", () => {
  const error = Object.assign(new AggregateError([new Error("::1"), new Error("127.0.0.1")]), { code: "ECONNREFUSED" });
  assert.match(new DatabaseFault(error).toError("it").message, /: ECONNREFUSED: /);
});

test("what is thrown without being an error is told, too", () => {
  assert.equal(new DatabaseFault("gone").message, "gone");
});
