import assert from "node:assert/strict";
import test from "node:test";
import type { Key } from "../../../../src/server/index.ts";
import { PTY, serve, settle } from "../fake-door.ts";
import { screenOf } from "../screen.ts";

test("type gets whole characters, however the bytes are cut, and no sequences or control characters", async (t) => {
  const keys: string[] = [];
  const { terminal } = await serve(t, (server) => server.onUser("type", (_, key) => void keys.push(key)));
  const session = await terminal();
  const family = "👨‍👩‍👧";
  for (const byte of Buffer.from("aé")) session.events.input(Uint8Array.of(byte));
  session.type(`${family}\x1b[A\x01\t\r\x1b[200~p\x1b[31m\x07q\x1b[201~z`);
  await settle();
  assert.deepEqual(keys, ["a", "é", family, "p", "[", "3", "1", "m", "q", "z"]);
});

test("rawtype sees the bytes exactly as they came, before type", async (t) => {
  const seen: string[] = [];
  const { terminal } = await serve(t, (server) => {
    server.onUser("type", (_, key) => void seen.push(`type ${key}`));
    server.onUser("rawtype", (_, bytes) => void seen.push(`raw ${Buffer.from(bytes).toString("hex")}`));
  });
  const session = await terminal();
  session.type("ab\x1b[A");
  await settle();
  assert.deepEqual(seen, ["raw 61621b5b41", "type a", "type b"]);
});

test("a rawtype handler that answers false swallows the chunk, and one that answers later keeps the order", async (t) => {
  const { terminal } = await serve(t, (server) => {
    server.onUser("rawtype", (_, bytes) => bytes[0] !== 0x78);
    server.onUser("rawtype", async (_, bytes) => {
      if (bytes[0] === 0x61) await settle();
      return bytes[0] === 0x79 ? false : undefined;
    });
  });
  const session = await terminal();
  for (const text of ["a", "x", "b", "y", "c"]) session.type(text);
  await settle();
  await settle();
  assert.equal((await screenOf(session)).at(-1), "> abc");
  assert.equal(session.consumedBytes, 5);
});

test("the Escape key alone is a key after a moment", async (t) => {
  const keys: Key[] = [];
  const { terminal } = await serve(t, (server) => {
    server.onUser("command", async (client) => {
      for (;;) keys.push(await client.key());
    });
  });
  const session = await terminal();
  session.type("go\r");
  await settle();
  t.mock.timers.enable({ apis: ["setTimeout"] });
  session.type("\x1b");
  t.mock.timers.tick(50);
  session.type("\x1b[A");
  t.mock.timers.reset();
  await settle();
  assert.deepEqual(
    keys.map(({ name }) => name),
    ["escape", "up"],
  );
});

test("a broadcast appears above a prompt with half-typed input, and leaves it as it is", async (t) => {
  const { server, terminal } = await serve(t, (server) => {
    server.onUser("command", (client, command) => client.sendln(`ran ${command}`));
  });
  const session = await terminal();
  session.type("half a lixe\x1b[D\x7f");
  await settle();
  assert.equal(server.broadcast("The gate closes at ten.\nBring a torch."), 1);
  await settle();
  assert.deepEqual(await screenOf(session), ["The gate closes at ten.", "Bring a torch.", "> half a lie"]);
  session.type("n\r");
  await settle();
  assert.deepEqual((await screenOf(session)).slice(2), ["> half a line", "ran half a line", ">"]);
});

test("text that is sent while a line is typed goes above it, in whole lines", async (t) => {
  const { server, terminal } = await serve(t, (server) => server.onUser("connect", () => undefined));
  const session = await terminal();
  session.type("half");
  await settle();
  const [client] = server.clients;
  client?.send("one ");
  client?.send("line\ntwo");
  await settle();
  client?.stdout.write("three\n");
  await settle();
  assert.deepEqual(await screenOf(session), ["one line", "two", "three", "> half"]);
});

test("a character that a stream writes in pieces while a line is typed is whole", async (t) => {
  const { server, terminal } = await serve(t, (server) => server.onUser("connect", () => undefined));
  const session = await terminal();
  session.type("half");
  await settle();
  const [client] = server.clients;
  const bytes = Buffer.from("長い🙂\n");
  for (const [from, to] of [
    [0, 2],
    [2, 3],
    [3, 8],
    [8, bytes.length],
  ] as const) {
    client?.stdout.write(bytes.subarray(from, to));
    await settle();
  }
  assert.deepEqual(await screenOf(session), ["長", "い", "🙂", "> half"]);
  // What never becomes one takes nothing else with it.
  client?.stdout.write(bytes.subarray(0, 2));
  client?.stdout.write("x\n");
  await settle();
  const [broken, ...rest] = (await screenOf(session)).slice(3);
  assert.match(broken ?? "", /x$/);
  assert.deepEqual(rest, ["> half"]);
});

