import assert from "node:assert/strict";
import test from "node:test";
import type { Offence, PenaltyOptions } from "../../../../src/server/gate/penalties.ts";
import { Penalties, resolvePenalties } from "../../../../src/server/gate/penalties.ts";
import { ConfigError } from "../../../../src/server/index.ts";

const BLOCK = { ipv4: 32, ipv6: 64 };
const SOURCE = "192.0.2.1";

function penalties(options: PenaltyOptions = {}): Penalties {
  const table = resolvePenalties(options);
  assert.ok(table);
  return new Penalties(table, BLOCK);
}

test("small offences add up until the minimum is reached, and then keep out as long as they add up to", () => {
  const subject = penalties();
  subject.add(SOURCE, "authfail", 0);
  subject.add(SOURCE, "authfail", 1000);
  assert.equal(subject.isPenalised(SOURCE, 1001), false);
  subject.add(SOURCE, "authfail", 2000);
  assert.equal(subject.isPenalised(SOURCE, 2001), false);
  subject.add(SOURCE, "authfail", 3000);
  assert.equal(subject.isPenalised(SOURCE, 3001), true);
  assert.equal(subject.isPenalised(SOURCE, 19_999), true);
  assert.equal(subject.isPenalised(SOURCE, 20_000), false);
  assert.equal(subject.size, 0);
});

const durations: readonly (readonly [Offence, number])[] = [
  ["crash", 90],
  ["authfail", 5],
  ["noauth", 1],
  ["graceExceeded", 10],
  ["refused", 10],
];
for (const [offence, seconds] of durations) {
  test(`the penalty for ${offence} is ${seconds} s`, () => {
    const subject = penalties({ min: 0 });
    subject.add(SOURCE, offence, 0);
    assert.equal(subject.isPenalised(SOURCE, seconds * 1000 - 1), true);
    assert.equal(subject.isPenalised(SOURCE, seconds * 1000), false);
  });
}

test("the sum never exceeds the maximum", () => {
  const subject = penalties();
  for (let time = 0; time < 100; time++) subject.add(SOURCE, "crash", 0);
  assert.equal(subject.isPenalised(SOURCE, 599_999), true);
  assert.equal(subject.isPenalised(SOURCE, 600_000), false);
});

test("a block of addresses is one source, others are not touched", () => {
  const subject = penalties();
  subject.add("2001:db8::1", "crash", 0);
  assert.equal(subject.isPenalised("2001:db8::ffff:1", 1), true);
  assert.equal(subject.isPenalised("2001:db8:0:1::1", 1), false);
  assert.equal(subject.isPenalised("192.0.2.2", 1), false);
});

test("this machine is exempt by default, and so is what the option names", () => {
  const byDefault = penalties();
  for (const address of ["127.0.0.1", "127.255.0.1", "::1"]) {
    byDefault.add(address, "crash", 0);
    assert.equal(byDefault.isPenalised(address, 1), false, address);
  }
  const subject = penalties({ exempt: ["10.0.0.0/8", "2001:db8::/32"] });
  for (const [address, isOut] of [
    ["10.1.2.3", false],
    ["11.1.2.3", true],
    ["127.0.0.1", true],
    ["2001:db8::1", false],
  ] as const) {
    subject.add(address, "crash", 0);
    assert.equal(subject.isPenalised(address, 1), isOut, address);
  }
});

test("only so many sources are remembered; the one longest without an offence is forgotten first", () => {
  const subject = penalties({ sources: 2 });
  subject.add("192.0.2.1", "crash", 0);
  subject.add("192.0.2.2", "crash", 0);
  subject.add("192.0.2.1", "crash", 0);
  subject.add("192.0.2.3", "crash", 0);
  assert.equal(subject.size, 2);
  assert.equal(subject.isPenalised("192.0.2.1", 1), true);
  assert.equal(subject.isPenalised("192.0.2.2", 1), false);
});

test("penalties can be switched off, and wrong ones are told", () => {
  assert.equal(resolvePenalties(false), undefined);
  for (const options of [
    { authfail: -1 },
    { authfail: "5" },
    { exempt: ["nonsense"] },
    { exempt: ["10.0.0.0/99"] },
    ...["10.0.0.0/", "::/", "10.0.0.0/8/junk", "10.0.0.0/0x8", "10.0.0.0/1e1", "10.0.0.0/8 ", "/8", ""].map(
      (entry) => ({
        exempt: [entry],
      }),
    ),
    { exempt: 5 },
  ]) {
    assert.throws(
      () => resolvePenalties(options as PenaltyOptions),
      (error: unknown) =>
        error instanceof ConfigError && error.code === "BAD_OPTION" && error.message.startsWith("penalties."),
    );
  }
  assert.throws(() => resolvePenalties({ toString: 1 } as PenaltyOptions), /There is no penalties\.toString/);
});

test("a table that would keep nobody out is told, and undefined stands for the default", () => {
  assert.throws(() => resolvePenalties({ min: 700 }), /penalties\.max is 600, below the min of 700/);
  assert.throws(() => resolvePenalties({ max: 10 }), { code: "BAD_OPTION" });
  const table = resolvePenalties({ authfail: undefined, min: 20 } as unknown as PenaltyOptions);
  assert.equal(table?.authfail, 5);
  assert.equal(table?.min, 20);
});

test("what an offence has cost is told, and nothing where it costs nothing", () => {
  const subject = penalties({ noauth: 0, exempt: ["192.0.2.9"] });
  assert.equal(subject.add(SOURCE, "noauth", 0), undefined);
  assert.equal(subject.add("192.0.2.9", "crash", 0), undefined);
  assert.deepEqual(subject.add(SOURCE, "refused", 0), { source: SOURCE, seconds: 10, total: 10, isEnforced: false });
  assert.deepEqual(subject.add(SOURCE, "invaliduser", 4000), {
    source: SOURCE,
    seconds: 5,
    total: 11,
    isEnforced: false,
  });
  assert.deepEqual(subject.add(SOURCE, "refused", 4000), { source: SOURCE, seconds: 10, total: 21, isEnforced: true });
});
