/** Security bar, part A2: what may come when before the login, and how often. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { DisconnectReason, messages, Msg, Writer } from "../../src/wire/index.ts";
import {
  authRequest,
  clientKey,
  infoResponse,
  interactiveRequest,
  kept,
  keyRequest,
  noneRequest,
  passwordRequest,
} from "../client/index.ts";
import { Bar, channelData, channelOpen, exec, globalRequest, PASSWORD, USER_KEY } from "./harness/index.ts";
import type { Peer, Stage } from "./harness/index.ts";

/** Opens a session, guesses the server's number for it, and runs a command. */
const burst = [channelOpen(), exec(0, "cat"), exec(1, "cat"), exec(256, "cat"), channelData(0, "cat\n")];

/** Nothing of the connection protocol was answered, and nothing ran. */
function assertNothingRan(bar: Bar, { client }: Peer): void {
  assert.deepEqual(
    client.numbers.filter((number) => number >= 80),
    [],
  );
  assert.deepEqual(bar.seen, []);
}

const asServer: Readonly<Record<string, Uint8Array>> = {
  USERAUTH_SUCCESS: messages.userauthSuccess.encode({}),
  SERVICE_ACCEPT: messages.serviceAccept.encode({ service: "ssh-connection" }),
  USERAUTH_FAILURE: messages.userauthFailure.encode({ methods: ["publickey"], partialSuccess: true }),
  USERAUTH_BANNER: messages.userauthBanner.encode({ text: "x", language: "" }),
  USERAUTH_PK_OK: messages.userauthPkOk.encode({ algorithm: "ssh-ed25519", key: USER_KEY.blob }),
  CHANNEL_OPEN_CONFIRMATION: Uint8Array.of(Msg.CHANNEL_OPEN_CONFIRMATION),
  CHANNEL_SUCCESS: messages.channelSuccess.encode({ recipient: 0 }),
};

for (const stage of ["keys exchanged", "handshake done"] as const) {
  test(`A29: what only a server may say ends the connection, with the ${stage}, and lets nobody in`, async (t) => {
    const bar = await Bar.open(t);
    for (const payload of Object.values(asServer)) {
      const { peer, reason } = await bar.closes(stage, (peer) => peer.send(payload, ...burst));
      assert.equal(reason, DisconnectReason.PROTOCOL_ERROR);
      assertNothingRan(bar, peer);
    }
  });
}

const afterFailure = async (peer: Peer): Promise<void> => {
  assert.equal(await peer.tryPassword("ada", "wrong"), "failure");
};
const beforeLogin: readonly (readonly [what: string, stage: Stage, act: (peer: Peer) => unknown])[] = [
  ["after NEWKEYS", "keys exchanged", () => undefined],
  ["after SERVICE_ACCEPT", "handshake done", () => undefined],
  ["after a FAILURE", "handshake done", afterFailure],
];

for (const [what, stage, act] of beforeLogin) {
  test(`A30: before the login, ${what}, a channel, a command or a global request ends the connection, and nothing happens`, async (t) => {
    const bar = await Bar.open(t);
    const forward = new Writer().utf8("127.0.0.1").uint32(0).finish();
    const attempts = [
      burst,
      [exec(0, "cat")],
      [channelData(0, "x")],
      [globalRequest("tcpip-forward", forward)],
      [globalRequest("streamlocal-forward@openssh.com", new Writer().utf8("/tmp/never.sock").finish())],
      [globalRequest("hostkeys-prove-00@openssh.com", new Writer().string(USER_KEY.blob).finish())],
      [globalRequest("no-more-sessions@openssh.com")],
      [globalRequest("keepalive@openssh.com")],
    ];
    for (const payloads of attempts) {
      const hurry = async (peer: Peer): Promise<void> => {
        await act(peer);
        peer.send(...payloads);
      };
      const { peer, reason } = await bar.closes(stage, hurry);
      assert.equal(reason, DisconnectReason.PROTOCOL_ERROR);
      assertNothingRan(bar, peer);
    }
  });
}

