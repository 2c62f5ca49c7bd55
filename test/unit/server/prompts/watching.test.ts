import assert from "node:assert/strict";
import test from "node:test";
import type { TestContext } from "node:test";
import { AbortError } from "../../../../src/server/index.ts";
import type { Client, Key, Mouse } from "../../../../src/server/index.ts";
import { serve, settle } from "../fake-door.ts";
import type { FakeSession } from "../fake-door.ts";
import { screenOf } from "../screen.ts";

/** A visitor whose commands are served by a function; what it saw, in short. */
async function playing(
  t: TestContext,
  play: (client: Client, seen: string[], signal: AbortSignal) => Promise<unknown>,
): Promise<{ session: FakeSession; seen: string[]; typed: string[] }> {
  const seen: string[] = [];
  const typed: string[] = [];
  const { terminal } = await serve(t, (server) => {
    server.onUser("command", async (client, _, { signal }) => {
      await play(client, seen, signal).catch((error: unknown) => {
        seen.push(error instanceof AbortError ? error.reason : String(error));
      });
      seen.push("over");
    });
    server.onUser("type", (_, key) => void typed.push(key));
  });
  const session = await terminal();
  session.type("go\r");
  await settle();
  typed.length = 0;
  return { session, seen, typed };
}

function short(event: Key | Mouse): string {
  if (event.type === "mouse") return `${event.action} ${event.button} ${event.x},${event.y}`;
  return event.event === undefined ? event.name : `${event.name} ${event.event}`;
}

