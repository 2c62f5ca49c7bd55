import assert from "node:assert/strict";
import test from "node:test";
import type { Client, CompletionRequest } from "../../../../src/server/index.ts";
import { serve, settle } from "../fake-door.ts";
import { screenOf } from "../screen.ts";

const UP = "\x1b[A";
const CTRL_R = "\x12";

test("Tab completes by the option complete: a list, or a function of the client", async (t) => {
  const list = await serve(t, (server) => server.onUser("command", () => undefined), { complete: ["status", "stop"] });
  const session = await list.terminal();
  session.type("sta\t");
  await settle();
  assert.deepEqual(await screenOf(session), ["> status"]);
  const asked: CompletionRequest[] = [];
  const ran: string[] = [];
  const complete = (client: Client, request: CompletionRequest): string[] => {
    asked.push(request);
    return [client.username];
  };
  const { terminal } = await serve(t, (server) => server.onUser("command", (_, line) => void ran.push(line)), {
    complete,
  });
  const other = await terminal("bob");
  other.type("hello b\t\r");
  await settle();
  assert.deepEqual(ran, ["hello bob"]);
  assert.deepEqual(
    asked.map(({ line, cursor, word }) => ({ line, cursor, word })),
    [{ line: "hello b", cursor: 7, word: "b" }],
  );
});

test("a completer that answers later shows nothing until then, and is called off by a key", async (t) => {
  const answers: PromiseWithResolvers<string[]>[] = [];
  const signals: AbortSignal[] = [];
  const { terminal, log } = await serve(t, (server) => server.onUser("command", () => undefined), {
    complete: (_: Client, { signal }: CompletionRequest) => {
      signals.push(signal);
      const answer = Promise.withResolvers<string[]>();
      answers.push(answer);
      return answer.promise;
    },
  });
  const session = await terminal();
  session.type("a\t");
  await settle();
  assert.deepEqual(await screenOf(session), ["> a"]);
  answers[0]?.resolve(["alpha", "apple"]);
  await settle();
  assert.deepEqual(await screenOf(session), ["> a", "alpha  apple"]);
  session.type("\x07 b\t");
  await settle();
  session.type("c");
  await settle();
  assert.equal(signals[1]?.aborted, true);
  answers[1]?.resolve(["late"]);
  await settle();
  assert.deepEqual((await screenOf(session)).slice(0, 1), ["> a bc"]);
  session.type("\t");
  await settle();
  session.hangUp();
  await settle();
  assert.equal(signals[2]?.aborted, true);
  answers[2]?.reject(Object.assign(new Error("called off"), { name: "AbortError" }));
  await settle();
  assert.deepEqual(
    log.filter(({ level }) => level === "error"),
    [],
  );
});

test("a completer that throws, rejects or answers nonsense rings the bell and is an error of the client's", async (t) => {
  const errors: unknown[] = [];
  const results: (() => unknown)[] = [
    () => {
      throw new Error("thrown");
    },
    () => Promise.reject(new Error("rejected")),
    () => "nonsense",
    () => Promise.resolve({ items: 5 }),
    () => null,
  ];
  const { terminal } = await serve(
    t,
    (server) => {
      server.onUser("command", () => undefined);
      server.onUser("error", (_, error) => void errors.push(error));
    },
    { complete: (() => results.shift()?.()) as () => string[] },
  );
  const session = await terminal();
  for (const _ of [1, 2, 3, 4, 5]) {
    session.type("x\t");
    await settle();
  }
  assert.match(session.stdout, /x\x07x\x07x\x07x\x07x\x07$/);
  assert.deepEqual(errors.map(String), [
    "Error: thrown",
    "Error: rejected",
    "TypeError: A completer must give an array of texts, or { items } with such an array.",
    "TypeError: A completer must give an array of texts, or { items } with such an array.",
  ]);
});