test("A31: what comes along with an attempt is not read before its verdict, which takes its time", async (t) => {
  const bar = await Bar.open(t, { judge: slowly });
  for (let time = 0; time < 12; time++) {
    const { peer } = await bar.closes("handshake done", (peer) => peer.send(passwordRequest("ada", "wrong"), ...burst));
    assert.equal(peer.came(Msg.USERAUTH_FAILURE), 1);
    assertNothingRan(bar, peer);
  }
  const peer = await bar.peer("handshake done");
  peer.send(passwordRequest("ada", PASSWORD), channelOpen(), exec(0, "cat"), channelData(0, "in time"));
  await peer.prints(/^in time$/);
  const { numbers } = peer.client;
  assert.ok(numbers.indexOf(Msg.USERAUTH_SUCCESS) < numbers.indexOf(Msg.CHANNEL_OPEN_CONFIRMATION));
});

test("A32: attempts that come together are judged one at a time and answered in order", async (t) => {
  let judging = 0;
  const bar = await Bar.open(t, {
    judge: async (data) => {
      assert.equal(++judging, 1, "two attempts at once");
      const verdict = await slowly(data);
      judging--;
      return verdict;
    },
  });
  const peer = await bar.peer("handshake done");
  const bad = passwordRequest("ada", "wrong");
  peer.send(bad, bad, passwordRequest("ada", PASSWORD), bad);
  await peer.settled();
  const verdicts = peer.client.numbers.filter((number) => number === 51 || number === 52);
  assert.deepEqual(verdicts, [51, 51, 52]);
});

/** Wrong passwords take longer to judge than right ones: verdicts that may overtake one another would. */
async function slowly(data: { readonly method: string; readonly password?: string | undefined }): Promise<boolean> {
  if (data.password === PASSWORD) return true;
  for (let turn = 0; turn < 20; turn++) await setImmediate();
  return false;
}

test("A33: that a key would do counts for that key, that user and a proof, and for nothing else", async (t) => {
  const [good, other, refused] = [USER_KEY, clientKey("ssh-ed25519"), clientKey("ssh-ed25519")];
  const bar = await Bar.open(t, {
    judge: (data) => {
      if (data.method !== "publickey") return data.method === "password";
      const isKey = (key: { readonly blob: Uint8Array }): boolean => Buffer.compare(data.key.blob, key.blob) === 0;
      return isKey(good) || (isKey(refused) && !data.proved);
    },
  });
  const query = async (key = good): Promise<Peer> => {
    const peer = await bar.peer("handshake done");
    assert.equal(await peer.attempt(keyRequest(key)), "question");
    return peer;
  };
  assert.equal(await (await query()).tryKey("ada", other), "failure");
  assert.equal(await (await query(refused)).tryKey("ada", refused), "failure");
  // The key that was asked for, with the signature of another.
  const forger = { ...good, sign: (data: Uint8Array) => other.sign(data) };
  assert.equal(await (await query()).tryKey("ada", forger), "failure");

  const hurried = await query();
  hurried.send(...burst);
  assert.equal(await hurried.closed(), DisconnectReason.PROTOCOL_ERROR);
  assertNothingRan(bar, hurried);
  const renamed = await query();
  renamed.send(keyRequest(good, renamed.client.sessionId, { user: "bob" }));
  await renamed.closed();
  assert.equal(renamed.came(Msg.USERAUTH_SUCCESS), 0);

  assert.equal(await (await query()).tryKey("ada", good), "success");
});

test("A36: another user or service in a later request ends the connection, with what was reached before", async (t) => {
  const bar = await Bar.open(t, {
    authenticationMethods: ["password,publickey", "password"],
    logIn: (peer) => peer.tryPassword("ada", PASSWORD),
    judge: (data) => {
      if (data.username === "two") return data.method === "password" ? { partial: ["publickey"] } : true;
      return data.method === "publickey" || data.method === "password";
    },
  });
  const firsts: Readonly<Record<string, Uint8Array>> = {
    none: noneRequest("two"),
    "a query": keyRequest(USER_KEY, undefined, { user: "two" }),
    "a passed factor": passwordRequest("two", PASSWORD),
  };
  for (const first of Object.values(firsts)) {
    for (const changes of [{ user: "ada" }, { user: "two", service: "ssh-userauth" }]) {
      const { peer } = await bar.closes("handshake done", async (peer) => {
        await peer.attempt(first);
        peer.send(keyRequest(USER_KEY, peer.client.sessionId, changes));
      });
      assert.equal(peer.came(Msg.USERAUTH_SUCCESS), 0);
    }
  }
});

