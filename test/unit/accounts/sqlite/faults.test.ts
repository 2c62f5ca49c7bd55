import assert from "node:assert/strict";
import { test } from "node:test";
import { AccountError } from "../../../../src/accounts/index.ts";
import { faultOf, isBusy, isTaken } from "../../../../src/accounts/sqlite/faults.ts";

function sqliteError(errcode: number): Error {
  return Object.assign(new Error("what SQLite says"), { code: "ERR_SQLITE_ERROR", errcode });
}

/** Result codes (https://sqlite.org/rescode.html), plain and extended. */
const MEANINGS: readonly (readonly [errcode: number, code: string, message: RegExp])[] = [
  [5, "STORE_UNAVAILABLE", /another process/],
  [261, "STORE_UNAVAILABLE", /another process/],
  [6, "STORE_UNAVAILABLE", /another process/],
  [8, "STORE_READ_ONLY", /cannot be written/],
  [776, "STORE_READ_ONLY", /cannot be written/],
  [1032, "STORE_UNAVAILABLE", /is gone/],
  [10, "STORE_UNAVAILABLE", /look after the disk/],
  [1034, "STORE_UNAVAILABLE", /look after the disk/],
  [11, "STORE_CORRUPT", /damaged/],
  [267, "STORE_CORRUPT", /damaged/],
  [13, "STORE_UNAVAILABLE", /make room/],
  [14, "STORE_UNAVAILABLE", /cannot be opened/],
  [26, "STORE_CORRUPT", /is no database/],
  [21, "STORE_UNAVAILABLE", /SQLite says 21/],
];
for (const [errcode, code, message] of MEANINGS) {
  test(`what SQLite calls ${errcode} is ${code}`, () => {
    const error = sqliteError(errcode);
    const fault = faultOf(error, "/srv/accounts.sqlite");
    assert.ok(fault instanceof AccountError);
    assert.equal(fault.code, code);
    assert.match(fault.message, message);
    assert.match(fault.message, /\/srv\/accounts\.sqlite/);
    if (errcode !== 1032) assert.equal(fault.cause, error);
  });
}

test("what another writer holds up is told from what is broken, and from what is taken", () => {
  assert.deepEqual(
    [5, 517, 6, 8, 19, 11].map((code) => isBusy(sqliteError(code))),
    [true, true, true, false, false, false],
  );
  assert.deepEqual(
    [19, 1555, 2067, 5].map((code) => isTaken(sqliteError(code))),
    [true, true, true, false],
  );
  assert.equal(isBusy(new Error("5")), false);
});

test("errors that are not SQLite's stay what they are", () => {
  for (const error of [new TypeError("a mistake"), new AccountError("EXISTS", "x"), "text", undefined]) {
    assert.equal(faultOf(error, "x"), error);
  }
});
