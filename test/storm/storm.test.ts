/**
 * A storm a tenth as strong as that of `npm run storm`: connections that never finish their handshake, wrong passwords and idle shells
 * at once, while somebody types. Attackers come from many addresses of 127.0.0.0/8, in processes of their own.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { faultsOf } from "./faults.ts";
import { SMALL, storm } from "./storm.ts";

test("a server that takes everybody in answers every key in a storm, lets others log in, and is as before when it is over", async () => {
  assert.deepEqual(faultsOf(await storm(SMALL, "none"), SMALL, "none"), []);
});

test("a server with its limits takes in no more than they say in a storm, and nothing from those who have to wait", async () => {
  assert.deepEqual(faultsOf(await storm(SMALL, "limits"), SMALL, "limits"), []);
});
