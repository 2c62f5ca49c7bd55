import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { transportTable } from "../../src/transport/index.ts";
import type { Action } from "../../src/transport/index.ts";
import { Msg, Reader } from "../../src/wire/index.ts";
import { decoder } from "./decoders.ts";
import { explore, runCase } from "./explore.ts";
import type { Report } from "./explore.ts";
import { mutatedSession, walk } from "./sessions.ts";
import type { Target } from "./target.ts";
import { targets } from "./targets.ts";

/** Runs up to `count` cases; a seed with which a planted bug shows early saves time, any other would do. */
const cases = (target: Target, count: number, seed = 1): { passed: number; report: Report | undefined } => {
  let left = count;
  return explore(
    [target],
    seed,
    () => left-- > 0,
    () => {},
  );
};

/** Runs `body` with another entry in the transport's table, which is constant but for this. */
function withBug(state: "login" | "open", number: number, action: Action | undefined, body: () => void): void {
  const row = transportTable[state] as Record<number, Action | undefined>;
  const right = row[number];
  row[number] = action;
  try {
    body();
  } finally {
    row[number] = right;
  }
}

describe("the fuzzer", () => {
  test("finds a decoder that believes a length", () => {
    const gullible = decoder(
      "gullible",
      () => Buffer.from("00000003616263", "hex"),
      (bytes) => new Uint8Array(new Reader(bytes).uint32() * 4096),
    );
    const { report } = cases(gullible, 500);
    assert.match(report?.message ?? "", /gullible threw RangeError/);
    assert.match(report?.input ?? "", /^[0-9a-f]+$/);
  });

  test("finds a decoder that asks for memory as its input tells it to", () => {
    const greedy = decoder(
      "greedy",
      () => Buffer.from("00000003616263", "hex"),
      (bytes) => new Uint8Array(Math.min(new Reader(bytes).uint32(), 2 ** 28)),
    );
    assert.match(cases(greedy, 500).report?.message ?? "", /greedy took \d+ bytes/);
  });

  test("finds a server that opens channels before the login, and its walk can be walked again", () => {
    withBug("login", Msg.CHANNEL_OPEN, "connection", () => {
      const { report } = cases(walk, 2000, 28);
      assert.match(report?.message ?? "", /a session was opened before the login/);
      const again = runCase(walk, report!.seed, report!.index);
      assert.deepEqual([again?.message, again?.input], [report?.message, report?.input]);
    });
  });

  test("finds an action that fails in a state where it has no business", () => {
    withBug("open", Msg.KEX_ECDH_INIT, "kexEcdhInit", () => {
      const { report } = cases(walk, 2000, 18);
      assert.match(report?.message ?? "", /the engine failed/);
    });
  });

  test("finds nothing in the first cases of any target", () => {
    for (const target of targets) {
      const { passed, report } = cases(target, target === walk || target === mutatedSession ? 60 : 20);
      assert.equal(report, undefined, `${target.name}: ${report?.message}\n${report?.input}\n${report?.stack}`);
      assert.ok(passed >= 20);
    }
  });
});
