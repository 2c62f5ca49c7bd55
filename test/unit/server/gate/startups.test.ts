import assert from "node:assert/strict";
import test from "node:test";
import { Startups } from "../../../../src/server/gate/startups.ts";
import type { Place } from "../../../../src/server/gate/startups.ts";
import { resolveLimits } from "../../../../src/server/index.ts";
import type { LimitOptions } from "../../../../src/server/index.ts";

let host = 0;
const anywhere = (): string => `10.0.${host >> 8}.${host++ & 255}`;

function startups(options: LimitOptions, chance = 0): Startups {
  return new Startups(resolveLimits(options), () => chance);
}

function take(subject: Startups, address = anywhere()): Place {
  const place = subject.arrive(address);
  assert.ok(typeof place === "object");
  return place;
}

test("up to start all are taken, at full none, and in between the chance to be dropped rises from rate to 100 %", () => {
  const drops: number[] = [];
  for (const count of [0, 9, 10, 55, 99, 100]) {
    let taken = 0;
    let chance = 0.999;
    // A chance of 0.999 is dropped only where all are: so the first places are taken one by one.
    const subject = new Startups(resolveLimits({ perSourceMaxStartups: 1000 }), () => chance);
    for (let place = 0; place < count; place++) take(subject);
    for (let percent = 0; percent < 100; percent++) {
      chance = percent / 100;
      const place = subject.arrive(anywhere());
      if (typeof place === "string") continue;
      taken++;
      place.left();
    }
    drops.push(100 - taken);
  }
  assert.deepEqual(drops, [0, 0, 30, 65, 100, 100]);
});

test("one source has only so many; its block counts as one", () => {
  const subject = startups({ perSourceMaxStartups: 2 });
  const first = take(subject, "2001:db8::1");
  take(subject, "2001:db8::2");
  assert.equal(subject.arrive("2001:db8::3"), "too many from this source");
  take(subject, "2001:db8:1::1");
  first.admitted();
  take(subject, "2001:db8::3");
});

test("a login makes room for startups, only leaving makes room for connections", () => {
  const subject = startups({ maxConnections: 2, maxStartups: { start: 1, rate: 100, full: 1 } });
  const first = take(subject);
  assert.equal(subject.arrive(anywhere()), "too many without a login");
  first.admitted();
  const second = take(subject);
  assert.equal(subject.arrive(anywhere()), "too many connections");
  second.left();
  take(subject);
  assert.equal(subject.connections, 2);
});

test("places are given back once, in whatever order login and leaving are told", () => {
  const subject = startups({});
  for (let round = 0; round < 3; round++) {
    const place = take(subject, "192.0.2.1");
    place.left();
    place.admitted();
    place.left();
  }
  assert.deepEqual([subject.connections, subject.startups], [0, 0]);
});

test("refusals leave no trace", () => {
  const subject = startups({ perSourceMaxStartups: 1 });
  const place = take(subject, "192.0.2.1");
  for (let round = 0; round < 100; round++) subject.arrive("192.0.2.1");
  place.left();
  assert.deepEqual([subject.connections, subject.startups], [0, 0]);
  take(subject, "192.0.2.1");
});