/** Sends requests one by one, waiting for each answer, until the server has had enough; gives how many it took. */
async function countAnswers(peer: Peer, requestOf: (number: number) => Uint8Array): Promise<number> {
  for (let answers = 0; answers < 200; answers++) {
    peer.send(requestOf(answers));
    try {
      await peer.verdict();
    } catch {
      // The attempt that is one too many has the end of the connection for an answer.
      assert.equal(await peer.closed(), DisconnectReason.NO_MORE_AUTH_METHODS_AVAILABLE);
      return answers;
    }
  }
  throw new Error("200 requests were answered");
}

const floods: readonly (readonly [what: string, most: number, requestOf: (number: number) => Uint8Array])[] = [
  ["wrong passwords", 5, (number) => passwordRequest("ada", `wrong ${number}`)],
  ["unknown methods", 5, (number) => authRequest(`method-${number}`, new Uint8Array())],
  ["queries for unknown keys", 5, () => keyRequest(clientKey("ssh-ed25519"))],
  ["none after none", 6, () => noneRequest()],
  ["queries for a good key", 32, () => keyRequest(USER_KEY)],
  ["dialogues that are begun and left, each with other devices", 6, (n) => interactiveRequest("ada", `device${n}`)],
  [
    "wrong answers, each behind its question",
    11,
    (number) => (number % 2 === 0 ? interactiveRequest() : infoResponse("wrong")),
  ],
];

for (const [what, most, requestOf] of floods) {
  test(`A47, A50: attempts are counted whatever they are: ${what}`, async (t) => {
    const bar = await Bar.open(t);
    const answers = await countAnswers(await bar.peer("handshake done"), requestOf);
    assert.ok(answers <= most, `${answers} were answered`);
    await bar.othersAreWell();
  });
}

test("A47: 129 user names on one connection are 128 too many", async (t) => {
  const bar = await Bar.open(t);
  await bar.closes("handshake done", (peer) => {
    for (let number = 0; number < 129; number++) peer.send(noneRequest(`user${number}`));
  });
});

test("A47: a dialogue does not go on without end, whatever the app asks", async (t) => {
  const again = { prompt: { prompts: [{ prompt: "Again: ", echo: false }] } };
  const bar = await Bar.open(t, { auth: [{ methods: ["keyboard-interactive"], judge: () => again }] });
  const requestOf = (number: number): Uint8Array => (number === 0 ? interactiveRequest() : infoResponse("again"));
  assert.equal(await countAnswers(await bar.peer("handshake done"), requestOf), 32);
});

test("A48: an INFO_RESPONSE that was not asked for, or whose count is false, gets nobody in and takes no memory", async (t) => {
  const bar = await Bar.open(t);
  const response = (count: number, responses: Uint8Array = new Uint8Array()): Uint8Array =>
    messages.userauthInfoResponse.encode({ count, responses });
  const strings = (...texts: readonly string[]): Uint8Array => {
    const to = new Writer(2000);
    for (const text of texts) to.utf8(text);
    return to.finish();
  };
  const growth = await kept(async () => {
    for (const count of [0, 1, 2 ** 28]) {
      await bar.closes("handshake done", (peer) => peer.send(response(count)));
    }
    for (const [count, responses] of [
      [2 ** 28, strings()],
      [2 ** 32 - 1, strings("x")],
      [1, Buffer.alloc(4, 0xff)],
      [1, strings(PASSWORD, PASSWORD)],
    ] as const) {
      const { peer } = await bar.closes("handshake done", async (peer) => {
        assert.equal(await peer.attempt(interactiveRequest()), "question");
        peer.send(response(count, responses));
      });
      assert.equal(peer.came(Msg.USERAUTH_SUCCESS), 0);
    }
    // Whole, and not what was asked for.
    for (const [count, responses] of [
      [0, strings()],
      [100, strings(...Array.from({ length: 100 }, () => PASSWORD))],
    ] as const) {
      const peer = await bar.peer("handshake done");
      assert.equal(await peer.attempt(interactiveRequest()), "question");
      assert.equal(await peer.attempt(response(count, responses)), "failure");
    }
  });
  assert.ok(growth < 2 ** 20, `${growth} bytes`);
});
