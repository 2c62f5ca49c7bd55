import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultRekeyLimit, RekeyPolicy } from "../../../src/transport/rekey.ts";
import { DisconnectReason } from "../../../src/wire/index.ts";

const unused = { bytes: 0, packets: 0 };
const policy = (limit = { bytes: 1000, milliseconds: 60_000 }): RekeyPolicy => new RekeyPolicy(limit);

describe("keys are old", () => {
  test("by default after 1 GiB or one hour", () => {
    assert.deepEqual(defaultRekeyLimit, { bytes: 2 ** 30, milliseconds: 3_600_000 });
  });

  test("when either direction has carried its bytes", () => {
    assert.equal(policy().due({ bytes: 999, packets: 1 }, { bytes: 999, packets: 1 }, 0), false);
    assert.equal(policy().due({ bytes: 1000, packets: 1 }, unused, 0), true);
    assert.equal(policy().due(unused, { bytes: 1000, packets: 1 }, 0), true);
  });

  test("when either direction has carried 2^31 packets", () => {
    const keys = policy({ bytes: Number.POSITIVE_INFINITY, milliseconds: 0 });
    assert.equal(keys.due({ bytes: 0, packets: 2 ** 31 - 1 }, unused, 0), false);
    assert.equal(keys.due({ bytes: 0, packets: 2 ** 31 }, unused, 0), true);
    assert.equal(keys.due(unused, { bytes: 0, packets: 2 ** 31 }, 0), true);
  });

  test("when their time is over, counted from the last change", () => {
    const keys = policy();
    keys.keysChanged(5000);
    assert.equal(keys.due(unused, unused, 64_999), false);
    assert.equal(keys.due(unused, unused, 65_000), true);
    keys.keysChanged(65_000);
    assert.equal(keys.due(unused, unused, 65_001), false);
  });

  test("never by time when the limit is 0", () => {
    assert.equal(policy({ bytes: 1000, milliseconds: 0 }).due(unused, unused, 2 ** 40), false);
  });
});

describe("a client that asks for new keys", () => {
  test("may do so ten times in a row without need, and not eleven times", () => {
    const keys = policy();
    for (let i = 0; i < 10; i++) keys.clientAsks(unused, unused, 0);
    assert.throws(() => keys.clientAsks(unused, unused, 0), { reason: DisconnectReason.BY_APPLICATION });
  });

  test("has a need after 1 MiB in both directions together, or after ten seconds", () => {
    const keys = policy();
    for (let i = 0; i < 100; i++) {
      if (i % 5 === 0) keys.clientAsks({ bytes: 2 ** 19, packets: 1 }, { bytes: 2 ** 19, packets: 1 }, 0);
      else if (i % 7 === 0) keys.clientAsks(unused, unused, 10_000);
      else keys.clientAsks(unused, unused, 9999);
    }
    for (let i = 0; i < 4; i++) keys.clientAsks(unused, unused, 0);
  });
});
