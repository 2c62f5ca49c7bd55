import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Channel } from "../../../src/connection/index.ts";
import { Reader } from "../../../src/wire/index.ts";
import { marked, ModelClient } from "./model-client.ts";
import { Peer } from "./peer.ts";

const WINDOW = 100;

/** Three channels, each with an application on one side and a correct client on the other. */
class World {
  readonly peer: Peer = new Peer({ window: WINDOW, maxPacket: WINDOW });
  readonly clients: ModelClient[];
  readonly channels: Channel[];
  #letter = 0;

  constructor(ends: { window: number; maxPacket: number }[]) {
    this.clients = ends.map((end, i) => new ModelClient(50 + i, end.window, end.maxPacket, WINDOW));
    this.channels = ends.map((end, i) => this.peer.session(50 + i, end));
  }

  /** Text in which no letter can be taken for its neighbour. */
  letters(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => 97 + (this.#letter++ % 26)));
  }

  check(): void {
    for (const payload of this.peer.link.sent.splice(0)) {
      const recipient = new Reader(payload, 1).uint32();
      this.clients.find((client) => client.recipient === recipient)!.receive(payload);
    }
    for (const line of this.peer.app.heard.splice(0)) {
      const [id, event] = line.split(" ");
      this.clients[Number(id)]!.hear(event!);
    }
    this.clients.forEach((client, i) => client.check(this.channels[i]!.buffered));
  }
}

type Action = (channel: Channel, client: ModelClient, n: number, world: World) => void;

const write =
  (stream: "o" | "e"): Action =>
  (channel, client, n, world) => {
    const bytes = world.letters(n);
    const { writable } = channel;
    const free = stream === "o" ? channel.write(bytes) : channel.write(bytes, 1);
    assert.equal(free, writable && channel.buffered === 0, "true means that nothing waits");
    if (writable) client.written += marked(bytes, stream);
    if (writable && !free) client.drainOwed = true;
  };

const application: Record<string, Action> = {
  stdout: write("o"),
  stderr: write("e"),
  consume: (channel, client) => {
    channel.consumed(client.unconsumed);
    client.unconsumed = 0;
  },
  end: (channel) => channel.end(),
  exit: (channel) => channel.exitStatus(0),
  close: (channel) => channel.close(),
  abort: (channel, client) => {
    client.aborted = true;
    channel.abort();
  },
};

/** Nothing of this comes after the client's CLOSE. */
const client: Record<string, Action> = {
  adjust: (channel, client, n, { peer }) => {
    client.window += n;
    peer.adjust(channel.id, n);
  },
  data: (channel, client, n, { peer }) => {
    if (client.sentEof) return;
    const length = Math.min(n, client.credit);
    client.credit -= length;
    if (!client.closed) client.unconsumed += length;
    peer.data(channel.id, Buffer.alloc(length, "x"));
  },
  exec: (channel, _client, _n, { peer }) => peer.exec(channel.id, "x"),
  eof: (channel, client, _n, { peer }) => {
    if (client.sentEof) return;
    client.sentEof = true;
    peer.eof(channel.id);
  },
  hangUp: (channel, client, _n, { peer }) => {
    client.sentClose = true;
    peer.close(channel.id);
  },
};

const link: Record<string, Action> = {
  rekey: (_channel, _client, _n, { peer }) => {
    peer.link.ready = false;
  },
  fill: (_channel, _client, n, { peer }) => {
    peer.link.room = n % 4;
  },
  resume: (_channel, _client, _n, { peer }) => {
    peer.link.ready = true;
    peer.link.room = Infinity;
    peer.connection.resumed();
  },
};

const often = [
  "stdout",
  "stdout",
  "stderr",
  "adjust",
  "adjust",
  "data",
  "consume",
  "rekey",
  "fill",
  "resume",
  "resume",
];
const seldom = ["end", "exit", "close", "abort", "exec", "eof", "hangUp"];
const step = fc.record({
  what: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...often) },
    { weight: 1, arbitrary: fc.constantFrom(...seldom) },
  ),
  on: fc.nat({ max: 2 }),
  n: fc.nat({ max: 300 }),
});
const end = fc.record({ window: fc.nat({ max: 200 }), maxPacket: fc.integer({ min: 1, max: 90 }) });

test("whatever happens in whatever order, no promise of RFC 4254 §5 is broken", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.tuple(end, end, end), (steps, ends) => {
      const world = new World(ends);
      const { clients, channels, peer } = world;
      for (const { what, on, n } of steps) {
        const ofClient = client[what];
        if (ofClient === undefined || !clients[on]!.sentClose) {
          (ofClient ?? application[what] ?? link[what])!(channels[on]!, clients[on]!, n, world);
        }
        world.check();
      }

      link["resume"]!(channels[0]!, clients[0]!, 0, world);
      clients.forEach((end, i) => end.sentClose || client["adjust"]!(channels[i]!, end, 100_000, world));
      world.check();
      for (const end of clients) {
        if (end.whole) assert.equal(end.got, end.written, "a willing client gets everything");
        if (end.whole) assert.equal(end.drainOwed, false, "drained() has come");
      }

      peer.connection.ended();
      assert.deepEqual(
        peer.app.heard,
        [0, 1, 2].filter((i) => !clients[i]!.sentClose).map((i) => `${i} closed`),
      );
      assert.deepEqual(peer.take(), []);
    }),
    { numRuns: 500 },
  );
});
