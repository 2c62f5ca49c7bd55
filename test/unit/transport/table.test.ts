import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { transportTable } from "../../../src/transport/index.ts";
import type { Action, StateName } from "../../../src/transport/index.ts";
import { DisconnectReason, messages, Msg } from "../../../src/wire/index.ts";
import { Loopback, passwordRequest } from "../../client/index.ts";

const kex = ["curve25519-sha256"];

/** How a client gets into each state, from the one before it. */
const arrive: Readonly<Record<StateName, () => Loopback>> = {
  identification: () =>
    new Loopback({ client: { automatic: false, kex }, limits: { clientAliveInterval: 0, unusedConnectionTime: 0 } }),
  kexinit: () => step(arrive.identification(), ({ client }) => client.sendIdentification()),
  exchange: () => step(arrive.kexinit(), ({ client }) => client.sendKexInit({ kex })),
  "strict-exchange": () => step(arrive.kexinit(), ({ client }) => client.sendKexInit()),
  newkeys: () => step(arrive.exchange(), ({ client }) => client.sendKexEcdhInit()),
  "strict-newkeys": () => step(arrive["strict-exchange"](), ({ client }) => client.sendKexEcdhInit()),
  service: () => step(arrive["strict-newkeys"](), ({ client }) => client.sendNewKeys()),
  login: () => step(arrive.service(), ({ client }) => client.send(payloads[Msg.SERVICE_REQUEST]!)),
  open: () => step(arrive.login(), ({ client }) => client.send(passwordRequest("alice", "right"))),
  "rekey-kexinit": () => {
    const link = step(arrive.open(), () => {});
    link.pass(3_600_000);
    return link;
  },
  "rekey-exchange": () => step(arrive["rekey-kexinit"](), ({ client }) => client.sendKexInit()),
  "rekey-newkeys": () => step(arrive["rekey-exchange"](), ({ client }) => client.sendKexEcdhInit()),
  ended: () => step(arrive.open(), ({ client }) => client.send(payloads[Msg.DISCONNECT]!)),
};

function step(link: Loopback, act: (link: Loopback) => void): Loopback {
  act(link);
  return link.exchange();
}

const data = new Uint8Array(0);
/** A well-formed message for each number that has a meaning; the others are their number alone. */
const payloads: Readonly<Record<number, Uint8Array>> = {
  [Msg.DISCONNECT]: messages.disconnect.encode({ reason: 11, description: "", language: "" }),
  [Msg.SERVICE_REQUEST]: messages.serviceRequest.encode({ service: "ssh-userauth" }),
  [Msg.EXT_INFO]: messages.extInfo.encode({ count: 0, extensions: data }),
  [Msg.USERAUTH_REQUEST]: passwordRequest("alice", "wrong"),
  [Msg.GLOBAL_REQUEST]: messages.globalRequest.encode({ type: "x", wantReply: true, data }),
  [Msg.PING]: messages.ping.encode({ data: Buffer.from("are you there") }),
};

/** What the server does about a message, action by action; the link is in the state, the message has been sent. */
const effects: Readonly<Record<Action, (link: Loopback, state: StateName, number: number) => void>> = {
  disconnect: (link) => {
    assert.deepEqual(link.end, { by: "client", reason: 11 });
    assert.equal(link.toClient().length, 0);
  },
  ignore: (link) => nothingSaid(link),
  extInfo: (link) => nothingSaid(link),
  kexInit: (link, state) => {
    if (state === "open") assert.equal(link.client.numbers.at(-1), Msg.KEXINIT);
    else nothingSaid(link);
  },
  kexEcdhInit: (link) => {
    const said = link.client.numbers.slice(link.client.numbers.lastIndexOf(Msg.KEXINIT) + 1);
    assert.deepEqual(said.slice(0, 2), [Msg.KEX_ECDH_REPLY, Msg.NEWKEYS]);
  },
  newKeys: (link) => nothingSaid(link),
  serviceRequest: (link) => assert.equal(link.client.expect(messages.serviceAccept).service, "ssh-userauth"),
  userauth: (link, state, number) => {
    if (number !== Msg.USERAUTH_REQUEST) assert.equal(link.end?.by, "violation", "userauth has a table of its own");
    else if (state === "login") assert.equal(link.client.expect(messages.userauthFailure).partialSuccess, false);
    else nothingSaid(link);
  },
  // Which of them it answers is for the table of the connection layer; here it is enough that it was asked.
  connection: (link) => assert.notEqual(link.end?.by, "fault"),
  ping: (link, state) => {
    if (state !== "open") return nothingSaid(link);
    assert.equal(Buffer.from(link.client.expect(messages.pong).data).toString(), "are you there");
  },
  unimplemented: (link) => {
    assert.equal(link.client.expect(messages.unimplemented).sequence, link.client.out.sequence - 1);
    assert.equal(link.end, undefined);
  },
};

