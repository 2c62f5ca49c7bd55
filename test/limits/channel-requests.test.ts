import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { messages, ProtocolError } from "../../src/wire/index.ts";
import { Peer } from "../unit/connection/peer.ts";

const env = (name: string, value: string): Uint8Array => messages.envRequest.encode({ name, value });
const pty = (term: string, modes: Uint8Array): Uint8Array =>
  messages.ptyRequest.encode({ term, width: 80, height: 24, pixelWidth: 0, pixelHeight: 0, modes });

/** Sends one request to a new session, and gives the answer. */
function answer(type: string, data: Uint8Array): string {
  const peer = new Peer();
  peer.session(7);
  peer.request(0, type, data);
  const [reply] = peer.take();
  assert.equal(peer.app.heard.length, reply === "SUCCESS 7" ? 1 : 0);
  return reply!;
}

function atAndOver(what: string, type: string, at: Uint8Array, over: Uint8Array): void {
  test(`${what} is at its limit granted, one over it refused`, () => {
    assert.equal(answer(type, at), "SUCCESS 7");
    assert.equal(answer(type, over), "FAILURE 7");
  });
}

describe("channel requests", () => {
  const exec = (length: number): Uint8Array => messages.execRequest.encode({ command: Buffer.alloc(length, "A") });
  atAndOver("a command of 32 KiB", "exec", exec(32768), exec(32769));
  const subsystem = (length: number): Uint8Array => messages.subsystemRequest.encode({ name: "s".repeat(length) });
  atAndOver("a subsystem's name of 64 bytes", "subsystem", subsystem(64), subsystem(65));
  const end = Buffer.from([0]);
  atAndOver("a TERM of 64 bytes", "pty-req", pty("t".repeat(64), end), pty("t".repeat(65), end));
  atAndOver("a list of modes of 1 KiB", "pty-req", pty("t", Buffer.alloc(1024, 53)), pty("t", Buffer.alloc(1025, 53)));
  atAndOver("a variable's name of 64 bytes", "env", env("A".repeat(64), ""), env("A".repeat(65), ""));
  atAndOver("a variable's value of 4 KiB", "env", env("A", "v".repeat(4096)), env("A", "v".repeat(4097)));
  atAndOver(
    "a variable's value of 4 KiB in UTF-8",
    "env",
    env("A", "é".repeat(2048)),
    env("A", "é".repeat(2048) + "v"),
  );

  test("64 variables are granted on a channel, the next is refused without asking the application", () => {
    const peer = new Peer();
    peer.session(7);
    for (let i = 0; i < 64; i++) peer.request(0, "env", env(`A${i}`, "v"));
    assert.deepEqual(peer.take(), Array(64).fill("SUCCESS 7"));
    peer.request(0, "env", env("A", "v"));
    assert.deepEqual(peer.take(), ["FAILURE 7"]);
    assert.equal(peer.app.heard.length, 64);
  });

  test("a flood of refused variables costs nothing and uses up nothing", () => {
    const peer = new Peer();
    peer.session(7);
    peer.app.onRequest = () => false;
    for (let i = 0; i < 3000; i++) peer.request(0, "env", env(`A${i}`, "v"), false);
    peer.app.onRequest = () => true;
    peer.request(0, "env", env("A", "v"));
    assert.deepEqual(peer.take(), ["SUCCESS 7"]);
  });
});

describe("global requests", () => {
  test("128 may wait for their replies, one more ends the connection", () => {
    const peer = new Peer();
    for (let i = 0; i < 128; i++) peer.global("slow");
    assert.throws(() => peer.global("slow"), ProtocolError);
    assert.throws(() => peer.global("keepalive@openssh.com"), ProtocolError);
    peer.global("quiet", false);
    for (const request of peer.app.globals) request.reply(true);
    assert.equal(peer.take().length, 128);
    peer.global("slow");
    peer.app.globals.at(-1)!.reply(false);
    assert.deepEqual(peer.take(), ["REQUEST_FAILURE"]);
  });

  test("any number may follow each other when they are answered at once", () => {
    const peer = new Peer();
    for (let i = 0; i < 1000; i++) {
      peer.global(`bogus${i}`);
      peer.app.globals.at(-1)!.reply(false);
    }
    assert.deepEqual(peer.take(), Array(1000).fill("REQUEST_FAILURE"));
  });
});