test("a question that comes up at the prompt puts the half-typed line aside and brings it back", async (t) => {
  const { server, terminal } = await serve(t, (server) => {
    server.onUser("command", (client, command) => client.sendln(`ran ${command}`));
  });
  const session = await terminal();
  session.type("half");
  await settle();
  const [client] = server.clients;
  const answer = client?.ask("Name? ");
  session.type("bob\r done\r");
  await settle();
  assert.equal(await answer, "bob");
  assert.deepEqual(await screenOf(session), ["Name? bob", "> half done", "ran half done", ">"]);
});

test("setPrompt, clear, title and bell act at once", async (t) => {
  const { server, terminal } = await serve(t, (server) => server.onUser("connect", (client) => client.sendln("Hello")));
  const session = await terminal();
  session.type("half");
  await settle();
  const [client] = server.clients;
  client?.setPrompt("$ ");
  await settle();
  assert.deepEqual(await screenOf(session), ["Hello", "$ half"]);
  client?.clear();
  client?.title("a\x1bb");
  client?.bell();
  await settle();
  assert.deepEqual(await screenOf(session), ["$ half"]);
  assert.match(session.stdout, /\x1b\]2;a\\x1bb\x1b\\\x07$/);
});

test("resizing wraps the line anew", async (t) => {
  const { server, terminal } = await serve(t, (server) => server.onUser("connect", () => undefined));
  const session = await terminal();
  session.events.resized({ width: 0, height: 99_999, pixelwidth: 1, pixelheight: 2 });
  await settle();
  const [client] = server.clients;
  assert.deepEqual(client?.window, { width: 80, height: 65_535, pixelwidth: 1, pixelheight: 2 });
});

test("output that does not end its line gets a fresh one before the prompt", async (t) => {
  const { terminal } = await serve(t, (server) => {
    server.onUser("command", (client, command) =>
      client.send(command === "colour" ? "\x1b[31mred\x1b[m" : "\x1b[1m\n"),
    );
  });
  const session = await terminal();
  session.type("colour\rother\r");
  await settle();
  assert.deepEqual(await screenOf(session), ["> colour", "red", "> other", "", ">"]);
});

test("the stream takes the keys of a command that reads it, and the prompt has them back afterwards", async (t) => {
  const read: string[] = [];
  const { terminal } = await serve(t, (server) => {
    server.onUser("command", async (client, command, { signal }) => {
      if (command !== "read") {
        client.sendln(`ran ${command}`);
        return;
      }
      client.stdin.setRawMode(true);
      for await (const bytes of client.stdin.iterator({ destroyOnReturn: false })) {
        read.push(String(bytes));
        if (String(bytes).includes("q") || signal.aborted) return;
      }
    });
  });
  const session = await terminal();
  session.type("read\r");
  await settle();
  session.type("one\r");
  await settle();
  session.type("q");
  await settle();
  session.type("hello\r");
  await settle();
  assert.deepEqual(read, ["one\r", "q"]);
  assert.deepEqual(await screenOf(session), ["> read", "> hello", "ran hello", ">"]);
});

test("bracketed paste is switched on with the first prompt and off at the end", async (t) => {
  const { terminal } = await serve(t, (server) => server.onUser("command", (client) => client.exit()));
  const session = await terminal();
  assert.match(session.stdout, /^\x1b\[\?2004h> $/);
  session.type("x\r");
  await settle();
  assert.match(session.stdout, /\x1b\[\?2004l$/);
});

test("without the input system there is no prompt and no echo, but keys and questions work", async (t) => {
  const seen: string[] = [];
  const { terminal } = await serve(
    t,
    (server) => {
      server.onUser("connect", async (client) => {
        seen.push(await client.ask("Name? "));
        seen.push((await client.key()).name);
      });
      server.onUser("type", (_, key) => void seen.push(`type ${key}`));
    },
    { inputSystem: false },
  );
  const session = await terminal();
  session.type("bob\r");
  await settle();
  session.type("x");
  await settle();
  session.type("y".repeat(10_000));
  await settle();
  assert.deepEqual(await screenOf(session), ["Name? bob"]);
  assert.deepEqual(seen.slice(0, 6), ["type b", "type o", "type b", "bob", "type x", "x"]);
  assert.doesNotMatch(session.stdout, /\x07/);
});

test("a line that is half typed when a question comes up goes on where its cursor was, in a window of another size too", async (t) => {
  const lines: string[] = [];
  const { server, terminal } = await serve(t, (server) => {
    server.onUser("command", (_, command) => void lines.push(command));
  });
  const session = await terminal();
  session.type("abXef\x1b[D\x1b[D\x7f");
  await settle();
  const [client] = server.clients;
  const answer = client?.ask("Who? ");
  await settle();
  session.events.resized({ ...PTY, width: 20 });
  session.type("me\r");
  assert.equal(await answer, "me");
  session.type("cd\r");
  await settle();
  assert.deepEqual(lines, ["abcdef"]);
});
