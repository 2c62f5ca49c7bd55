import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkExtInfo, makeExtInfo } from "../../../src/transport/ext-info.ts";
import { messages, ProtocolError, Reader, Writer } from "../../../src/wire/index.ts";

function extInfo(pairs: readonly (readonly [string, string])[], count = pairs.length): Uint8Array {
  const extensions = new Writer();
  for (const [name, value] of pairs) extensions.utf8(name).utf8(value);
  return messages.extInfo.encode({ count, extensions: extensions.finish() });
}

const many = (count: number): [string, string][] => Array.from({ length: count }, () => ["x", "\0\xff"]);

describe("EXT_INFO", () => {
  test("says what publickey accepts, and the extensions that we serve", () => {
    const { count, extensions } = messages.extInfo.decode(makeExtInfo(["ssh-ed25519", "rsa-sha2-512"]));
    const from = new Reader(extensions);
    const pairs = Array.from({ length: count }, () => [from.name(), from.text()]);
    from.end();
    assert.deepEqual(pairs, [
      ["server-sig-algs", "ssh-ed25519,rsa-sha2-512"],
      ["ping@openssh.com", "0"],
      ["publickey-hostbound@openssh.com", "0"],
    ]);
  });

  test("of a client may have up to 64 extensions of any value", () => {
    checkExtInfo(extInfo([]));
    checkExtInfo(extInfo([["ext-info-in-auth@openssh.com", "0"]]));
    checkExtInfo(extInfo(many(64)));
    assert.throws(() => checkExtInfo(extInfo(many(65))), /limit is 64/);
  });

  test("of a client has as many extensions as it says", () => {
    for (const count of [0, 2, 64, 65, 2 ** 31, 2 ** 32 - 1]) {
      assert.throws(() => checkExtInfo(extInfo([["x", "y"]], count)), ProtocolError, `count ${count}`);
    }
  });

  test("of a client names its extensions in ASCII", () => {
    assert.throws(() => checkExtInfo(extInfo([["\x1b[2J", ""]])), ProtocolError);
  });
});
