import assert from "node:assert/strict";
import test from "node:test";
import type { Client } from "../../../../src/server/index.ts";
import { serve, settle } from "../fake-door.ts";
import { screenOf } from "../screen.ts";

const UP = "\x1b[A";

test("lines of earlier sessions are recalled, and those that are entered are kept in order", async (t) => {
  const kept: string[] = [];
  const { server, terminal } = await serve(t, (server) => server.onUser("command", () => undefined), {
    history: {
      load: (client: Client) => [`one of ${client.username}`, "two"],
      append: async (client: Client, line: string) => {
        // The first takes longest, and the others wait for it.
        for (let turn = kept.length; turn < 3; turn++) await settle();
        kept.push(`${client.username}: ${line}`);
      },
    },
  });
  const session = await terminal();
  session.type(`a\rb\r secret\rb\r${UP}${UP}${UP}\r`);
  for (let turn = 0; turn < 10; turn++) await settle();
  assert.deepEqual(kept, ["alice: a", "alice: b", "alice: two"]);
  const [client] = server.clients;
  assert.deepEqual([...(client?.history ?? [])], ["one of alice", "two", "a", "b", "two"]);
});

test("lines that are loaded late come before those entered meanwhile, and the prompt does not wait", async (t) => {
  const loaded = Promise.withResolvers<string[]>();
  const { terminal } = await serve(t, (server) => server.onUser("command", () => undefined), {
    history: { load: () => loaded.promise, append: () => undefined },
  });
  const session = await terminal();
  session.type(`new\r${UP}`);
  await settle();
  assert.deepEqual(await screenOf(session), ["> new", "> new"]);
  loaded.resolve(["old"]);
  await settle();
  session.type(UP);
  await settle();
  assert.deepEqual((await screenOf(session)).at(-1), "> old");
});

test("a store that fails is reported, and nothing that was typed is lost", async (t) => {
  const errors: unknown[] = [];
  const ran: string[] = [];
  const { terminal } = await serve(
    t,
    (server) => {
      server.onUser("command", (_, line) => void ran.push(line));
      server.onUser("error", (_, error) => void errors.push(error));
    },
    {
      history: {
        load: () => Promise.reject(new Error("no file")),
        append: (_: Client, line: string) => {
          if (line === "a") throw new Error("disk full");
        },
      },
    },
  );
  const session = await terminal();
  session.type(`a\rb\r${UP}${UP}\r`);
  await settle();
  assert.deepEqual(ran, ["a", "b", "a"]);
  assert.deepEqual(errors.map(String), ["Error: no file", "Error: disk full", "Error: disk full"]);
});

test("a history that is cleared is gone here and in the store, with lines that come late and the line that asked for it", async (t) => {
  const loaded = Promise.withResolvers<string[]>();
  const kept = ["old"];
  const { server, terminal } = await serve(
    t,
    (server) => server.onUser("command", (client, line) => (line === "forget" ? client.clearHistory() : undefined)),
    {
      history: {
        load: () => loaded.promise,
        append: async (_: Client, line: string) => {
          await settle();
          kept.push(line);
        },
        clear: (client: Client) => void kept.splice(0, kept.length, `cleared by ${client.username}`),
      },
    },
  );
  const session = await terminal();
  session.type("hunter2\rforget\rnew\r");
  await settle();
  loaded.resolve(["old"]);
  for (let turn = 0; turn < 20; turn++) await settle();
  assert.deepEqual(kept, ["cleared by alice", "new"]);
  const [client] = server.clients;
  assert.deepEqual([...(client?.history ?? [])], ["new"]);
});

test("what a store throws that is to forget is the caller's to know; one that cannot forget keeps what it has", async (t) => {
  const stores = [{ clear: () => Promise.reject(new Error("disk full")) }, {}];
  for (const [index, store] of stores.entries()) {
    const kept: string[] = [];
    const { server, terminal } = await serve(t, (server) => server.onUser("command", () => undefined), {
      history: { load: () => [], append: (_: Client, line: string) => void kept.push(line), ...store },
    });
    const session = await terminal();
    session.type("one\r");
    await settle();
    const [client] = server.clients;
    assert.ok(client);
    const cleared = client.clearHistory();
    await (index === 0 ? assert.rejects(cleared, /disk full/) : cleared);
    assert.deepEqual([...client.history], []);
    session.type("two\r");
    for (let turn = 0; turn < 5; turn++) await settle();
    assert.deepEqual(kept, ["one", "two"]);
    assert.deepEqual([...client.history], ["two"]);
  }
});

test("what is loaded has to be texts", async (t) => {
  for (const lines of ["text", [1], undefined, 5]) {
    const errors: unknown[] = [];
    const { terminal } = await serve(
      t,
      (server) => {
        server.onUser("command", () => undefined);
        server.onUser("error", (_, error) => void errors.push(error));
      },
      { history: { load: () => lines as unknown as string[], append: () => undefined } },
    );
    await terminal();
    assert.match(String(errors), /TypeError/, JSON.stringify(lines));
  }
});

test("answers to questions and passwords are kept nowhere, and commands of no terminal neither", async (t) => {
  const kept: string[] = [];
  const options = { history: { load: () => [], append: (_: Client, line: string) => void kept.push(line) } };
  const { server, terminal, pipe } = await serve(
    t,
    (server) =>
      server.onUser("command", async (client) => {
        if (client.pty === undefined) return;
        await client.ask("Name: ");
        await client.password();
      }),
    options,
  );
  const session = await terminal();
  session.type("go\rbob\rsecret\r");
  await settle();
  const other = await pipe();
  other.type("piped\n");
  await settle();
  assert.deepEqual(kept, ["go"]);
  for (const client of server.clients) assert.deepEqual([...client.history], client.pty === undefined ? [] : ["go"]);
});

test("lines are kept that were entered before the session ended", async (t) => {
  const kept: string[] = [];
  const { terminal } = await serve(t, (server) => server.onUser("command", (client) => client.exit()), {
    history: {
      load: () => [],
      append: async (_: Client, line: string) => {
        await settle();
        kept.push(line);
      },
    },
  });
  const session = await terminal();
  session.type("bye\r");
  for (let turn = 0; turn < 5; turn++) await settle();
  assert.deepEqual(kept, ["bye"]);
});
