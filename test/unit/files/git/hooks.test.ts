import assert from "node:assert/strict";
import { duplexPair } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import type { HookJudge } from "../../../../src/files/git/hooks.ts";
import { answerHooks } from "../../../../src/files/git/hooks.ts";
import { readHookCall } from "../../../../src/files/git/push.ts";

const ZERO = "0".repeat(40);
const ONE = "1".repeat(40);
const CALL = `pre-receive\n${ZERO} ${ONE} refs/heads/main\n${ONE} ${ZERO} refs/tags/v 1\n\n`;

test("what a hook tells is its name and the refs, with what is made and what is deleted", () => {
  assert.deepEqual(readHookCall(CALL), {
    hook: "pre-receive",
    refs: [
      { name: "refs/heads/main", from: undefined, to: ONE },
      { name: "refs/tags/v 1", from: ONE, to: undefined },
    ],
  });
  assert.deepEqual(readHookCall("post-receive\n\n"), { hook: "post-receive", refs: [] });
});

for (const odd of ["\n\n", "update\n\n", "pre-receive\nrefs/heads/main\n\n", `pre-receive\n${ZERO} ${ONE} HEAD\n\n`]) {
  test(`${JSON.stringify(odd.slice(0, 40))} is no call of a hook`, () => {
    assert.equal(readHookCall(odd), undefined);
  });
}

/** What a hook reads that sends this. */
async function answered(sent: string, judge: HookJudge): Promise<string> {
  const [ours, theirs] = duplexPair();
  const over = answerHooks(ours, judge);
  theirs.end(sent);
  const said = text(theirs);
  await over;
  return said;
}

test("a hook hears ok, or no with one line that is safe to look at", async () => {
  assert.equal(await answered(CALL, async () => true), "ok\n");
  assert.equal(await answered(CALL, async () => "Not \x1b[2J\ntoday"), "no Not \\x1b[2J\\ntoday\n");
  assert.ok((await answered(CALL, async () => "x".repeat(5000))).length < 1010);
  assert.equal(await answered("pre-receive\nx\n\n", async () => true), "no refs that nobody can read\n");
});

test("a hook that tells without an end is cut off, and not answered", async () => {
  const [ours, theirs] = duplexPair();
  theirs.on("error", () => undefined);
  const over = answerHooks(ours, async () => true);
  const piece = `${ZERO} ${ONE} refs/heads/main\n`.repeat(1000);
  for (let sent = 0; sent < 5 * 1024 ** 2 && !ours.destroyed; sent += piece.length) {
    await new Promise((resolve) => void theirs.write(piece, resolve));
    await new Promise(setImmediate);
  }
  await over;
  assert.ok(ours.destroyed);
});