/** The modes that a session's terminal has on at the end of all that it got. */
function modesOf(session: FakeSession): string[] {
  const on = new Set<string>();
  for (const [, mode = "", final] of session.stdout.matchAll(/\x1b\[\?(\d+)([hl])/g)) {
    if (final === "h") on.add(mode);
    else on.delete(mode);
  }
  on.delete("2004");
  return [...on].sort();
}

const FENCE = "\x1b[?62;4c";
const FOOT = `\x1b[?0u${FENCE}`;

test("mouse waits for a button or the wheel, and the terminal reports only meanwhile", async (t) => {
  const { session, seen } = await playing(t, async (client, seen) => {
    seen.push(short(await client.mouse()));
    seen.push(short(await client.mouse()));
    await client.key();
  });
  assert.deepEqual(modesOf(session), ["1000", "1006"]);
  session.type("\x1b[<0;3;2M");
  await settle();
  assert.deepEqual(seen, ["press left 2,1"]);
  assert.deepEqual(modesOf(session), ["1000", "1006"]);
  assert.equal(session.stdout.split("\x1b[?1000l").length, 1, "it does not flicker from one to the next");
  session.type("\x1b[<64;3;2M");
  await settle();
  assert.deepEqual(seen, ["press left 2,1", "wheel up 2,1"]);
  assert.deepEqual(modesOf(session), []);
  session.type("\x1b[<0;3;2M\x1b[M !!");
  await settle();
  assert.equal(seen.length, 2, "what comes afterwards is no key");
  session.type("x");
  await settle();
  assert.deepEqual(seen.slice(2), ["over"]);
});

test("moves are given to those who asked for them, and everybody gets the events of their own kind", async (t) => {
  const { session, seen } = await playing(t, async (client, seen) => {
    const look = async (what: string, event: Promise<Key | Mouse>): Promise<number> =>
      seen.push(`${what}: ${short(await event)}`);
    await Promise.all([
      look("click", client.mouse()),
      look("move", client.mouse({ motion: "move" })),
      look("drag", client.mouse({ motion: "drag" })),
      look("key", client.key()),
    ]);
  });
  assert.deepEqual(modesOf(session), ["1000", "1002", "1003", "1006"]);
  for (const input of ["\x1b[<32;1;1M", "\x1b[<35;2;1M", "\x1b[<33;3;1M", "a", "\x1b[<0;4;1M"]) {
    session.type(input);
    await settle();
  }
  assert.deepEqual(seen, ["move: drag left 0,0", "drag: drag middle 2,0", "key: a", "click: press left 3,0", "over"]);
  assert.deepEqual(modesOf(session), []);
});

test("a report is held to the window", async (t) => {
  const { session, seen } = await playing(t, async (client, seen) => {
    for (let left = 3; left > 0; left--) seen.push(short(await client.mouse()));
  });
  session.type("\x1b[<0;41;11M");
  session.events.resized({ width: 10, height: 2, pixelwidth: 0, pixelheight: 0 });
  session.type("\x1b[<0;40;10M\x1b[<0;5;99999999999999M");
  await settle();
  assert.deepEqual(seen, ["press left 39,9", "press left 9,1", "press left 4,1", "over"]);
});

test("input gives keys and mouse in their order, keeps what comes meanwhile, and stops with the loop", async (t) => {
  const gate = Promise.withResolvers<void>();
  const { session, seen, typed } = await playing(t, async (client, seen) => {
    for await (const event of client.input({ mouse: "drag" })) {
      seen.push(short(event));
      if (short(event) === "q") break;
      await gate.promise;
    }
    seen.push(await client.ask("? "));
  });
  assert.deepEqual(modesOf(session), ["1000", "1002", "1006"]);
  for (const input of ["a", "\x1b[<0;1;1M", "b", "\x1b[<32;2;1M\x1b[<32;3;1M", "\x1b[A", "\x1b[<35;1;1M"]) {
    session.type(input);
  }
  await settle();
  assert.deepEqual(seen, ["a"]);
  gate.resolve();
  await settle();
  assert.deepEqual(seen, ["a", "press left 0,0", "b", "drag left 1,0", "drag left 2,0", "up"]);
  session.type("q\x1b[<0;1;1Myes\r");
  await settle();
  assert.deepEqual(seen.slice(6), ["q", "yes", "over"]);
  assert.deepEqual(modesOf(session), []);
  assert.deepEqual(typed, ["a", "b", "q", "y", "e", "s"]);
});

test("of the mouse's moves only the last one is kept, and of all that is kept there is an end", async (t) => {
  const gate = Promise.withResolvers<void>();
  const { session, seen } = await playing(t, async (client, seen) => {
    for await (const event of client.input({ mouse: "move" })) {
      seen.push(short(event));
      await gate.promise;
      if (short(event) === "q") break;
    }
  });
  session.type("a");
  for (let x = 1; x <= 40; x++) session.type(`\x1b[<35;${x};1M`);
  session.type("b");
  for (let turn = 0; turn < 2000; turn++) session.type("\x1b[<0;5;5M");
  await settle();
  gate.resolve();
  await settle();
  assert.deepEqual(seen.slice(0, 4), ["a", "move none 39,0", "b", "press left 4,4"]);
  assert.ok(seen.length < 600);
  assert.equal(session.stdout.includes("\x07"), false, "the mouse rings no bell");
  session.type("q");
  await settle();
  assert.equal(seen.at(-1), "over");
});

test("keys and clicks that come from two loops at once each reach their own", async (t) => {
  const { session, seen } = await playing(t, async (client, seen, signal) => {
    const keys = async (): Promise<void> => {
      for (;;) seen.push(short(await client.key({ signal })));
    };
    const clicks = async (): Promise<void> => {
      for (;;) seen.push(short(await client.mouse({ signal })));
    };
    await Promise.all([keys(), clicks()]);
  });
  for (const input of ["a", "\x1b[<0;1;1M", "\x1b[<0;1;1m", "b"]) {
    session.type(input);
    await settle();
  }
  session.type("\x03");
  await settle();
  assert.deepEqual(seen, ["a", "press left 0,0", "release left 0,0", "b", "interrupted", "over"]);
  assert.deepEqual(modesOf(session), []);
  assert.equal((await screenOf(session)).at(-1), ">");
});

test("at a question a click is nothing, and who waits for the mouse does not take its keys", async (t) => {
  const { session, seen } = await playing(t, async (client, seen) => {
    const click = client.mouse().then((event) => seen.push(short(event)));
    seen.push(await client.ask("? "));
    await click;
  });
  session.type("ye\x1b[<35;1;1M\x1b[<0;7;7Ms\r");
  await settle();
  assert.deepEqual(seen, ["press left 6,6", "yes", "over"]);
});

test("when the server ends the session, the terminal does not report the mouse any more", async (t) => {
  const { session, seen } = await playing(t, async (client) => {
    client.send("\x1b[?1049h");
    for await (const event of client.input({ mouse: "move" })) if (short(event) === "x") client.exit();
  });
  assert.deepEqual(modesOf(session), ["1000", "1002", "1003", "1006", "1049"]);
  session.type("x");
  await settle();
  assert.deepEqual(modesOf(session), []);
  assert.deepEqual(seen, ["disconnected", "over"]);
});

test("keys that are let go are told to who asks, where the terminal can, and to nobody else", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { session, seen, typed } = await playing(t, async (client, seen) => {
    for await (const event of client.input({ releases: true })) {
      seen.push(short(event));
      if (short(event) === "q release") break;
    }
    for await (const event of client.input()) {
      seen.push(short(event));
      if (short(event) === "q") break;
    }
  });
  session.type(FOOT);
  session.type(FENCE);
  await settle();
  assert.equal(session.stdout.endsWith("\x1b[>3u"), true);
  session.type("w\x1b[119;1:3u\x1b[1;1:1A\x1b[1;1:2A\x1b[1;1:3Aq\x1b[113;1:3u");
  await settle();
  assert.deepEqual(seen, ["w", "w release", "up", "up repeat", "up release", "q", "q release"]);
  assert.equal(session.stdout.endsWith("\x1b[<u"), true);
  session.type("e\x1b[101;1:3uq\x1b[113;1:3u\x1b[13;1:3u");
  await settle();
  assert.deepEqual(seen.slice(7), ["e", "q", "over"]);
  assert.deepEqual(typed, ["w", "q", "e", "q"]);
  t.mock.timers.reset();
  assert.equal((await screenOf(session)).at(-1), ">", "the prompt knows nothing of it");
});

