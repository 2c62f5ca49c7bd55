import assert from "node:assert/strict";
import test from "node:test";
import type { Client, ServerOptions } from "../../../../src/server/index.ts";
import type { FakeSession } from "../fake-door.ts";
import { PTY, serve, settle } from "../fake-door.ts";
import { screenOf } from "../screen.ts";

interface Running {
  readonly session: FakeSession;
  readonly client: Client;
  /** Lets time pass for the rows that change by themselves. */
  readonly tick: () => Promise<void>;
  readonly end: () => Promise<void>;
  readonly kick: (reason: string) => void;
}

/** A visitor whose command runs until the test ends it. */
async function running(
  t: test.TestContext,
  kind: "terminal" | "pipe" | "dumb" = "terminal",
  options: Partial<ServerOptions> = {},
): Promise<Running> {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const over = Promise.withResolvers<void>();
  let client: Client | undefined;
  const subject = await serve(
    t,
    (server) => {
      server.onUser("command", async (visitor) => {
        client = visitor;
        await over.promise;
      });
    },
    options,
  );
  const session = kind === "dumb" ? await subject.visitor() : await subject[kind]();
  if (kind === "dumb") {
    session.events.pty({ ...PTY, term: "dumb" });
    session.events.shell();
    await settle();
  }
  session.type("go\r\n");
  await settle();
  assert.ok(client !== undefined);
  return {
    session,
    client,
    tick: async () => {
      await settle();
      t.mock.timers.tick(100);
      await settle();
    },
    end: async () => {
      over.resolve();
      await settle();
    },
    kick: (reason) => subject.server.kickAll(reason),
  };
}

