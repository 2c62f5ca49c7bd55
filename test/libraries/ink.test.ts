import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "../../src/libraries/ink.ts";
import { Box, Text, useApp, useInput, useWindowSize } from "ink";
import { createElement, useState } from "react";
import type { ReactNode } from "react";
import { Server, stripAnsi } from "../../src/index.ts";
import type { Client } from "../../src/index.ts";
import { exec, openTerminal } from "../../src/testing/index.ts";
import { colourOf, testPair } from "./pair.ts";

/** Counts what its visitor presses, and shows the size of the window. */
function Counter({ client }: { readonly client: Client }): ReactNode {
  const { exit } = useApp();
  const { columns, rows } = useWindowSize();
  const [count, setCount] = useState(0);
  useInput((input, key) => {
    if (input === "q") exit();
    if (key.upArrow) setCount((count) => count + 1);
  });
  return createElement(
    Box,
    { borderStyle: "round", width: 40 },
    createElement(Text, { color: "#ff8700" }, `${client.username} has ${count} in ${columns}x${rows}`),
  );
}

testPair(
  "ink renders for two at once, with their keys, their windows and their colours",
  (client, { signal }) => render(client, createElement(Counter, { client }), { signal }).waitUntilExit(),
  async (visitor, name) => {
    const [columns, rows] = name === "alice" ? [100, 30] : [50, 15];
    await visitor.waitFor(`│${name} has 0 in ${columns}x${rows}`);
    assert.equal(visitor.screen.styleOf(`${name} has`), colourOf(name, "#ff8700", "bright-red"));
    const presses = name === "alice" ? 3 : 2;
    for (let press = 0; press < presses; press++) visitor.press("up");
    await visitor.waitFor(`${name} has ${presses} in`);
    visitor.resize(columns - 5, rows);
    await visitor.waitFor(`${name} has ${presses} in ${columns - 5}x${rows}`);
    assert.equal(visitor.screen.cursor.visible, false);
    visitor.press("q");
    await visitor.waitFor((screen) => screen.cursor.visible || undefined);
  },
);

testPair(
  "ink on the alternate screen gives the first one back",
  (client, { signal }) =>
    render(client, createElement(Counter, { client }), { signal, alternateScreen: true }).waitUntilExit(),
  async (visitor, name) => {
    await visitor.waitFor(`${name} has 0`);
    assert.equal(visitor.screen.isAlternate, true);
    assert.equal(visitor.screen.has("> go"), false);
    visitor.press("ctrl+c");
    await visitor.waitFor("> go");
    assert.equal(visitor.screen.isAlternate, false);
    assert.equal(visitor.screen.has(`${name} has`), false);
  },
);

test("ink is unmounted when its visitor hangs up, and what waits for it goes on", async () => {
  const left = Promise.withResolvers<string>();
  await using ssh = new Server({ allowAnyone: true, log: false });
  ssh.onUser("command", async (client) => {
    await render(client, createElement(Counter, { client })).waitUntilExit();
    left.resolve(client.username);
  });
  await using alice = await openTerminal(ssh);
  await alice.waitFor("> ");
  alice.type("go\r");
  await alice.waitFor("alice has 0");
  alice.hangUp();
  assert.equal(await left.promise, "alice");
});

test("without a terminal ink writes its last frame, and no control sequences", async () => {
  await using ssh = new Server({ allowAnyone: true, log: false });
  ssh.onUser("command", async (client) => {
    const { unmount, waitUntilExit } = render(client, createElement(Text, { bold: true }, `hello ${client.username}`));
    unmount();
    await waitUntilExit();
  });
  const { stdout } = await exec(ssh, "go");
  assert.equal(stripAnsi(stdout), "hello alice\n");
});