test("a terminal that cannot tell of keys let go is not made to", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { session, seen } = await playing(t, async (client, seen) => {
    for await (const event of client.input({ releases: true })) if (seen.push(short(event)) === 2) break;
  });
  session.type("\x1b[?1;2cab");
  await settle();
  assert.deepEqual(seen, ["a", "b", "over"]);
  assert.equal(session.stdout.includes("\x1b[>3u"), false);
});

test("by the kitty protocol too, Ctrl-C interrupts, once, and with Shift it is another key", async (t) => {
  const { session, seen } = await playing(t, async (client, seen) => {
    for await (const event of client.input()) seen.push(short(event));
  });
  session.type("\x1b[99;6u\x1b[99;5u\x1b[99;5:3u");
  await settle();
  assert.deepEqual(seen, ["c", "interrupted", "over"]);
});

test("without a terminal there are keys, and nobody waits for a mouse", async (t) => {
  const seen: string[] = [];
  const { pipe } = await serve(t, (server) => {
    server.onUser("command", async (client) => {
      for await (const event of client.input({ mouse: "move", releases: true })) {
        seen.push(short(event));
        if (seen.length === 2) break;
      }
      await client.mouse().catch((error: AbortError) => seen.push(error.reason));
      seen.push(await client.ask(""));
    });
  });
  const session = await pipe();
  session.type("go\nabrest\n");
  await settle();
  assert.deepEqual(seen, ["a", "b", "end-of-input", "rest"]);
  assert.equal(session.stdout, "");
});

test("who waits for one deed after the other misses none, and gets none from long ago", async (t) => {
  const { session, seen } = await playing(t, async (client, seen) => {
    for (let left = 3; left > 0; left--) seen.push(short(await client.mouse()));
    await client.key();
    seen.push(short(await client.mouse()));
  });
  session.type("\x1b[<64;1;1M\x1b[<64;1;2M\x1b[<64;1;3M\x1b[<0;1;4M");
  await settle();
  session.type("k");
  await settle();
  assert.deepEqual(seen, ["wheel up 0,0", "wheel up 0,1", "wheel up 0,2"]);
  session.type("\x1b[<0;1;5M");
  await settle();
  assert.deepEqual(seen.slice(3), ["press left 0,4", "over"]);
});

test("a loop whose body is at work when Ctrl-C comes ends all the same", async (t) => {
  const gate = Promise.withResolvers<void>();
  const { session, seen } = await playing(t, async (client) => {
    for await (const _ of client.input()) await gate.promise;
  });
  session.type("a");
  await settle();
  session.type("\x03");
  gate.resolve();
  await settle();
  assert.deepEqual(seen, ["interrupted", "over"]);
});
