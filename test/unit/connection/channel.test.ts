import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { messages, ProtocolError } from "../../../src/wire/index.ts";
import { Peer } from "./peer.ts";

const hex = (payload: Uint8Array): string => Buffer.from(payload).toString("hex");
const hexOf = (spaced: string): string => spaced.replaceAll(" ", "");

describe("data", () => {
  test("goes out in one message with the client's id, byte for byte", () => {
    const peer = new Peer();
    const channel = peer.session(0x01020304);
    assert.equal(channel.write(Buffer.from("hi")), true);
    assert.equal(hex(peer.link.sent[0]!), hexOf("5e 01020304 00000002 6869"));
    assert.equal(channel.write(Buffer.from("no"), 1), true);
    assert.equal(hex(peer.link.sent[1]!), hexOf("5f 01020304 00000001 00000002 6e6f"));
  });

  test("comes in as a view of the payload, not a copy", () => {
    const peer = new Peer();
    peer.session(7);
    const payload = messages.channelData.encode({ recipient: 0, data: Buffer.from("hello") });
    let got: Uint8Array | undefined;
    peer.app.onData = (data) => (got = data);
    peer.send(payload);
    assert.equal(got!.buffer, payload.buffer);
    assert.deepEqual(peer.app.heard, ["0 data hello"]);
  });

  test("that is empty is neither delivered nor sent", () => {
    const peer = new Peer();
    const channel = peer.session(7);
    peer.data(0, "");
    channel.write(new Uint8Array(0));
    assert.deepEqual(peer.app.heard, []);
    assert.deepEqual(peer.take(), []);
  });

  test("whose length does not fit its message ends the connection", () => {
    const peer = new Peer();
    peer.session(7);
    const whole = Buffer.from(messages.channelData.encode({ recipient: 0, data: Buffer.from("abc") }));
    for (let cut = 1; cut < whole.length; cut++) assert.throws(() => peer.send(whole.subarray(0, cut)), ProtocolError);
    assert.throws(() => peer.send(Buffer.concat([whole, Buffer.from("d")])), ProtocolError);
    assert.deepEqual(peer.app.heard, []);
  });

  test("of the extended kinds is ignored, and its window is given back", () => {
    const peer = new Peer({ window: 100 });
    peer.session(7);
    for (const type of [1, 0, 2, 255, 0xffffffff]) peer.extendedData(0, type, "y".repeat(20));
    assert.deepEqual(peer.app.heard, []);
    assert.deepEqual(peer.take(), ["WINDOW_ADJUST 7 60"]);
  });

  test("after EOF is dropped without an answer", () => {
    const peer = new Peer();
    peer.session(7);
    peer.eof(0);
    peer.data(0, "late");
    peer.extendedData(0, 1, "late");
    peer.eof(0);
    assert.deepEqual(peer.app.heard, ["0 eof"]);
    assert.deepEqual(peer.take(), []);
  });
});

describe("the window that the client gets", () => {
  test("is given back in halves, and only for what was consumed", () => {
    const peer = new Peer({ window: 10 });
    const channel = peer.session(7);
    peer.data(0, "0123456789");
    assert.deepEqual(peer.take(), []);
    channel.consumed(4);
    assert.deepEqual(peer.take(), []);
    channel.consumed(1);
    assert.deepEqual(peer.take(), ["WINDOW_ADJUST 7 5"]);
    peer.data(0, "abcde");
    assert.deepEqual(peer.app.heard, ["0 data 0123456789", "0 data abcde"]);
  });

  test("is not given back after EOF, nor after our CLOSE", () => {
    const peer = new Peer({ window: 10 });
    const [first, second] = [peer.session(7), peer.session(8)];
    peer.data(0, "0123456789");
    peer.data(1, "0123456789");
    peer.eof(0);
    second.close();
    peer.take();
    first.consumed(10);
    second.consumed(10);
    assert.deepEqual(peer.take(), []);
  });

  test("cannot be given back twice", () => {
    const peer = new Peer({ window: 10 });
    const channel = peer.session(7);
    peer.data(0, "01234");
    assert.throws(() => channel.consumed(6), RangeError);
    assert.throws(() => channel.consumed(-1), RangeError);
    assert.throws(() => channel.consumed(Number.NaN), RangeError);
  });
});

