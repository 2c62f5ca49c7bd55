import assert from "node:assert/strict";
import test from "node:test";
import { text } from "../../../../src/commands/index.ts";
import { openTerminal } from "../../../../src/testing/index.ts";
import { testBothWays } from "../../../ways.ts";
import { shopApp } from "../app.ts";

testBothWays("Tab completes commands, subcommands, options and values, with their quotes", async (_t, by) => {
  await using app = shopApp();
  await using alice = await openTerminal(app.ssh, by);
  await alice.waitFor("> ");
  alice.type("or\tc\t7\r");
  await alice.waitFor("> order cancel 7\ncancelled 7\n");
  alice.type("bu\tea\t--n\t'so so' --g\t\r");
  await alice.waitFor("> buy earl\\ grey --note 'so so' --gift");
  await alice.waitFor('{"beans":"earl grey","count":1,"gift":true,"note":"so so"}');
  alice.type("buy \t");
  await alice.waitFor(/arabica +robusta +earl grey/);
  alice.press("tab", "tab", "tab", "enter", "enter");
  await alice.waitFor('{"beans":"earl grey","count":1,"gift":false}');
  alice.type('buy "ea\t\r');
  await alice.waitFor('> buy "earl grey"');
});

testBothWays("a completion that takes its time is called off by the next key", async (_t, by) => {
  await using app = shopApp();
  const asked: AbortSignal[] = [];
  const answers: (() => void)[] = [];
  app.commands.add({
    name: "kick",
    arguments: {
      user: text({
        complete: ({ signal }) =>
          new Promise((resolve) => {
            asked.push(signal);
            answers.push(() => resolve(["bob"]));
          }),
      }),
    },
    run: (client, { user }) => client.sendln(`kicked ${user}`),
  });
  await using alice = await openTerminal(app.ssh, by);
  await alice.waitFor("> ");
  alice.type("kick \t");
  await alice.waitFor(() => asked.length === 1);
  alice.type("c");
  await alice.waitFor("> kick c");
  assert.equal(asked[0]?.aborted, true);
  answers[0]?.();
  alice.press("backspace", "tab");
  await alice.waitFor(() => asked.length === 2);
  answers[1]?.();
  await alice.waitFor("> kick bob");
  alice.press("enter");
  await alice.waitFor("kicked bob");
});

test("what a completion throws is the event error, and nothing is completed", async () => {
  await using app = shopApp();
  const errors: unknown[] = [];
  app.ssh.onUser("error", (_client, error) => void errors.push(error));
  app.commands.add({
    name: "kick",
    arguments: {
      user: text({
        complete: () => {
          throw new Error("no users");
        },
      }),
    },
    run: () => undefined,
  });
  await using alice = await openTerminal(app.ssh);
  await alice.waitFor("> ");
  alice.type("kick \t");
  await alice.waitFor(() => errors.length === 1 && alice.screen.bells > 0);
});