test("a spinner turns at the bottom, what is written appears above, and a line stays when it has ended", async (t) => {
  const { session, client, tick, end } = await running(t);
  const spinner = client.spinner("Fetching");
  await settle();
  assert.match((await screenOf(session)).at(-1) ?? "", /^\S Fetching$/);
  client.sendln("one");
  client.sendln("two");
  await settle();
  const rows = await screenOf(session);
  assert.deepEqual(rows.slice(0, -1), ["> go", "one", "two"]);
  spinner.text = "Packing";
  await tick();
  assert.match((await screenOf(session)).at(-1) ?? "", /^\S Packing$/);
  client.sendln("three");
  spinner.succeed("Packed.");
  spinner.fail("No more.");
  spinner.text = "Nothing";
  client.sendln("four");
  await end();
  assert.deepEqual(await screenOf(session), ["> go", "one", "two", "three", "✔ Packed.", "four", ">"]);
  assert.doesNotMatch(session.stdout, /\x1b\[\?25l(?!.*\x1b\[\?25h)/s, "the cursor is back");
});

test("with using, a spinner ends with its block, and only once", async (t) => {
  const { session, client, end } = await running(t);
  {
    using spinner = client.spinner("Trying");
    spinner.fail();
  }
  {
    using _ = client.progress();
  }
  await end();
  assert.deepEqual(await screenOf(session), ["> go", "✘ Trying", ">"]);
});

test("several bars stand in line, and are gone one by one", async (t) => {
  const { session, client, tick, end } = await running(t);
  const one = client.progress({ label: "one", total: 4 });
  const three = client.progress({ label: "three", total: 1000, unit: "bytes" });
  one.update(1);
  three.increment(500);
  await tick();
  assert.deepEqual(
    (await screenOf(session)).slice(1).map((row) => row.replace(/ +eta.*/, "")),
    ["one   ████░░░░░░░░░░░░░   25%", "three ████████░░░░░░░░░   50%"],
  );
  one.done();
  one.update(2);
  await tick();
  const rows = await screenOf(session);
  assert.match(rows[1] ?? "", /^✔ one {2}1\/4 in 0:0\d$/);
  assert.match(rows[2] ?? "", /^three █/);
  three.fail("three is too big");
  await end();
  assert.deepEqual((await screenOf(session)).slice(2), ["✘ three is too big", ">"]);
});

test("a question takes the place of the rows, and they are back when it is answered", async (t) => {
  const { session, client, tick, end } = await running(t);
  const spinner = client.spinner("Working");
  await settle();
  const answer = client.ask("Name? ");
  await tick();
  assert.deepEqual(await screenOf(session), ["> go", "Name?"]);
  spinner.text = "Still working";
  session.type("Ada");
  client.sendln("above");
  await tick();
  assert.deepEqual(await screenOf(session), ["> go", "above", "Name? Ada"]);
  session.type("\r");
  assert.equal(await answer, "Ada");
  await settle();
  const rows = await screenOf(session);
  assert.deepEqual(rows.slice(0, -1), ["> go", "above", "Name? Ada"]);
  assert.match(rows.at(-1) ?? "", /Still working/);
  // A question on the second screen, called off.
  const controller = new AbortController();
  const page = client.page("x\n".repeat(50), { signal: controller.signal }).catch(() => "off");
  await tick();
  controller.abort();
  assert.equal(await page, "off");
  await settle();
  assert.match((await screenOf(session)).at(-1) ?? "", /Still working/);
  spinner.stop();
  await end();
  assert.deepEqual(await screenOf(session), ["> go", "above", "Name? Ada", ">"]);
});

test("type-ahead goes on being kept", async (t) => {
  const { session, client, end } = await running(t);
  using _ = client.spinner("Working");
  await settle();
  session.type("Ada\r");
  await settle();
  assert.equal(await client.ask("Name? "), "Ada");
  await end();
});

test("rows are not to be seen while the prompt waits, and no timer runs", async (t) => {
  const { session, client, tick, end } = await running(t);
  client.spinner("Forgotten");
  await end();
  assert.deepEqual(await screenOf(session), ["> go", ">"]);
  const { writes } = session;
  for (let count = 0; count < 10; count++) await tick();
  assert.equal(session.writes, writes);
  session.type("again\r");
  await settle();
  assert.deepEqual(await screenOf(session), ["> go", "> again", ">"]);
});

test("a line that is not finished hides the rows until it is", async (t) => {
  const { session, client, tick, end } = await running(t);
  client.send("Starting");
  const spinner = client.spinner("Working");
  await settle();
  assert.match((await screenOf(session)).join("|"), /^> go\|Starting\|\S Working$/);
  client.send("half a ");
  await tick();
  assert.deepEqual(await screenOf(session), ["> go", "Starting", "half a"]);
  client.send("line");
  client.stdout.write(" in bytes");
  await tick();
  assert.deepEqual(await screenOf(session), ["> go", "Starting", "half a line in bytes"]);
  client.stdout.write("\nnext\n");
  await tick();
  assert.match((await screenOf(session)).join("|"), /half a line in bytes\|next\|\S Working$/);
  client.send(new TextEncoder().encode("raw\r\n"));
  await tick();
  assert.match((await screenOf(session)).join("|"), /next\|raw\|\S Working$/);
  spinner.stop();
  await end();
});

test("what is echoed of a line that a command reads is no different", async (t) => {
  const { session, client, tick, end } = await running(t);
  const spinner = client.spinner("Working");
  const lines: string[] = [];
  client.stdin.on("data", (bytes: Buffer) => lines.push(bytes.toString()));
  await tick();
  session.type("typ");
  await tick();
  session.type("ed");
  await tick();
  assert.deepEqual(await screenOf(session), ["> go", "typed"]);
  session.type("\r");
  await tick();
  assert.match((await screenOf(session)).join("|"), /^> go\|typed\|\S Working$/);
  assert.deepEqual(lines, ["typed\n"]);
  spinner.stop();
  await end();
});

test("resizing and clearing keep the rows right", async (t) => {
  const { session, client, tick, end } = await running(t);
  const spinner = client.spinner("A text that is longer than the window will be");
  await settle();
  session.events.resized({ width: 20, height: 5, pixelwidth: 0, pixelheight: 0 });
  await tick();
  client.clear();
  await tick();
  const [first = ""] = await screenOf(session);
  assert.match(first, /^\S A text that is lo…$/);
  client.sendln("above");
  await tick();
  assert.equal((await screenOf(session))[0], "above");
  spinner.stop();
  await end();
  assert.deepEqual(await screenOf(session), ["above", ">"]);
});

test("on the second screen there are none", async (t) => {
  const { session, client, tick, end } = await running(t);
  const spinner = client.spinner("Working");
  {
    using _ = client.alternateScreen();
    client.send("all of it");
    await tick();
    assert.deepEqual(await screenOf(session), ["all of it"]);
  }
  await tick();
  assert.match((await screenOf(session)).at(-1) ?? "", /Working/);
  spinner.stop();
  await end();
});

test("a visitor who does not read gets fewer pictures", async (t) => {
  const { session, client, tick, end } = await running(t);
  session.isStuck = true;
  const spinner = client.spinner("Working");
  await settle();
  const { bytesOut } = session;
  for (let count = 0; count < 100; count++) {
    spinner.text = `Working ${count}`;
    await tick();
  }
  assert.equal(session.bytesOut, bytesOut);
  session.read();
  await tick();
  assert.match((await screenOf(session)).at(-1) ?? "", /Working 99$/);
  spinner.stop();
  await end();
});

test("Ctrl-C is shown above, and the end of a session leaves no row, no hidden cursor and no timer", async (t) => {
  const { session, client, tick, kick } = await running(t);
  client.spinner("Working");
  client.progress({ total: 3 });
  await tick();
  session.type("\x03");
  await settle();
  assert.equal((await screenOf(session))[1], "^C");
  kick("Out with you.");
  await settle();
  assert.deepEqual(await screenOf(session), ["> go", "^C", "Out with you."]);
  assert.doesNotMatch(session.stdout, /\x1b\[\?25l(?!.*\x1b\[\?25h)/s);
  const { writes } = session;
  client.spinner("Too late");
  for (let count = 0; count < 10; count++) await tick();
  assert.equal(session.writes, writes);
});

test("without a terminal a spinner's texts are lines on stderr, and progress tells each quarter", async (t) => {
  const { session, client, end } = await running(t, "pipe");
  const spinner = client.spinner("Fetching");
  spinner.text = "Packing";
  spinner.text = "Packing";
  spinner.succeed();
  const bar = client.progress({ label: "photo", total: 2000, unit: "bytes" });
  for (let part = 0; part < 1000; part++) bar.increment(2);
  bar.done("photo is here");
  using open = client.progress({ label: "open" });
  open.update(7);
  open.fail();
  await end();
  assert.equal(
    session.stderr.replace(/ in \d:\d\d/, ""),
    "Fetching\nPacking\n✔ Packing\nphoto  25%\nphoto  50%\nphoto  75%\n✔ photo is here\n✘ open  7\n",
  );
  assert.equal(session.stdout, "");
});

test("on a terminal that draws nothing they are lines as well", async (t) => {
  const { session, client, end } = await running(t, "dumb");
  const spinner = client.spinner("Fetching");
  spinner.fail("Lost");
  await end();
  assert.match(session.stdout, /Fetching\r\nfailed: Lost\r\n/);
});

test("what is no amount is a mistake that says so", async (t) => {
  const { client, end } = await running(t);
  using bar = client.progress({ total: 10 });
  for (const wrong of [Number.NaN, Infinity, -1]) {
    assert.throws(() => bar.update(wrong), RangeError);
    assert.throws(() => (bar.total = wrong), RangeError);
    assert.throws(() => client.progress({ total: wrong }), RangeError);
  }
  assert.equal(bar.value, 0);
  bar.total = undefined;
  assert.equal(bar.total, undefined);
  await end();
});
