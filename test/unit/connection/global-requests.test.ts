import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { messages } from "../../../src/wire/index.ts";
import { bytes, Peer, text } from "./peer.ts";

const success = (data: string): Uint8Array => messages.requestSuccess.encode({ data: bytes(data) });
const failure = (): Uint8Array => messages.requestFailure.encode({});

describe("the client's global requests", () => {
  test("are answered in their order, also when the answers come out of order", () => {
    const peer = new Peer();
    for (const type of ["a", "b", "c", "d"]) peer.global(type, true, bytes(`data of ${type}`));
    const [a, b, c, d] = peer.app.globals;
    assert.equal(text(b!.data), "data of b");
    c!.reply(true, bytes("C"));
    b!.reply(false);
    assert.deepEqual(peer.take(), []);
    a!.reply(true);
    assert.deepEqual(peer.take(), ["REQUEST_SUCCESS", "REQUEST_FAILURE", "REQUEST_SUCCESS C"]);
    d!.reply(true, bytes("D"));
    assert.deepEqual(peer.take(), ["REQUEST_SUCCESS D"]);
  });

  test("are answered once", () => {
    const peer = new Peer();
    peer.global("a");
    peer.global("b");
    const [a, b] = peer.app.globals;
    b!.reply(false);
    b!.reply(true);
    a!.reply(true);
    a!.reply(false);
    assert.deepEqual(peer.take(), ["REQUEST_SUCCESS", "REQUEST_FAILURE"]);
  });

  test("that want no reply get none, and hold back nobody", () => {
    const peer = new Peer();
    peer.global("quiet", false);
    peer.global("asking");
    peer.app.globals[1]!.reply(true);
    peer.app.globals[0]!.reply(true);
    assert.deepEqual(peer.take(), ["REQUEST_SUCCESS"]);
  });

  test("keepalive and names that break the rules fail without asking the application, in their place", () => {
    const peer = new Peer();
    peer.global("slow");
    for (const type of ["keepalive@openssh.com", "", "a b", "\u001b[31m", "x".repeat(65), "x".repeat(5000)]) {
      peer.global(type);
      peer.global(type, false);
    }
    assert.equal(peer.app.globals.length, 1);
    assert.deepEqual(peer.take(), []);
    peer.app.globals[0]!.reply(true);
    assert.deepEqual(peer.take(), ["REQUEST_SUCCESS", ...Array(6).fill("REQUEST_FAILURE")]);
  });

  test("with the names of a prototype are ordinary requests", () => {
    const peer = new Peer();
    for (const type of ["constructor", "__proto__", "toString"]) peer.global(type);
    assert.deepEqual(
      peer.app.globals.map((request) => request.type),
      ["constructor", "__proto__", "toString"],
    );
  });
});

describe("our global requests", () => {
  test("are matched with their replies in order, and only those that want one", () => {
    const peer = new Peer();
    const heard: string[] = [];
    const listen = (name: string) => (ok: boolean, data: Uint8Array) => heard.push(`${name} ${ok} ${text(data)}`);
    peer.connection.globalRequest("hostkeys-00@openssh.com", bytes("keys"));
    peer.connection.globalRequest("keepalive@openssh.com", bytes(""), listen("first"));
    peer.connection.globalRequest("keepalive@openssh.com", bytes(""), listen("second"));
    assert.deepEqual(peer.take(), [
      "GLOBAL_REQUEST hostkeys-00@openssh.com quiet",
      "GLOBAL_REQUEST keepalive@openssh.com reply",
      "GLOBAL_REQUEST keepalive@openssh.com reply",
    ]);
    peer.send(failure());
    peer.send(success("yes"));
    assert.deepEqual(heard, ["first false ", "second true yes"]);
  });

  test("get no reply from strays", () => {
    const peer = new Peer();
    const heard: boolean[] = [];
    for (let i = 0; i < 3000; i++) {
      peer.send(success(""));
      peer.send(failure());
    }
    peer.connection.globalRequest("a", bytes(""), (ok) => heard.push(ok));
    peer.send(success(""));
    peer.send(success(""));
    assert.deepEqual(heard, [true]);
  });
});
