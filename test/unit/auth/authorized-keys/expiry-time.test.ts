import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { parseExpiryTime } from "../../../../src/auth/authorized-keys/expiry-time.ts";
import { LineFault } from "../../../../src/auth/authorized-keys/line-fault.ts";

test("a day, a minute and a second in UTC are read", () => {
  assert.equal(parseExpiryTime("20300102Z"), Date.UTC(2030, 0, 2));
  assert.equal(parseExpiryTime("203001020304z"), Date.UTC(2030, 0, 2, 3, 4));
  assert.equal(parseExpiryTime("20300102030405UTC"), Date.UTC(2030, 0, 2, 3, 4, 5));
});

test("without a Z it is the time of this machine", () => {
  assert.equal(parseExpiryTime("203001020304"), new Date(2030, 0, 2, 3, 4).getTime());
});

test("every second there is can be read, to the second", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true }), (date) => {
      const text = date.toISOString().replaceAll(/[-:T]/g, "").slice(0, 14);
      assert.equal(parseExpiryTime(`${text}Z`), Math.floor(date.getTime() / 1000) * 1000);
    }),
  );
});

for (const text of [
  "",
  "2030",
  "2030010",
  "2030-01-02",
  "20300230Z",
  "20300431",
  "20300001",
  "20300100",
  "203001022400",
  "19691231Z",
  " 20300102",
  "20300102ZZ",
  "+20300102",
]) {
  test(`${JSON.stringify(text)} is no time`, () => assert.throws(() => parseExpiryTime(text), LineFault));
}
