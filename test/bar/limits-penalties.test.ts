/** Security bar, table B, PerSourcePenalties: what a source has to wait, found out over sockets. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { generatePrivateKey } from "../../src/crypto/index.ts";
import { Server } from "../../src/index.ts";
import type { LimitOptions, LogEntry, Offence, PenaltyOptions } from "../../src/index.ts";
import { messages } from "../../src/wire/index.ts";
import { Client, passwordRequest } from "../client/index.ts";
import { pass } from "./harness/clock.ts";

const HOST_KEY = generatePrivateKey("ed25519");
const NONE: Readonly<Record<Offence, number>> = {
  crash: 0,
  authfail: 0,
  invaliduser: 0,
  noauth: 0,
  graceExceeded: 0,
  refused: 0,
};

/** How a visitor offends, once the server has spoken. */
type Offend = (client: Client) => void;

/** A wrong password under this name; the visitor leaves when it has been refused. */
function wrongPassword(user: string): Offend {
  let isAsked = false;
  return (client) => {
    if (client.exchanges === 0) return;
    if (!isAsked) client.send(messages.serviceRequest.encode({ service: "ssh-userauth" }));
    if (!isAsked) client.send(passwordRequest(user, "wrong"));
    isAsked = true;
  };
}

class Subject {
  readonly log: LogEntry[] = [];
  readonly server: Server;
  #port = 0;
  #left: (() => void) | undefined;
  /** The handler of `connection` refuses. */
  isRefusing = false;
  /** The server's own code fails as soon as the visitor says who it is. */
  isFailing = false;

