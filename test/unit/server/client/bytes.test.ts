import assert from "node:assert/strict";
import test from "node:test";
import type { BytePort, ByteReceiver, Client } from "../../../../src/server/index.ts";
import type { FakeSession } from "../fake-door.ts";
import { PTY, serve, settle } from "../fake-door.ts";

/** A receiver that writes down what it is told. */
class Notes implements ByteReceiver {
  readonly port: BytePort;
  readonly told: string[] = [];
  readonly #over: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(port: BytePort) {
    this.port = port;
  }

  get over(): Promise<void> {
    return this.#over.promise;
  }

  data(bytes: Uint8Array): void {
    this.told.push(Buffer.from(bytes).toString());
  }

  end(): void {
    this.told.push("end");
  }

  drained(): void {
    this.told.push("drained");
  }

  closed(): void {
    this.told.push("closed");
    this.#over.resolve();
  }
}

async function taken(t: Parameters<typeof serve>[0]): Promise<{ session: FakeSession; notes: Notes; client: Client }> {
  const found: { notes?: Notes; client?: Client } = {};
  const { visitor } = await serve(t, (server) => {
    server.subsystem("echo", async (client) => {
      found.client = client;
      found.notes = client.takeBytes((port) => new Notes(port));
      await found.notes.over;
    });
  });
  const session = await visitor();
  // Before anybody has asked for it.
  assert.ok(session.events.subsystem("echo"));
  session.type("early ");
  session.type("bird");
  await settle();
  return { session, notes: found.notes!, client: found.client! };
}

test("bytes go to the receiver as they come, and those before it came first", async (t) => {
  const { session, notes } = await taken(t);
  session.type("\x00\r\n");
  session.events.eof();
  assert.deepEqual(notes.told, ["early bird", "\x00\r\n", "end"]);
});

test("the client gets room for what the receiver is done with, and for no more", async (t) => {
  const { session, notes } = await taken(t);
  assert.equal(session.consumedBytes, 0);
  notes.port.consumed(4);
  assert.equal(session.consumedBytes, 4);
});

test("bytes are written at once and as they are, behind what was sent before", async (t) => {
  const { session, notes, client } = await taken(t);
  client.send("first ");
  assert.equal(notes.port.write(Buffer.from("second\n")), true);
  assert.equal(session.stdout, "first second\n");
});

test("with a client that does not read, the receiver hears when all has left", async (t) => {
  const { session, notes } = await taken(t);
  session.isStuck = true;
  assert.equal(notes.port.write(Buffer.from("one")), false);
  assert.equal(notes.told.includes("drained"), false);
  session.read();
  assert.equal(notes.told.at(-1), "drained");
});

test("text that waits for a client who does not read goes ahead of the bytes", async (t) => {
  const { session, notes, client } = await taken(t);
  session.isStuck = true;
  client.send("a");
  await settle();
  client.send("b");
  assert.equal(notes.port.write(Buffer.from("c")), false);
  session.read();
  await settle();
  assert.equal(session.stdout, "abc");
});

test("text that waits is written before the receiver hears that its bytes have left", async (t) => {
  const { session, notes, client } = await taken(t);
  session.isStuck = true;
  client.send("a");
  await settle();
  client.send("b");
  notes.port.write(Buffer.from("c"));
  // The first text has left; what waited for that goes to the door now, and stays there.
  session.events.drained();
  assert.equal(notes.told.includes("drained"), false);
  session.read();
  assert.equal(notes.told.at(-1), "drained");
  assert.equal(session.stdout, "abc");
});

test("a message to all does not reach those who speak a protocol", async (t) => {
  const { session, client } = await taken(t);
  const { visitor, server } = await serve(t, (other) => {
    other.subsystem("echo", () => new Promise(() => undefined));
    other.program("get", (who) => {
      who.takeBytes((port) => new Notes(port));
      return new Promise(() => undefined);
    });
  });
  const sessions = [await visitor(), await visitor()];
  assert.ok(sessions[0]?.events.subsystem("echo"));
  assert.ok(sessions[1]?.events.exec("get it"));
  await settle();
  assert.equal(server.broadcast("Hear, hear"), 0);
  assert.deepEqual(
    sessions.map(({ stdout }) => stdout),
    ["", ""],
  );
  assert.ok(client);
  assert.equal(session.stdout, "");
});

test("the receiver hears of the end once, and nothing after it", async (t) => {
  const { session, notes } = await taken(t);
  session.hangUp();
  session.events.input(Buffer.from("late"));
  session.events.eof();
  assert.deepEqual(notes.told, ["early bird", "closed"]);
  assert.equal(notes.port.write(Buffer.from("x")), true);
  assert.equal(session.stdout, "");
});

test("bytes are taken once, and not from a terminal", async (t) => {
  const { client } = await taken(t);
  assert.throws(() => client.takeBytes((port) => new Notes(port)), /taken already/);
  let failed: unknown;
  const { visitor } = await serve(t, (server) => {
    server.onUser("connect", (who) => {
      try {
        who.takeBytes((port) => new Notes(port));
      } catch (error) {
        failed = error;
      }
    });
  });
  const session = await visitor();
  session.events.pty(PTY);
  session.events.shell();
  await settle();
  assert.match(String(failed), /A terminal sends keys, not bytes/);
});

test("whoever takes the bytes of a session that is over hears so at once", async (t) => {
  const { session, client } = await (async () => {
    let client: Client | undefined;
    const { visitor } = await serve(t, (server) => {
      server.subsystem("echo", (who) => {
        client = who;
      });
    });
    const session = await visitor();
    session.events.subsystem("echo");
    await settle();
    return { session, client: client! };
  })();
  assert.deepEqual(session.calls, ["exit 0", "end", "close"]);
  const notes = client.takeBytes((port) => new Notes(port));
  assert.deepEqual(notes.told, ["closed"]);
});