test("without an error handler the log tells of it, and the user is told nothing", async (t) => {
  const { terminal, log } = await serve(t, (server) => server.onUser("command", () => undefined), {
    complete: () => Promise.reject(new Error("broken")),
  });
  const session = await terminal();
  session.type("x\t");
  await settle();
  assert.deepEqual(await screenOf(session), ["> x"]);
  const failed = log.filter(({ event }) => event === "handler failed");
  assert.deepEqual(
    failed.map(({ detail }) => detail),
    [{ handler: "complete" }],
  );
});

test("setCompleter changes it at once, for this client alone", async (t) => {
  const { server, terminal } = await serve(t, (server) => server.onUser("command", () => undefined), {
    complete: ["one"],
  });
  const session = await terminal();
  const other = await terminal();
  const [client] = server.clients;
  client?.setCompleter((request) => [`${request.word}!`]);
  session.type("hey\t");
  other.type("o\t");
  await settle();
  assert.deepEqual(await screenOf(session), ["> hey!"]);
  assert.deepEqual(await screenOf(other), ["> one"]);
  client?.setCompleter(undefined);
  session.type("x\t");
  await settle();
  assert.match(session.stdout, /\x07$/);
});

test("a question has candidates of its own, and rows if it asks for them", async (t) => {
  const answers: string[] = [];
  const { terminal } = await serve(t, (server) => {
    server.onUser("command", async (client) => {
      answers.push(await client.ask("Colour: ", { complete: ["red", "green"] }));
      answers.push(await client.ask("Poem: ", { multiline: true }));
      answers.push(await client.ask("Name: "));
    });
  });
  const session = await terminal();
  session.type("go\r");
  await settle();
  session.type("g\t\r");
  await settle();
  session.type("\x1b[200~one\ntwo\n\x1b[201~\r");
  await settle();
  session.type("\x1b[200~a\nb\x1b[201~\x1b\rc\r");
  await settle();
  assert.deepEqual(answers, ["green", "one\ntwo", "a bc"]);
});

test("a command of several rows is one event, with its newlines; where that is not wanted they are blanks", async (t) => {
  for (const multiline of [true, false]) {
    const ran: string[] = [];
    const { terminal } = await serve(t, (server) => server.onUser("command", (_, line) => void ran.push(line)), {
      multiline,
    });
    const session = await terminal();
    session.type("\x1b[200~for x\n  do\nend\n\x1b[201~");
    await settle();
    assert.deepEqual(ran, []);
    session.type("\r");
    await settle();
    assert.deepEqual(ran, [multiline ? "for x\n  do\nend" : "for x   do end"]);
  }
});

test("the history is searched and suggested from, where there are colours", async (t) => {
  const ran: string[] = [];
  const register = (server: Parameters<Parameters<typeof serve>[1]>[0]): void => {
    server.onUser("command", (_, line) => void ran.push(line));
  };
  const { terminal } = await serve(t, register);
  const session = await terminal();
  session.type("make all\rgit push\r");
  await settle();
  session.type(`${CTRL_R}ll\r`);
  await settle();
  session.type("gi");
  await settle();
  session.type("\x1b[C\r");
  await settle();
  assert.deepEqual(ran, ["make all", "git push", "make all", "git push"]);
  const off = await serve(t, register, { suggest: false });
  const plain = await off.terminal();
  plain.type("make\rma");
  await settle();
  assert.deepEqual(await screenOf(plain), ["> make", "> ma"]);
});

test("a suggester is asked first, now or later, and the history where it gives nothing", async (t) => {
  const errors: unknown[] = [];
  const { terminal } = await serve(
    t,
    (server) => {
      server.onUser("command", () => undefined);
      server.onUser("error", (_, error) => void errors.push(error));
    },
    {
      suggest: (client: Client, text: string) => {
        if (text.startsWith("n")) return `now, ${client.username}`;
        if (text.startsWith("l")) return Promise.resolve("later");
        if (text.startsWith("x")) return Promise.reject(new Error("broken"));
        return undefined;
      },
    },
  );
  const shows = async (typed: string, shown: string): Promise<void> => {
    const session = await terminal();
    session.type("history\r");
    await settle();
    session.type(typed);
    await settle();
    assert.equal((await screenOf(session)).at(-1), shown);
  };
  await shows("n", "> now, alice");
  await shows("l", "> later");
  await shows("h", "> history");
  await shows("xyz", "> xyz");
  assert.deepEqual(errors.map(String), ["Error: broken"]);
});

