import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { MAX_IDENTIFICATION, parseIdentification } from "../../../src/transport/identification.ts";
import { DisconnectReason, ProtocolError } from "../../../src/wire/index.ts";

const parse = (text: string): { line: string; consumed: number } | undefined => {
  const found = parseIdentification(Buffer.from(text, "latin1"));
  return found && { line: Buffer.from(found.line).toString("latin1"), consumed: found.consumed };
};

describe("the client's identification", () => {
  test("is the line without CR LF", () => {
    assert.deepEqual(parse("SSH-2.0-OpenSSH_10.0 Debian\r\nrest"), {
      line: "SSH-2.0-OpenSSH_10.0 Debian",
      consumed: 29,
    });
  });

  test("may end with LF alone", () => {
    assert.deepEqual(parse("SSH-2.0-x\n\n"), { line: "SSH-2.0-x", consumed: 10 });
  });

  test("is awaited for as long as it can become one", () => {
    for (const start of ["", "S", "SSH-2.0", "SSH-2.0-", "SSH-2.0-x", "SSH-2.0-x\r"])
      assert.equal(parse(start), undefined);
  });

  test("has at most 255 bytes with CR LF", () => {
    const line = "SSH-2.0-".padEnd(253, "x");
    assert.equal(parse(`${line}\r\n`)?.consumed, MAX_IDENTIFICATION);
    assert.throws(() => parse(`${line}x\r\n`), /more than 255 bytes/);
    assert.equal(parse(`${line}x`), undefined, "254 bytes may still get their LF");
    assert.throws(() => parse(`${line}xx`), /more than 255 bytes/);
  });

  test("is refused at the first wrong byte, without waiting for the line", () => {
    for (const bad of [
      "X",
      "GET ",
      "SSH-1",
      "SSH-1.5-x\n",
      "SSH-1.99-x\n",
      "SSH-2.1-x\n",
      "ssh-2.0-x",
      "\n",
      "\r\n",
      "\0",
    ]) {
      assert.throws(() => parse(bad), { reason: DisconnectReason.PROTOCOL_VERSION_NOT_SUPPORTED }, JSON.stringify(bad));
    }
  });

  test("is the first line: only a server may write something before it", () => {
    assert.throws(() => parse("hello\r\nSSH-2.0-x\r\n"), ProtocolError);
  });

  test("names a software", () => {
    assert.throws(() => parse("SSH-2.0-\r\n"), /names no software/);
    assert.throws(() => parse("SSH-2.0-\n"), /names no software/);
    assert.throws(() => parse("SSH-2.0\r\n"), ProtocolError);
  });

  test("has no control characters", () => {
    for (const bad of ["\0", "\x07", "\x1b[2J", "\r", "\t", "\x7f"]) {
      assert.throws(() => parse(`SSH-2.0-x${bad}y\r\n`), /control character/, JSON.stringify(bad));
    }
  });

  test("is a copy: the socket's buffer may be used again", () => {
    const bytes = Buffer.from("SSH-2.0-x\r\n");
    const { line } = parseIdentification(bytes)!;
    bytes.fill(0);
    assert.equal(Buffer.from(line).toString(), "SSH-2.0-x");
  });

  test("is found, awaited or refused, whatever comes", () => {
    const start = fc.constantFrom("", "SSH-2.0-", "SSH-2.0-x\r", "SSH-");
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 300 }), (text, bytes) => {
        const input = Buffer.concat([Buffer.from(text), bytes]);
        try {
          const found = parseIdentification(input);
          if (found === undefined) assert.ok(input.length < MAX_IDENTIFICATION && !input.includes(10));
          else assert.ok(found.consumed <= MAX_IDENTIFICATION && input[found.consumed - 1] === 10);
        } catch (error) {
          assert.ok(error instanceof ProtocolError);
        }
      }),
    );
  });
});
