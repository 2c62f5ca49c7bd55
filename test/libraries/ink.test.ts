import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "../../src/libraries/ink.ts";
import { Box, Text, useApp, useInput, useWindowSize } from "ink";
import { createElement, useState } from "react";
import type { ReactNode } from "react";
import { Server, stripAnsi } from "../../src/index.ts";
import type { Client } from "../../src/index.ts";
import { exec, openTerminal } from "../../src/testing/index.ts";
import { until } from "../interop/harness/index.ts";
import { colourOf, testPair } from "./pair.ts";
import { listenersOnProcess } from "./process.ts";

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

/** Throws when a key is pressed: in a listener, or in a component. */
function Faulty(): ReactNode {
  const [isBroken, setBroken] = useState(false);
  useInput((input) => {
    if (input === "l") throw new Error("a listener's fault");
    if (input === "c") setBroken(true);
  });
  if (isBroken) throw new Error("a component's fault");
  return createElement(Text, null, "so far so good");
}

test("what a component throws is the server's to know: the app ends, and the visitor sees nothing of it", async () => {
  const errors: unknown[] = [];
  await using ssh = new Server({ allowAnyone: true, log: false });
  ssh.onUser("command", async (client) => {
    await render(client, createElement(Faulty)).waitUntilExit();
  });
  ssh.onUser("error", (_, error) => void errors.push((error as Error).message));
  await using alice = await openTerminal(ssh);
  await alice.waitFor("> ");
  alice.type("go\r");
  await alice.waitFor("so far so good");
  alice.press("l");
  await until("the listener's fault", () => errors.length === 1);
  assert.ok(alice.screen.has("so far so good"));
  alice.press("c");
  await alice.waitFor(/> $/);
  assert.deepEqual(errors, ["a listener's fault", "a component's fault"]);
  assert.doesNotMatch(alice.output, /fault|Faulty|ink\.test/);
});

test("an app ends with what it exits with, and with the signal that it was given", async () => {
  const ended: unknown[] = [];
  function Exiting(): ReactNode {
    const { exit } = useApp();
    useInput((input) => exit(input === "e" ? new Error("its own") : input));
    return createElement(Text, null, "well?");
  }
  await using ssh = new Server({ allowAnyone: true, log: false });
  ssh.onUser("command", async (client, command) => {
    const signal = command === "timed" ? AbortSignal.timeout(10) : undefined;
    const app = render(client, createElement(Exiting), signal === undefined ? {} : { signal });
    ended.push(await app.waitUntilExit().catch((error: Error) => error.message));
  });
  await using alice = await openTerminal(ssh);
  for (const key of ["x", "e"]) {
    await alice.waitFor(/> $/);
    alice.type("go\r");
    await alice.waitFor("well?");
    alice.press(key);
    await alice.waitFor(/> $/);
    alice.press("ctrl+l");
  }
  await alice.run("timed");
  assert.deepEqual(ended, ["x", "its own", undefined]);
});

test("many apps at once leave nothing on the process, and nothing on a session that goes on", async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on("warning", note);
  // All of them are at their login at once, where the default drops some by chance.
  const maxStartups = { start: 100, full: 100 };
  await using ssh = new Server({ allowAnyone: true, log: false, limits: { maxStartups } });
  ssh.onUser("command", async (client) => {
    await render(client, createElement(Counter, { client })).waitUntilExit();
  });
  // Each from an address of its own: so many from one are not taken in.
  const addresses = Array.from({ length: 12 }, (_, index) => `192.0.2.${index + 1}`);
  const before = listenersOnProcess();
  const visitors = await Promise.all(addresses.map((address) => openTerminal(ssh, { address, timeout: 30_000 })));
  for (let round = 0; round < 12; round++) {
    for (const visitor of visitors) visitor.type("go\r");
    await Promise.all(visitors.map((visitor) => visitor.waitFor("alice has 0")));
    assert.deepEqual(listenersOnProcess(), before);
    for (const visitor of visitors) {
      visitor.press("q");
      visitor.press("ctrl+l");
    }
    await Promise.all(visitors.map((visitor) => visitor.waitFor((screen) => screen.text() === ">")));
  }
  for (const visitor of visitors) await visitor[Symbol.asyncDispose]();
  process.off("warning", note);
  assert.deepEqual(warnings, []);
});