describe("EOF and CLOSE", () => {
  test("EOF is one-way: the program's output goes on", () => {
    const peer = new Peer();
    const channel = peer.session(7);
    peer.eof(0);
    channel.write(Buffer.from("still here"));
    channel.end();
    channel.end();
    assert.equal(channel.writable, false);
    assert.equal(channel.write(Buffer.from("never")), false);
    assert.deepEqual(peer.take(), ["DATA 7 still here", "EOF 7"]);
    peer.data(0, "dropped");
    assert.deepEqual(peer.app.heard, ["0 eof"]);
  });

  test("the client still sends after our EOF", () => {
    const peer = new Peer();
    peer.session(7).end();
    peer.data(0, "more");
    assert.deepEqual(peer.app.heard, ["0 data more"]);
  });

  test("the end is the exit status, EOF and CLOSE, behind the data", () => {
    const peer = new Peer();
    const channel = peer.session(7, { window: 2 });
    channel.write(Buffer.from("abcd"));
    channel.exitStatus(3);
    channel.close();
    assert.deepEqual(peer.take(), ["DATA 7 ab"]);
    peer.adjust(0, 9);
    assert.deepEqual(peer.take(), ["DATA 7 cd", "REQUEST 7 exit-status quiet 3", "EOF 7", "CLOSE 7"]);
    assert.deepEqual(peer.app.heard, ["0 drained"]);
    peer.close(0);
    assert.deepEqual(peer.take(), []);
    assert.deepEqual(peer.app.heard, ["0 drained", "0 closed"]);
  });

  test("the exit status is told once, whichever way", () => {
    const peer = new Peer();
    const channel = peer.session(7);
    channel.exitSignal("TERM", false, "bye");
    assert.equal(
      hex(peer.link.sent[0]!),
      hex(
        messages.channelRequest.encode({
          recipient: 7,
          type: "exit-signal",
          wantReply: false,
          data: messages.exitSignalRequest.encode({ signal: "TERM", coreDumped: false, message: "bye", language: "" }),
        }),
      ),
    );
    channel.exitStatus(0);
    channel.exitSignal("HUP", false, "");
    channel.close();
    assert.deepEqual(peer.take(), ["REQUEST 7 exit-signal quiet", "EOF 7", "CLOSE 7"]);
    channel.exitStatus(0);
    assert.deepEqual(peer.take(), []);
  });

  test("abort drops what is pending, but not the exit status", () => {
    const peer = new Peer();
    const channel = peer.session(7, { window: 0 });
    channel.write(Buffer.from("never"));
    channel.exitStatus(1);
    channel.close();
    channel.abort();
    channel.abort();
    assert.equal(channel.buffered, 0);
    assert.deepEqual(peer.take(), ["REQUEST 7 exit-status quiet 1", "CLOSE 7"]);
  });

  test("a CLOSE of the client is answered once, drops what is pending, and frees the id", () => {
    const peer = new Peer();
    const channel = peer.session(7, { window: 0 });
    channel.write(Buffer.from("never"));
    peer.close(0);
    assert.deepEqual(peer.take(), ["CLOSE 7"]);
    assert.deepEqual(peer.app.heard, ["0 closed"]);
    assert.equal(peer.connection.channels, 0);
  });

  test("after the end of a channel its methods do nothing", () => {
    const peer = new Peer();
    const channel = peer.session(7);
    peer.close(0);
    peer.take();
    const replies: boolean[] = [];
    assert.equal(channel.write(Buffer.from("x")), false);
    assert.equal(channel.writable, false);
    channel.consumed(5);
    channel.end();
    channel.exitStatus(0);
    channel.close();
    channel.abort();
    channel.request("keepalive@openssh.com", new Uint8Array(0), (success) => replies.push(success));
    assert.deepEqual(replies, [false]);
    assert.deepEqual(peer.take(), []);
    assert.deepEqual(peer.app.heard, ["0 closed"]);
  });

  test("what crosses our CLOSE on its way is void: no answer, no event", () => {
    const peer = new Peer();
    peer.session(7).close();
    peer.take();
    peer.data(0, "late");
    peer.eof(0);
    peer.exec(0, "rm -rf /");
    peer.adjust(0, 5);
    assert.deepEqual(peer.take(), []);
    assert.deepEqual(peer.app.heard, []);
    peer.close(0);
    assert.deepEqual(peer.take(), []);
    assert.deepEqual(peer.app.heard, ["0 closed"]);
  });

  test("a close from within data() lets nothing else through", () => {
    const peer = new Peer();
    peer.session(7);
    peer.app.onData = (_, channel) => channel.abort();
    peer.data(0, "one");
    peer.data(0, "two");
    assert.deepEqual(peer.app.heard, ["0 data one"]);
    assert.deepEqual(peer.take(), ["CLOSE 7"]);
  });
});