  constructor(penalties: boolean | PenaltyOptions | undefined, limits: LimitOptions = { loginGraceTime: 0.2 }) {
    this.server = new Server({
      port: 0,
      hostKeys: HOST_KEY,
      useExternalAuth: true,
      ...(penalties !== undefined && { penalties }),
      limits,
      log: (entry) => {
        this.log.push(entry);
        if (entry.event === "penalty" || entry.event === "left") queueMicrotask(() => this.#left?.());
        if (entry.event === "arrived" && this.isFailing) queueMicrotask(() => this.#plant());
      },
    });
    this.server.onUser("connection", () => !this.isRefusing);
    this.server.onUser("auth", ({ username }) => ({ accept: false, unknownUser: username === "nobody" }));
  }

  async open(t: TestContext): Promise<this> {
    ({ port: this.#port } = await this.server.run());
    t.after(() => this.server.close());
    return this;
  }

  get penalties(): Extract<LogEntry, { event: "penalty" }>[] {
    return this.log.flatMap((entry) => (entry.event === "penalty" ? [entry] : []));
  }

  /** One visit; gives whether the server spoke. It is over when the server, too, has seen the end of it. */
  async visit(offend: Offend | "wait" | "leave"): Promise<boolean> {
    const client = new Client();
    const socket = connect(this.#port, "127.0.0.1");
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    const left = new Promise<void>((resolve) => {
      this.#left = resolve;
    });
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      client.receive(bytes);
      if (offend === "wait") return;
      if (offend === "leave" || client.unread.some((payload) => payload[0] === messages.userauthFailure.number)) {
        socket.destroy();
        return;
      }
      offend(client);
      socket.write(client.pull());
    });
    await closed;
    if (client.serverIdentification !== undefined) await left;
    return client.serverIdentification !== undefined;
  }

  /** How many visits of this kind are let in until one is not; at most `most` are tried. */
  async count(offend: () => Offend | "wait" | "leave", most: number): Promise<number> {
    for (let visits = 0; visits < most; visits++) {
      if (!(await this.visit(offend()))) return visits;
    }
    return most;
  }

  #plant(): void {
    for (const connection of this.server.connections) {
      Object.defineProperty(connection, "clientVersion", {
        set: () => {
          throw new Error("planted");
        },
      });
    }
  }
}

const offences: readonly (readonly [Offence, () => Offend | "wait" | "leave", visits: number])[] = [
  ["crash", () => () => undefined, 1],
  ["authfail", () => wrongPassword("alice"), 4],
  ["invaliduser", () => wrongPassword("nobody"), 4],
  ["graceExceeded", () => "wait", 2],
];

for (const [offence, offend, visits] of offences) {
  test(`B PerSourcePenalties: ${offence} has its own penalty, and others have none of it`, async (t) => {
    const penalties = { ...NONE, [offence]: 100, min: 150, exempt: [] };
    const subject = await new Subject(penalties).open(t);
    subject.isFailing = offence === "crash";
    assert.equal(await subject.count(offend, 5), 2);
    assert.deepEqual(
      subject.penalties.map(({ detail }) => [detail.offence, detail.source, detail.seconds, detail.enforced]),
      [
        [offence, "127.0.0.1", 100, false],
        [offence, "127.0.0.1", 100, true],
      ],
    );
    assert.equal(subject.log.filter(({ event }) => event === "connection refused").length, 1);
  });

  test(`B PerSourcePenalties: by default a source is kept out after ${visits} times ${offence}`, async (t) => {
    const subject = await new Subject({ exempt: [] }).open(t);
    subject.isFailing = offence === "crash";
    assert.equal(await subject.count(offend, visits + 5), visits);
    assert.ok(subject.penalties.every(({ detail }) => detail.offence === offence));
  });
}

for (const limit of ["loginGraceTime", "identificationTime", "handshakeTime"] as const) {
  test(`B PerSourcePenalties: whoever uses up ${limit} without a login pays for the grace time`, async (t) => {
    const subject = await new Subject({ ...NONE, graceExceeded: 20, exempt: [] }, { [limit]: 0.2 }).open(t);
    assert.equal(await subject.count(() => "wait", 5), 1);
    assert.deepEqual(
      subject.penalties.map(({ detail }) => [detail.offence, detail.enforced]),
      [["graceExceeded", true]],
    );
  });
}

test("B PerSourcePenalties: noauth is cheap: by default many visits without a login are let in before a source is kept out", async (t) => {
  const subject = await new Subject({ exempt: [] }).open(t);
  const visits = await subject.count(() => "leave", 60);
  assert.ok(visits >= 16 && visits < 60, `${visits}`);
  assert.ok(subject.penalties.every(({ detail }) => detail.offence === "noauth" && detail.seconds === 1));
});

test("B PerSourcePenalties: whom the handler of connection refuses waits, too, and even where it would be let in again", async (t) => {
  const subject = await new Subject({ exempt: [] }).open(t);
  subject.isRefusing = true;
  for (let visit = 0; visit < 2; visit++) assert.equal(await subject.visit("leave"), false);
  subject.isRefusing = false;
  assert.equal(await subject.visit("leave"), false);
  assert.deepEqual(
    subject.penalties.map(({ detail }) => [detail.offence, detail.enforced]),
    [
      ["refused", false],
      ["refused", true],
    ],
  );
});

test("B PerSourcePenalties: penalties never add up to more than the max", async (t) => {
  const subject = await new Subject({ ...NONE, noauth: 500, max: 600, min: 600, exempt: [] }).open(t);
  assert.equal(await subject.count(() => "leave", 5), 2);
  const totals = subject.penalties.map(({ detail }) => Math.round(detail.total));
  assert.deepEqual(totals, [500, 600]);
});

for (const [name, penalties] of [
  ["this machine is exempt unless the option says otherwise", undefined],
  ["so is a network that the option names", { exempt: ["127.0.0.1/32"], noauth: 100 }],
  ["penalties: false lets a source try on", false],
] as const) {
  test(`B PerSourcePenalties: ${name}`, async (t) => {
    const subject = await new Subject(penalties).open(t);
    assert.equal(await subject.count(() => wrongPassword("alice"), 8), 8);
    assert.equal(await subject.count(() => "leave", 20), 20);
    assert.deepEqual(subject.penalties, []);
  });
}

test("B PerSourcePenalties: the table is sshd's, for 65536 sources", () => {
  assert.deepEqual(new Server().options.penalties, {
    crash: 90,
    authfail: 5,
    invaliduser: 5,
    noauth: 1,
    graceExceeded: 10,
    refused: 10,
    min: 15,
    max: 600,
    sources: 65_536,
    exempt: ["127.0.0.0/8", "::1"],
  });
});

test("B PerSourcePenalties: a source that has waited is let in again", async (t) => {
  const subject = await new Subject({ ...NONE, noauth: 60, exempt: [] }).open(t);
  assert.equal(await subject.count(() => "leave", 5), 1);
  await pass(30);
  assert.equal(await subject.visit("leave"), false);
  await pass(31);
  assert.equal(await subject.visit("leave"), true);
});