test("what highlights is asked with every change; one that tells another text is reported once a line", async (t) => {
  const errors: unknown[] = [];
  const { server, terminal } = await serve(
    t,
    (server) => {
      server.onUser("command", () => undefined);
      server.onUser("error", (_, error) => void errors.push(error));
    },
    { highlight: (_: Client, text: string) => `\x1b[31m${text}\x1b[m` },
  );
  const session = await terminal();
  session.type("ab");
  await settle();
  assert.match(session.stdout, /\x1b\[31ma/);
  assert.deepEqual(await screenOf(session), ["> ab"]);
  const [client] = server.clients;
  client?.setHighlighter((text) => text.toUpperCase());
  session.type("\rabc\rd");
  await settle();
  assert.deepEqual((await screenOf(session)).slice(1), ["> abc", "> d"]);
  assert.equal(errors.length, 2);
  assert.match(String(errors[0]), /TypeError: A highlighter gave another text/);
});

test("for a screen reader nothing is written over, by option or by the client's wish", async (t) => {
  const { server, terminal } = await serve(t, (server) => server.onUser("command", () => undefined), {
    screenReader: (client: Client) => client.username === "bob",
    complete: ["one", "two"],
  });
  const session = await terminal("bob");
  session.type("abc");
  session.type("\x1b[Dx");
  await settle();
  assert.deepEqual(await screenOf(session), ["> abc", "> abxc"]);
  const other = await terminal("alice");
  other.type("abc");
  await settle();
  const client = [...server.clients].find(({ username }) => username === "alice");
  assert.equal(client?.screenReader, false);
  client?.setScreenReader(true);
  assert.equal(client?.screenReader, true);
  const answer = client?.ask("Name: ");
  other.type("ab");
  other.type("\x1b[Dx\r");
  await settle();
  assert.equal(await answer, "axb");
  assert.deepEqual(await screenOf(other), ["> abc", "Name: ab", "Name: axb", "> abc"]);
  client?.setScreenReader(false);
  other.type("\x1b[Dy");
  await settle();
  assert.equal((await screenOf(other)).at(-1), "> abyc");
});

test("a screenReader option that throws is an error, and means no", async (t) => {
  const errors: unknown[] = [];
  const { terminal } = await serve(
    t,
    (server) => {
      server.onUser("command", () => undefined);
      server.onUser("error", (_, error) => void errors.push(error));
    },
    {
      screenReader: () => {
        throw new Error("broken");
      },
    },
  );
  const session = await terminal();
  session.type("ab\x1b[Dc");
  await settle();
  assert.deepEqual(await screenOf(session), ["> acb"]);
  assert.deepEqual(errors.map(String), ["Error: broken"]);
});

test("a password is neither completed, suggested nor coloured, and Up recalls nothing", async (t) => {
  const asked: string[] = [];
  const note = (_: Client, text: string | CompletionRequest): undefined => {
    asked.push(typeof text === "string" ? text : text.line);
  };
  const answers: string[] = [];
  const { terminal } = await serve(
    t,
    (server) => server.onUser("command", async (client) => void answers.push(await client.password())),
    { complete: note, suggest: note, highlight: (client: Client, text: string) => (note(client, text), text) },
  );
  const session = await terminal();
  session.type("go\r");
  await settle();
  session.type(`${UP}secret\t${CTRL_R}!\r`);
  await settle();
  assert.deepEqual(answers, ["secret!"]);
  assert.ok(!asked.join().includes("secret"));
  assert.ok(!session.stdout.includes("secret"));
});

test("a paste that is longer than what is kept ahead arrives whole at whoever waits for it", async (t) => {
  const ran: string[] = [];
  const { terminal } = await serve(t, (server) => server.onUser("command", (_, line) => void ran.push(line)));
  const session = await terminal();
  session.type(`\x1b[200~${"x".repeat(20_000)}\x1b[201~\r`);
  await settle();
  assert.equal(ran[0]?.length, 20_000);
});