describe("a request of the client", () => {
  test("is answered with what the application said, if a reply is wanted", () => {
    const peer = new Peer();
    peer.session(7);
    peer.app.onRequest = (request) => request.type === "exec";
    peer.request(0, "shell");
    peer.request(0, "shell", new Uint8Array(0), false);
    peer.exec(0, "true");
    assert.deepEqual(peer.take(), ["FAILURE 7", "SUCCESS 7"]);
    assert.deepEqual(peer.app.heard, ["0 shell", "0 shell", "0 exec"]);
  });

  test("that is unknown fails, without asking the application", () => {
    const peer = new Peer();
    peer.session(7);
    const names = [
      "bogus",
      "constructor",
      "__proto__",
      "toString",
      "",
      "EXEC",
      "ex\0ec",
      "x".repeat(65),
      "exit-status",
    ];
    for (const name of [...names, "xon-xoff"]) peer.request(0, name, Buffer.from("x"));
    peer.request(0, "bogus", Buffer.from("x"), false);
    assert.deepEqual(peer.take(), Array(10).fill("FAILURE 7"));
    assert.deepEqual(peer.app.heard, []);
  });

  test("is answered before anything that the application does about it", () => {
    const peer = new Peer();
    peer.session(7);
    peer.app.onRequest = (_, channel) => {
      channel.write(Buffer.from("out"));
      channel.exitStatus(0);
      channel.close();
      return true;
    };
    peer.exec(0, "true");
    assert.deepEqual(peer.take(), ["SUCCESS 7", "DATA 7 out", "REQUEST 7 exit-status quiet 0", "EOF 7", "CLOSE 7"]);
  });

  test("is answered before a CLOSE that has no data before it", () => {
    const peer = new Peer();
    peer.session(7);
    peer.app.onRequest = (_, channel) => {
      channel.abort();
      return false;
    };
    peer.exec(0, "true");
    assert.deepEqual(peer.take(), ["FAILURE 7", "CLOSE 7"]);
  });

  test("is answered with a failure when the application throws", () => {
    const peer = new Peer();
    peer.session(7);
    peer.app.onRequest = () => {
      throw new Error("a bug");
    };
    assert.throws(() => peer.exec(0, "true"), /a bug/);
    assert.deepEqual(peer.take(), ["FAILURE 7"]);
  });

  test("gets no answer when the application ends the connection over it", () => {
    const peer = new Peer();
    peer.session(7);
    peer.app.onRequest = () => {
      peer.connection.ended();
      return true;
    };
    peer.exec(0, "true");
    assert.deepEqual(peer.take(), []);
    assert.deepEqual(peer.app.heard, ["0 exec", "0 closed"]);
  });

  test("is still taken after the client's EOF", () => {
    const peer = new Peer();
    peer.session(7);
    peer.eof(0);
    peer.exec(0, "true");
    assert.deepEqual(peer.take(), ["SUCCESS 7"]);
  });

  test("eow@openssh.com is accepted, and answered only if asked", () => {
    const peer = new Peer();
    peer.session(7);
    peer.request(0, "eow@openssh.com", new Uint8Array(0), false);
    assert.deepEqual(peer.take(), []);
    assert.deepEqual(peer.app.heard, []);
    peer.request(0, "eow@openssh.com");
    assert.deepEqual(peer.take(), ["SUCCESS 7"]);
  });

  test("for a program is refused on a channel that is no session", () => {
    const peer = new Peer();
    peer.open("direct-tcpip", 7);
    peer.app.opens[0]!.accept(peer.app.events({ id: 0 } as never));
    peer.take();
    peer.exec(0, "true");
    assert.deepEqual(peer.take(), ["FAILURE 7"]);
    assert.deepEqual(peer.app.heard, []);
  });
});

describe("a request of ours", () => {
  test("overtakes data that waits, and its replies are matched in order", () => {
    const peer = new Peer();
    const channel = peer.session(7, { window: 0 });
    const replies: string[] = [];
    channel.write(Buffer.from("stuck"));
    channel.request("xon-xoff", Buffer.from([1]));
    channel.request("a", new Uint8Array(0), (success) => replies.push(`a ${success}`));
    channel.request("b", new Uint8Array(0), (success) => replies.push(`b ${success}`));
    channel.request("c", new Uint8Array(0), (success) => replies.push(`c ${success}`));
    assert.deepEqual(peer.take(), [
      "REQUEST 7 xon-xoff quiet",
      "REQUEST 7 a reply",
      "REQUEST 7 b reply",
      "REQUEST 7 c reply",
    ]);
    peer.send(messages.channelSuccess.encode({ recipient: 0 }));
    peer.send(messages.channelFailure.encode({ recipient: 0 }));
    peer.close(0);
    assert.deepEqual(replies, ["a true", "b false", "c false"]);
  });

  test("replies that answer nothing are dropped", () => {
    const peer = new Peer();
    peer.session(7);
    peer.send(messages.channelSuccess.encode({ recipient: 0 }));
    peer.send(messages.channelFailure.encode({ recipient: 0 }));
    assert.deepEqual(peer.take(), []);
  });
});
