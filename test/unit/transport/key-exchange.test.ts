import assert from "node:assert/strict";
import { test } from "node:test";
import { cipherAlgorithms, generatePrivateKey, macAlgorithms, parsePrivateKey } from "../../../src/crypto/index.ts";
import { respond } from "../../../src/transport/key-exchange.ts";

test("the secret of an exchange is zeroed as soon as the keys are made of it", () => {
  const hostKey = parsePrivateKey(generatePrivateKey("ed25519"));
  const secret = new Uint8Array(36).fill(7);
  const protection = { cipher: cipherAlgorithms.get("aes128-ctr")!, mac: macAlgorithms.get("hmac-sha2-256") };
  const ids = { client: Buffer.from("SSH-2.0-a"), server: Buffer.from("SSH-2.0-b") };
  const result = respond(
    {
      kex: { name: "fake", hash: "sha256", respond: () => ({ serverPublic: new Uint8Array(32), secret }) },
      hostKeyAlgorithm: "ssh-ed25519",
      hostKey,
      in: protection,
      out: protection,
      guessRight: true,
    },
    ids,
    new Uint8Array(20),
    new Uint8Array(20),
    new Uint8Array(32),
  );
  result.keys(result.exchangeHash);
  assert.deepEqual(secret, new Uint8Array(36));
});
