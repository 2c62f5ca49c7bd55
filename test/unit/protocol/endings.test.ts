import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ProtocolSink } from "../../../src/protocol/index.ts";
import { DisconnectReason, messages, Msg, ProtocolError } from "../../../src/wire/index.ts";
import { Loopback, passwordRequest } from "../../client/index.ts";

const data = new Uint8Array(0);
const open = messages.channelOpen.encode({ type: "session", sender: 0, window: 1000, maxPacket: 1000, data });
const manual = { automatic: false, kex: ["curve25519-sha256"] };
const goodbye = messages.disconnect.encode({ reason: 11, description: "bye", language: "" });

const begun = (): Loopback => {
  const link = new Loopback({ client: manual });
  link.client.sendIdentification();
  return link;
};

/** What a client does wrong, and the reason that it is told (RFC 4253 §11.1). */
const violations: Readonly<Record<string, { reason: number; commit: () => Loopback }>> = {
  "another protocol": {
    reason: DisconnectReason.PROTOCOL_VERSION_NOT_SUPPORTED,
    commit: () => {
      const link = new Loopback({ client: manual });
      link.client.raw("GET / HTTP/1.1\r\n");
      return link;
    },
  },
  "a packet of a wrong length": {
    reason: DisconnectReason.PROTOCOL_ERROR,
    commit: () => {
      const link = begun();
      link.client.send(Uint8Array.of(2), { packetLength: 5 });
      return link;
    },
  },
  "no algorithm in common": {
    reason: DisconnectReason.KEY_EXCHANGE_FAILED,
    commit: () => {
      const link = begun();
      link.client.sendKexInit({ kex: ["diffie-hellman-group1-sha1"] });
      return link;
    },
  },
  "a bad public value": {
    reason: DisconnectReason.KEY_EXCHANGE_FAILED,
    commit: () => {
      const link = begun();
      link.client.sendKexInit();
      link.client.send(messages.kexEcdhInit.encode({ clientPublic: Buffer.alloc(32) }));
      return link;
    },
  },
  "a KEXINIT that is cut short": {
    reason: DisconnectReason.PROTOCOL_ERROR,
    commit: () => {
      const link = begun();
      link.client.send(Uint8Array.of(Msg.KEXINIT, 1, 2, 3));
      return link;
    },
  },
  "a packet that was changed": {
    reason: DisconnectReason.MAC_ERROR,
    commit: () => {
      const link = new Loopback().handshake();
      link.client.send(Uint8Array.of(2, 0, 0, 0, 0));
      const bytes = Buffer.from(link.client.pull());
      bytes[bytes.length - 1]! ^= 1;
      link.client.raw(bytes);
      return link;
    },
  },
  "bad padding": {
    reason: DisconnectReason.MAC_ERROR,
    commit: () => {
      const link = new Loopback().handshake();
      link.client.send(Uint8Array.of(2, 0, 0, 0, 0), { paddingLength: 0 });
      return link;
    },
  },
  "another service": {
    reason: DisconnectReason.SERVICE_NOT_AVAILABLE,
    commit: () => {
      const link = new Loopback();
      link.exchange();
      link.client.send(messages.serviceRequest.encode({ service: "ssh-connection" }));
      return link;
    },
  },
  "a channel before the login": {
    reason: DisconnectReason.PROTOCOL_ERROR,
    commit: () => {
      const link = new Loopback().handshake();
      link.client.send(open);
      return link;
    },
  },
  "new keys before the login": {
    reason: DisconnectReason.PROTOCOL_ERROR,
    commit: () => {
      const link = new Loopback().handshake();
      link.client.sendKexInit();
      return link;
    },
  },
  "too many failed logins": {
    reason: DisconnectReason.NO_MORE_AUTH_METHODS_AVAILABLE,
    commit: () => {
      const link = new Loopback().handshake();
      for (let i = 0; i < 6; i++) link.client.send(passwordRequest("alice", "wrong"));
      return link;
    },
  },
  "data for a channel that is not there": {
    reason: DisconnectReason.PROTOCOL_ERROR,
    commit: () => {
      const link = new Loopback().login();
      link.client.send(messages.channelData.encode({ recipient: 7, data }));
      return link;
    },
  },
};

describe("a violation", () => {
  for (const [what, { reason, commit }] of Object.entries(violations)) {
    test(`by ${what} is answered with reason ${reason} and a fixed text, once`, () => {
      const link = commit().exchange();
      const { reason: told, description } = link.client.expect(messages.disconnect);
      assert.deepEqual([told, description], [reason, "protocol error"]);
      assert.equal(link.end?.by === "violation" && link.end.error instanceof ProtocolError, true);
      assert.equal(link.client.numbers.filter((number) => number === Msg.DISCONNECT).length, 1);
    });

    test(`by ${what} ends everything: nothing that comes behind it is looked at`, () => {
      const link = commit();
      link.client.send(messages.serviceRequest.encode({ service: "ssh-userauth" }));
      link.client.send(passwordRequest("bob", "right"));
      link.exchange();
      const said = link.client.numbers.length;
      link.client.send(goodbye);
      link.exchange();
      assert.deepEqual(link.client.numbers.slice(said), []);
      assert.ok(!link.app.logins.some((login) => login.startsWith("bob")));
      assert.equal(link.app.ends.length, 1);
    });
  }

  test("is answered alike by a wrong MAC and by wrong padding", () => {
    const answers = ["a packet that was changed", "bad padding"].map((what) => {
      const link = violations[what]!.commit().exchange();
      return [link.client.expect(messages.disconnect), (link.end as { error?: Error }).error?.message];
    });
    assert.deepEqual(answers[0], answers[1]);
  });
});

