import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { describe, test } from "node:test";
import { DisconnectReason, messages, Msg, Writer } from "../../../src/wire/index.ts";
import { Loopback, passwordRequest } from "../../client/index.ts";

const data = new Uint8Array(0);
const open = messages.channelOpen.encode({ type: "session", sender: 5, window: 1000, maxPacket: 1000, data });

/** A connection whose attempts wait for the test's verdict. */
function silent(): { link: Loopback; verdict: (type: "success" | "failure") => void } {
  const link = new Loopback().handshake();
  link.app.silent = true;
  return {
    link,
    verdict: (type) => {
      link.server.answer(link.app.attempts.at(-1)!, { type }, 0);
      link.exchange();
    },
  };
}

describe("while a verdict is awaited", () => {
  test("nothing further is read, and the door is told not to", () => {
    const { link, verdict } = silent();
    link.client.send(passwordRequest("alice", "one"));
    link.client.send(passwordRequest("alice", "two"));
    link.exchange();
    assert.deepEqual([link.app.attempts.length, link.server.reading], [1, false]);
    verdict("failure");
    assert.deepEqual([link.app.attempts.length, link.server.reading], [2, false]);
    verdict("failure");
    assert.equal(link.server.reading, true);
    assert.deepEqual(link.client.numbers.slice(-2), [Msg.USERAUTH_FAILURE, Msg.USERAUTH_FAILURE]);
  });

  test("a channel does not slip in before a refusal", () => {
    const { link, verdict } = silent();
    link.client.send(passwordRequest("alice", "wrong"));
    link.client.send(open);
    link.exchange();
    assert.equal(link.app.sessions.length, 0);
    verdict("failure");
    assert.equal(link.client.expect(messages.disconnect).reason, DisconnectReason.PROTOCOL_ERROR);
    assert.equal(link.app.sessions.length, 0);
  });

  test("a channel behind a good attempt is opened behind SUCCESS", () => {
    const { link, verdict } = silent();
    link.client.send(passwordRequest("alice", "right"));
    link.client.send(open);
    link.exchange();
    verdict("success");
    assert.deepEqual(link.client.numbers.slice(-2), [Msg.USERAUTH_SUCCESS, Msg.CHANNEL_OPEN_CONFIRMATION]);
    assert.equal(link.client.expect(messages.channelOpenConfirmation).recipient, 5);
  });

  test("what comes in later pieces waits as well", () => {
    const { link, verdict } = silent();
    link.client.send(passwordRequest("alice", "right"));
    link.exchange();
    for (let i = 0; i < 10; i++) {
      link.client.send(messages.ping.encode({ data: Uint8Array.of(i) }));
      link.exchange();
    }
    verdict("success");
    const pongs = link.client.unread.filter((payload) => payload[0] === Msg.PONG);
    assert.deepEqual(
      pongs.map((payload) => messages.pong.decode(payload).data[0]),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
  });

  test("a verdict for another attempt settles nothing", () => {
    const { link } = silent();
    link.client.send(passwordRequest("alice", "one"));
    link.exchange();
    const first = link.app.attempts[0]!;
    link.server.answer(first, { type: "failure" }, 0);
    link.client.send(passwordRequest("alice", "two"));
    link.exchange();
    link.server.answer(first, { type: "success" }, 0);
    assert.equal(link.end?.by, "fault");
    assert.deepEqual([link.server.loggedIn, link.app.logins], [false, []]);
  });
});

describe("a login", () => {
  test("is answered in the order of the attempts", () => {
    const link = new Loopback().handshake();
    link.client.send(passwordRequest("alice", "wrong"));
    link.client.send(passwordRequest("alice", "right"));
    link.exchange();
    assert.deepEqual(link.client.numbers.slice(-2), [Msg.USERAUTH_FAILURE, Msg.USERAUTH_SUCCESS]);
    assert.deepEqual([link.app.logins, link.server.loggedIn], [["alice by password"], true]);
  });

  test("is not needed again: later requests are passed over in silence", () => {
    const link = new Loopback().login();
    const said = link.client.numbers.length;
    link.client.send(passwordRequest("root", "wrong"));
    link.exchange();
    assert.deepEqual([link.client.numbers.length, link.app.attempts.length, link.end], [said, 1, undefined]);
  });

  test("needs the service; a second request for it is answered again", () => {
    const link = new Loopback();
    link.exchange();
    link.client.send(passwordRequest("alice", "right"));
    link.exchange();
    assert.equal(link.end?.by, "violation");

    const other = new Loopback().handshake().handshake();
    other.client.send(passwordRequest("alice", "right"));
    other.exchange();
    other.client.expect(messages.userauthSuccess);
  });

  for (const number of [51, 52, 53, 60]) {
    test(`is not had by telling the server message ${number}`, () => {
      const link = new Loopback().handshake();
      link.client.send(Uint8Array.of(number));
      link.client.send(open);
      link.exchange();
      assert.deepEqual([link.end?.by, link.app.logins, link.app.sessions], ["violation", [], []]);
    });
  }

  test("may begin with EXT_INFO as the first message under the new keys", () => {
    const extInfo = messages.extInfo.encode({ count: 0, extensions: data });
    const link = new Loopback();
    link.exchange();
    link.client.send(extInfo);
    link.login();

    const late = new Loopback();
    late.exchange();
    late.client.send(messages.ignore.encode({ data }));
    late.client.send(extInfo);
    late.exchange();
    assert.equal(late.end?.by, "violation");
  });

  test("has a banner until it is over", () => {
    const link = new Loopback().handshake();
    link.server.banner("welcome");
    link.exchange();
    assert.equal(link.client.expect(messages.userauthBanner).text, "welcome");
    link.client.send(passwordRequest("alice", "right"));
    link.exchange();
    link.server.banner("too late");
    link.exchange();
    assert.ok(!link.client.unread.some((payload) => payload[0] === Msg.USERAUTH_BANNER));
  });
});

describe("a public key", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const blob = new Writer()
    .utf8("ssh-ed25519")
    .string(publicKey.export({ type: "spki", format: "der" }).subarray(-32))
    .finish();

  function request(user: string, sessionId: Uint8Array): Uint8Array {
    const fields = new Writer().boolean(true).utf8("ssh-ed25519").string(blob).finish();
    const unsigned = messages.userauthRequest.encode({
      user,
      service: "ssh-connection",
      method: "publickey",
      data: fields,
    });
    const signature = sign(null, new Writer().string(sessionId).bytes(unsigned).finish(), privateKey);
    const inner = new Writer().utf8("ssh-ed25519").string(signature).finish();
    return new Writer().bytes(unsigned).string(inner).finish();
  }

  test("logs in with a signature over the name of this session", () => {
    const link = new Loopback().handshake();
    link.client.send(request("alice", link.client.sessionId!));
    link.exchange();
    link.client.expect(messages.userauthSuccess);
    assert.deepEqual(link.app.logins, ["alice by publickey"]);
  });

  test("does not with one over the name of another", () => {
    const link = new Loopback().handshake();
    link.client.send(request("alice", new Loopback().handshake().client.sessionId!));
    link.exchange();
    link.client.expect(messages.userauthFailure);
    assert.equal(link.app.attempts[0]?.method, "unusable");
  });

  test("is only acceptable when it is offered without a signature", () => {
    const link = new Loopback().handshake();
    const fields = new Writer().boolean(false).utf8("ssh-ed25519").string(blob).finish();
    link.client.send(
      messages.userauthRequest.encode({ user: "alice", service: "ssh-connection", method: "publickey", data: fields }),
    );
    link.exchange();
    assert.deepEqual(Buffer.from(link.client.expect(messages.userauthPkOk).key), Buffer.from(blob));
    link.client.send(open);
    link.exchange();
    assert.deepEqual([link.end?.by, link.app.sessions], ["violation", []]);
  });
});
