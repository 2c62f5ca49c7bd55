import assert from "node:assert/strict";
import test from "node:test";
import { clearanceOf } from "../../../../src/server/login/clearance.ts";
import type { Restrictions } from "../../../../src/server/index.ts";
import { checkRestrictions, combine, restrictionsIn, UNRESTRICTED } from "../../../../src/server/login/restrictions.ts";

const NOW = Date.parse("2026-11-23T12:00:00Z");

test("the restrictions of all factors add up (CVE-2026-39828)", () => {
  const grant = combine([
    { forceCommand: "backup", noPty: true, permitOpen: ["a:1"], environment: { A: "1" } },
    {
      sourceAddress: ["10.0.0.0/8"],
      permitOpen: [],
      expires: 5,
      maxSessions: 3,
      maxConnections: 4,
      noX11Forwarding: true,
      environment: { A: "1", B: "2" },
    },
    { sourceAddress: ["10.1.*"], maxSessions: 2, expires: 3, noPty: false, permitListen: ["1"] },
  ]);
  assert.deepEqual(grant && { ...grant, environment: { ...grant.environment } }, {
    forceCommand: "backup",
    environment: { A: "1", B: "2" },
    sourceAddress: [["10.0.0.0/8"], ["10.1.*"]],
    permitOpen: [["a:1"], []],
    permitListen: [["1"]],
    noPty: true,
    noPortForwarding: false,
    noAgentForwarding: false,
    noX11Forwarding: true,
    expires: 3,
    maxSessions: 2,
    maxConnections: 4,
  });
});

test("two commands, or two values of one variable, cannot both hold", () => {
  assert.equal(combine([{ forceCommand: "a" }, { forceCommand: "b" }]), undefined);
  assert.equal(combine([{ forceCommand: "" }, { forceCommand: "b" }]), undefined);
  assert.equal(combine([{ environment: { A: "1" } }, { environment: { A: "2" } }]), undefined);
  assert.equal(combine([{ forceCommand: "a" }, {}, { forceCommand: "a" }])?.forceCommand, "a");
});

test("no restriction is no restriction", () => {
  const { environment, ...grant } = combine([{}, {}]) ?? UNRESTRICTED;
  assert.deepEqual({ ...grant, environment: { ...environment } }, UNRESTRICTED);
});

const refusals: readonly (readonly [restrictions: readonly Restrictions[], why: RegExp])[] = [
  [[{ sourceAddress: [] }], /address/],
  [[{ sourceAddress: ["10.0.0.0/8"] }], /address/],
  [[{ sourceAddress: ["192.0.2.0/24"] }, { sourceAddress: ["10.0.0.0/8"] }], /address/],
  [[{ sourceAddress: ["192.0.2.0/24"] }, { sourceAddress: [] }], /address/],
  [[{ expires: NOW }], /expired/],
  [[{ expires: NOW + 1 }, { expires: NOW - 1 }], /expired/],
  [[{ expires: Number.NaN }], /expired/],
  [[{ forceCommand: "a" }, { forceCommand: "b" }], /contradict/],
];
for (const [restrictions, why] of refusals) {
  test(`a login from 192.0.2.7 is not cleared under ${JSON.stringify(restrictions)}`, () => {
    const clearance = clearanceOf(restrictions, "192.0.2.7", NOW);
    assert.match("why" in clearance ? clearance.why : "", why);
  });
}

test("a login is cleared that every list of addresses matches, before its time is over", () => {
  const all = [{ sourceAddress: ["192.0.2.0/24"] }, { sourceAddress: ["192.0.2.7"], expires: NOW + 1 }];
  const clearance = clearanceOf(all, "::ffff:192.0.2.7", NOW);
  assert.equal("grant" in clearance && clearance.grant.expires, NOW + 1);
  assert.deepEqual(clearanceOf([], "192.0.2.7", NOW), { grant: UNRESTRICTED });
});

const malformed: readonly (readonly [restrictions: unknown, named: RegExp])[] = [
  [null, /are an object/],
  ["no-pty", /are an object/],
  [{ noPTY: true }, /are forceCommand, /],
  [{ constructor: 1 }, /are forceCommand, /],
  [{ noPty: "yes" }, /noPty .* malformed/],
  [{ noPty: 1 }, /noPty/],
  [{ sourceAddress: "10.0.0.0/8" }, /sourceAddress/],
  [{ sourceAddress: [10] }, /sourceAddress/],
  [{ forceCommand: ["a"] }, /forceCommand/],
  [{ forceCommand: null }, /forceCommand/],
  [{ forceCommand: "a\0b" }, /forceCommand/],
  [{ environment: ["A=1"] }, /environment/],
  [{ environment: { "A=B": "1" } }, /environment/],
  [{ environment: { A: 1 } }, /environment/],
  [{ environment: { A: "1\0" } }, /environment/],
  [{ expires: new Date(0) }, /expires/],
  [{ maxSessions: -1 }, /maxSessions/],
  [{ maxSessions: 1.5 }, /maxSessions/],
  [{ maxConnections: "1" }, /maxConnections/],
  [{ permitOpen: true }, /permitOpen/],
];
for (const [restrictions, named] of malformed) {
  test(`what looks like a restriction and is none is not passed over: ${JSON.stringify(restrictions)}`, () => {
    assert.throws(() => checkRestrictions(restrictions), named);
  });
}

test("the restrictions that hold have names, for the log", () => {
  assert.deepEqual(restrictionsIn(UNRESTRICTED), []);
  const grant = combine([{ forceCommand: "", sourceAddress: ["*"], environment: { A: "1" }, noPty: true, expires: 9 }]);
  assert.deepEqual(restrictionsIn(grant ?? UNRESTRICTED), [
    "forceCommand",
    "sourceAddress",
    "environment",
    "noPty",
    "expires",
  ]);
});