describe("a client's DISCONNECT", () => {
  test("ends the connection without an answer, with its reason", () => {
    const link = new Loopback().login();
    const said = link.client.numbers.length;
    link.client.send(goodbye);
    link.exchange();
    assert.deepEqual(link.end, { by: "client", reason: 11 });
    assert.equal(link.client.numbers.length, said);
  });

  test("is the last that is looked at, in one piece with more too", () => {
    const link = new Loopback().handshake();
    link.client.send(goodbye);
    link.client.send(passwordRequest("alice", "right"));
    link.client.send(open);
    link.exchange();
    assert.deepEqual([link.app.attempts, link.app.sessions, link.app.ends.length], [[], [], 1]);
  });

  test("closes every channel once", () => {
    const link = new Loopback().login();
    link.openSession(1);
    link.openSession(2);
    link.client.send(goodbye);
    link.exchange();
    assert.deepEqual(
      link.app.sessions.map(({ closes }) => closes),
      [1, 1],
    );
  });
});

describe("the door", () => {
  test("ends a connection with a reason and a text", () => {
    const link = new Loopback().login();
    link.server.disconnect(DisconnectReason.TOO_MANY_CONNECTIONS, "come back later");
    link.exchange();
    assert.deepEqual(link.client.expect(messages.disconnect), {
      reason: 12,
      description: "come back later",
      language: "",
    });
    assert.deepEqual(link.app.ends, [{ by: "server" }]);
    link.server.disconnect(DisconnectReason.BY_APPLICATION, "again");
    link.server.lost();
    assert.equal(link.app.ends.length, 1);
    assert.equal(link.toClient().length, 0);
  });

  test("may end it from inside a callback: what came in the same piece is not looked at", () => {
    const link = new Loopback().login();
    const channel = link.openSession();
    link.app.sessions[0]!.data = () => link.server.disconnect(DisconnectReason.BY_APPLICATION, "enough");
    link.client.send(messages.channelData.encode({ recipient: channel, data: Buffer.from("x") }));
    link.client.send(open);
    link.client.send(messages.ping.encode({ data }));
    link.exchange();
    assert.deepEqual(link.app.ends, [{ by: "server" }]);
    assert.deepEqual(
      link.app.sessions.map(({ closes }) => closes),
      [1],
    );
    assert.equal(link.client.numbers.at(-1), Msg.DISCONNECT);
  });

  test("says that the socket is gone, and nothing is sent any more", () => {
    const link = new Loopback().login();
    link.openSession();
    const { channel } = link.app.sessions[0]!;
    link.server.lost();
    assert.deepEqual(link.app.ends, [{ by: "server" }]);
    assert.equal(link.app.sessions[0]!.closes, 1);
    assert.equal(channel.write(Buffer.from("x")), false);
    link.server.banner("too late");
    assert.equal(link.toClient().length, 0);
    assert.equal(link.server.reading, false);
  });
});

describe("a fault of the application", () => {
  const drive: Readonly<Partial<Record<keyof ProtocolSink, (link: Loopback) => void>>> = {
    identified: (link) => link.exchange(),
    keysChanged: (link) => link.exchange(),
    authenticate: (link) => login(link),
    authenticated: (link) => login(link),
    sessionOpened: (link) => {
      login(link);
      link.client.send(open);
      link.exchange();
    },
    channelOpen: (link) => {
      login(link);
      link.client.send(messages.channelOpen.encode({ type: "direct-tcpip", sender: 0, window: 1, maxPacket: 1, data }));
      link.exchange();
    },
    globalRequest: (link) => {
      login(link);
      link.client.send(messages.globalRequest.encode({ type: "x", wantReply: true, data }));
      link.exchange();
    },
  };

  function login(link: Loopback): void {
    link.handshake();
    link.client.send(passwordRequest("alice", "right"));
    link.exchange();
  }

  for (const [where, run] of Object.entries(drive)) {
    test(`in ${where} ends the connection, not the process, and tells the client nothing of it`, () => {
      const link = new Loopback();
      link.app.throwIn = where as keyof ProtocolSink;
      if (where === "identified") Object.assign(link.app, { identified: () => assert.fail("planted in identified") });
      run(link);
      assert.equal(link.end?.by, "fault");
      assert.match(String(link.end.by === "fault" && link.end.error), new RegExp(`planted in ${where}`));
      const { reason, description } = link.client.expect(messages.disconnect);
      assert.deepEqual([reason, description], [DisconnectReason.BY_APPLICATION, "internal error"]);
      assert.equal(link.app.ends.length, 1);
    });
  }

  test("in closed() is told at the end, which comes all the same", () => {
    const link = new Loopback().login();
    link.openSession();
    link.app.sessions[0]!.closed = () => assert.fail("planted in closed");
    link.client.send(goodbye);
    link.exchange();
    assert.equal(link.end?.by, "fault");
    assert.equal(link.app.ends.length, 1);
  });

  test("in data() closes the other channels of the connection", () => {
    const link = new Loopback().login();
    const channel = link.openSession(1);
    link.openSession(2);
    link.app.sessions[0]!.data = () => assert.fail("planted in data");
    link.client.send(messages.channelData.encode({ recipient: channel, data: Buffer.from("x") }));
    link.exchange();
    assert.equal(link.end?.by, "fault");
    assert.deepEqual(
      link.app.sessions.map(({ closes }) => closes),
      [1, 1],
    );
  });
});
