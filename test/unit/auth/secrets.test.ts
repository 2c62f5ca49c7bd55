/** No secret is in a log, an error, or what `inspect` shows of anything that an app has at hand. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import test from "node:test";
import { inspect } from "node:util";
import {
  authorizedKeys,
  certificates,
  hashPassword,
  newTotp,
  passwords,
  totp,
  verifyPassword,
} from "../../../src/auth/index.ts";
import { generatePrivateKey, parsePrivateKey } from "../../../src/crypto/index.ts";
import type { GeneratedKeyType } from "../../../src/crypto/index.ts";
import { ConfigError, formatEntry, logTo, Server } from "../../../src/index.ts";
import type { LogEntry } from "../../../src/index.ts";
import { serve } from "../server/fake-door.ts";

const PASSWORD = "hunter2-S3CRET";
const ENVIRONMENT = "S3CRET-of-a-line";
const key = parsePrivateKey(generatePrivateKey("ed25519"));

const show = (value: unknown): string =>
  inspect(value, { depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity });

/** Everything that the entries of a log hold, in each form that they can take. */
function told(log: readonly LogEntry[]): string {
  const lines = log.flatMap((entry) => [show(entry), formatEntry(entry)]);
  const method = (fields: object, text: string): void => void lines.push(`${text} ${show(fields)}`);
  const logger = logTo({ debug: method, info: method, warn: method, error: method });
  for (const entry of log) logger(entry);
  return lines.join("\n");
}

test("authenticators, the server that has them, and its log show no password, hash, code or secret of codes", async (t) => {
  const hash = await hashPassword(PASSWORD, { scheme: "scrypt" });
  const { secret } = await newTotp({ issuer: "here", username: "alice" });
  const secrets = [PASSWORD, ENVIRONMENT, hash, hash.split("$").at(-1)!, secret, "135790"];
  const auth = [
    passwords((username) => (username === "broken" ? `${hash}!` : hash), {
      rehash: () => {
        throw new Error("no room");
      },
    }),
    totp({ secret: (username) => (username === "broken" ? `${secret}!` : secret) }),
    authorizedKeys({ text: `environment="TOKEN=${ENVIRONMENT}" ${String(key.publicKey)}\n${ENVIRONMENT} broken\n` }),
    certificates({ trusted: { text: String(key.publicKey) } }),
  ];
  const { door, log, server } = await serve(t, () => undefined, { allowAnyone: false, auth });
  for (const username of ["alice", "broken"]) {
    const fake = await door.arrive();
    assert.ok(fake !== undefined);
    await fake.judge({ method: "keyboard-interactive", username, round: 0, responses: [] });
    await fake.judge({ method: "keyboard-interactive", username, round: 1, responses: ["135790"] });
    await fake.judge({ method: "password", username, password: `not ${PASSWORD}` });
    await fake.judge({ method: "password", username, password: PASSWORD, newPassword: PASSWORD });
    await fake.judge({ method: "password", username, password: PASSWORD });
    const { publicKey } = key;
    const offer = { method: "publickey", username, key: publicKey, algorithm: "ssh-ed25519", proved: true } as const;
    assert.deepEqual(await fake.judge(offer), { type: "accept" });
    fake.admit(username, "publickey");
    fake.open();
    const text = [show(auth), show(server), show(fake.connection), show([...server.clients]), told(log)].join("\n");
    assert.match(text, /alice/);
    for (const one of secrets) assert.ok(!text.includes(one), one);
    fake.leave("closed");
  }
  assert.ok(log.some(({ event }) => event === "password hash not usable"));
  assert.ok(log.some(({ event }) => event === "one-time code not checked"));
  assert.ok(log.some(({ event }) => event === "authorized key not used"));
});

test("host keys, the options that they came in, and a server that runs show nothing of the private halves", async (t) => {
  const passphrase = "open S3CRET";
  const text = generatePrivateKey("ecdsa", { bits: 256 });
  const lock = { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase } as const;
  const locked = generateKeyPairSync("ed25519").privateKey.export(lock);
  const log: LogEntry[] = [];
  const server = new Server({
    port: 0,
    allowAnyone: true,
    hostKeys: [text, { key: String(locked), passphrase }],
    log: (entry) => void log.push(entry),
  });
  t.after(() => server.close());
  await server.run();
  const shown = [show(server), show(server.options), JSON.stringify(server), show(server.hostKeys), told(log)].join(
    "\n",
  );
  assert.match(shown, /SHA256:/);
  assert.doesNotMatch(shown, /S3CRET|PRIVATE/);
  // Lines from the middle of the files.
  for (const file of [text, String(locked)]) assert.ok(!shown.includes(file.split("\n")[2]!));
});

const TYPES: readonly (readonly [GeneratedKeyType, number])[] = [
  ["ed25519", 256],
  ["ecdsa", 384],
  ["rsa", 2048],
];
for (const [type, bits] of TYPES) {
  test(`a private key of type ${type} shows no more than its public half`, () => {
    const file = generatePrivateKey(type, { bits });
    const shown = show(parsePrivateKey(file));
    assert.ok(!shown.includes(file.split("\n")[3]!));
    assert.doesNotMatch(shown, /PRIVATE|privateExponent|"d"/);
  });
}

test("errors about secrets do not quote them", async () => {
  const errors: unknown[] = [];
  const gather = async (work: () => unknown): Promise<void> => {
    await assert.rejects(
      async () => work(),
      (error) => errors.push(error) > 0,
    );
  };
  await gather(() => verifyPassword(PASSWORD, "$argon2id$S3CRET"));
  await gather(() => verifyPassword(PASSWORD, `$argon2id$v=19$m=1,t=1,p=1$S3CRET$S3CRET`));
  await gather(() => parsePrivateKey("S3CRET"));
  await gather(() => parsePrivateKey("-----BEGIN PRIVATE KEY-----\nS3CRET\n-----END PRIVATE KEY-----"));
  await gather(() =>
    parsePrivateKey("-----BEGIN OPENSSH PRIVATE KEY-----\nS3CRETaa\n-----END OPENSSH PRIVATE KEY-----"),
  );
  await gather(() => new Server({ hostKeys: { key: "S3CRET", passphrase: 5 } as never, allowAnyone: true }));
  await gather(() => new Server({ port: 0, hostKeys: { key: "S3CRET" }, allowAnyone: true, log: false }).run());
  await gather(() => new Server({ hostKeys: { S3CRET: "S3CRET" } as never, allowAnyone: true }));
  await gather(() => certificates({ trusted: { text: "S3CRET" } }).prepare!(() => undefined));
  assert.equal(errors.length, 9);
  for (const error of errors) assert.doesNotMatch(show(error).replaceAll(/^ +at .*$/gm, ""), /S3CRET|hunter2/);
  assert.ok(errors.some((error) => error instanceof ConfigError));
});