/** Neither an answer nor an end. */
function nothingSaid(link: Loopback): void {
  assert.equal(link.end, undefined);
  assert.deepEqual([...link.client.unread, ...unseen(link)], []);
}

const seen = new WeakMap<Loopback, number>();
const unseen = (link: Loopback): number[] => link.client.numbers.slice(seen.get(link));

function send(link: Loopback, state: StateName, number: number): void {
  const { client } = link;
  client.unread = [];
  seen.set(link, client.numbers.length);
  if (state === "identification") client.raw(Uint8Array.of(0, 0, 0, 12, 10, number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  else if (number === Msg.KEXINIT) client.sendKexInit();
  // Only where it fits can an ECDH_INIT be computed; elsewhere any bytes will do.
  else if (number === Msg.KEX_ECDH_INIT && state.endsWith("exchange")) client.sendKexEcdhInit();
  else client.send(payloads[number] ?? Uint8Array.of(number));
  link.exchange();
}

describe("every message in every state of the transport", () => {
  for (const state of Object.keys(arrive) as StateName[]) {
    test(`in ${state} has the effect that the table says, and the absent ones end the connection`, () => {
      for (let number = 0; number <= 255; number++) {
        const link = arrive[state]();
        const before = {
          attempts: link.app.attempts.length,
          sessions: link.app.sessions.length,
          logins: link.app.logins.length,
        };
        assert.equal(link.end !== undefined, state === "ended");
        send(link, state, number);
        const action = transportTable[state][number];
        const where = `message ${number} in ${state}`;
        if (state === "ended") {
          assert.deepEqual([link.app.ends.length, unseen(link)], [1, []], where);
          continue;
        }
        if (action !== undefined) {
          effects[action](link, state, number);
          continue;
        }
        const reason =
          state === "identification"
            ? DisconnectReason.PROTOCOL_VERSION_NOT_SUPPORTED
            : DisconnectReason.PROTOCOL_ERROR;
        assert.equal(link.end?.by, "violation", where);
        assert.equal(link.client.expect(messages.disconnect).reason, reason, where);
        assert.deepEqual(link.client.unread, [], where);
        const { attempts, sessions, logins } = link.app;
        assert.deepEqual(
          { attempts: attempts.length, sessions: sessions.length, logins: logins.length },
          before,
          where,
        );
      }
    });
  }

  // The table is what the test above believes: this is what the RFCs and the CVEs say of it.
  test("is refused where it has cost others dearly", () => {
    const numbers = (state: StateName): number[] => Object.keys(transportTable[state]).map(Number);
    const always = [Msg.DISCONNECT, Msg.IGNORE, Msg.UNIMPLEMENTED, Msg.DEBUG];
    const none: number[] = [];
    assert.deepEqual([numbers("identification"), numbers("ended")], [none, none]);
    assert.deepEqual(numbers("kexinit"), [...always, Msg.KEXINIT]);
    for (const state of ["exchange", "rekey-exchange"] as const) {
      assert.deepEqual(numbers(state), [...always, Msg.KEX_ECDH_INIT], state);
    }
    for (const state of ["newkeys", "rekey-newkeys"] as const)
      assert.deepEqual(numbers(state), [...always, Msg.NEWKEYS]);
    assert.deepEqual(numbers("strict-exchange"), [Msg.DISCONNECT, Msg.KEX_ECDH_INIT]);
    assert.deepEqual(numbers("strict-newkeys"), [Msg.DISCONNECT, Msg.NEWKEYS]);
    assert.deepEqual(numbers("service"), [...always, Msg.SERVICE_REQUEST, Msg.EXT_INFO]);
    assert.ok(numbers("login").every((number) => number < 80 && number !== Msg.KEXINIT));
    for (const state of ["open", "rekey-kexinit"] as const) {
      const absent = Array.from({ length: 256 }, (_, number) => number).filter(
        (number) => !(number in transportTable[state]),
      );
      assert.deepEqual(absent, [0, ...Array.from({ length: 29 }, (_, index) => 21 + index)], state);
    }
  });

  test("has an action that somebody checks here", () => {
    const used = new Set(Object.values(transportTable).flatMap((row) => Object.values(row)));
    assert.deepEqual([...used].sort(), Object.keys(effects).sort());
  });
});
