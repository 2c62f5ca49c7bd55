import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { generatePrivateKey, parsePrivateKey } from "../../../src/crypto/index.ts";
import { ConfigError } from "../../../src/index.ts";
import type { HostKeySource, LogEntry } from "../../../src/index.ts";
import { loadBcrypt } from "../../../src/ssh/bcrypt.ts";
import { loadHostIdentity } from "../../../src/ssh/host-keys.ts";
import { makeFolder } from "./folder.ts";

const NOW = 1_800_000_000;
const PASSPHRASE = "correct horse";
const text = generatePrivateKey("ed25519");
const key = parsePrivateKey(text).publicKey.toString();

async function keysOf(...hostKeys: readonly HostKeySource[]): Promise<readonly string[]> {
  const { keys } = await loadHostIdentity({ hostKeys, hostCertificates: [] }, () => undefined, NOW);
  return keys.map(({ publicKey }) => publicKey.toString());
}

/** A file with this mode. */
function fileWith(content: string, mode = 0o600): string {
  const path = join(makeFolder(), "key");
  writeFileSync(path, content, { mode });
  chmodSync(path, mode);
  return path;
}

async function lockedKey(): Promise<string> {
  return generatePrivateKey("ed25519", { passphrase: PASSPHRASE, bcrypt: await loadBcrypt(), rounds: 1 });
}

/** That the source is refused with a message that matches, which never holds a secret. */
async function assertRefused(source: HostKeySource, message: RegExp): Promise<void> {
  await assert.rejects(keysOf(source), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.equal(error.code, "BAD_HOST_KEY");
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /BEGIN|correct horse/);
    return true;
  });
}

describe("a host key", () => {
  test("comes from a path, a text, a file, a variable or bytes", async (t) => {
    process.env["SALLYPORT_TEST_KEY"] = text.replaceAll("\n", "\\n");
    t.after(() => delete process.env["SALLYPORT_TEST_KEY"]);
    const file = fileWith(text);
    const sources: readonly HostKeySource[] = [
      file,
      text,
      { file },
      { env: "SALLYPORT_TEST_KEY" },
      { key: text },
      { key: Buffer.from(text) },
    ];
    for (const source of sources) assert.deepEqual(await keysOf(source), [key]);
  });

  test("is not taken for the path of one, and so is in no message and no file's name", async () => {
    const body = text.split("\n").slice(1, -2);
    const pkcs8 = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
    const keys = [Buffer.from(text).toString("base64"), body.join(""), body.join("\n"), body.join("\r\n"), pkcs8];
    const before = readdirSync(".");
    for (const given of keys) {
      for (const source of [given, { file: given }]) {
        await assert.rejects(keysOf(source), (error: ConfigError) => {
          assert.equal(error.code, "BAD_HOST_KEY");
          assert.match(error.message, /looks like the key itself/);
          assert.ok(!error.message.includes(given.slice(0, 20)));
          return true;
        });
      }
    }
    assert.deepEqual(readdirSync("."), before);
  });

  test("opens with a passphrase, from wherever it comes", async (t) => {
    const locked = await lockedKey();
    process.env["SALLYPORT_TEST_KEY"] = locked;
    t.after(() => delete process.env["SALLYPORT_TEST_KEY"]);
    const passphrase = PASSPHRASE;
    const [expected] = await keysOf({ key: locked, passphrase });
    assert.deepEqual(await keysOf({ file: fileWith(locked), passphrase }), [expected]);
    assert.deepEqual(await keysOf({ env: "SALLYPORT_TEST_KEY", passphrase: () => passphrase }), [expected]);
    assert.deepEqual(await keysOf({ key: locked, passphrase: async () => passphrase }), [expected]);
  });

  test("asks for no passphrase that it does not need", async () => {
    const passphrase = (): string => assert.fail("the key is not locked");
    assert.deepEqual(await keysOf({ key: text, passphrase }), [key]);
  });

  test("given twice is one key", async () => {
    const other = generatePrivateKey("ed25519");
    const expected = [key, parsePrivateKey(other).publicKey.toString()];
    assert.deepEqual(await keysOf(text, other, fileWith(text)), expected);
  });
});

describe("a host key that cannot be used", () => {
  test("is told of by its place and a remedy", async () => {
    const locked = await lockedKey();
    const file = fileWith(locked);
    await assertRefused(file, new RegExp(`host key ${file} .*locked.*passphrase`));
    await assertRefused({ file, passphrase: "wrong" }, /passphrase does not open/);
    await assertRefused({ key: locked, passphrase: "wrong" }, /the host key given as key .*passphrase does not open/);
    await assertRefused(fileWith("nothing"), /no private key/);
    await assertRefused(fileWith(key), /a public key stands where a private key was expected.*\.pub/);
    await assertRefused(fileWith(text, 0o640), /mode 0640.*chmod 600/);
    await assertRefused(fileWith("x".repeat(65_537)), /regular file of at most 64 KiB/);
    await assertRefused(makeFolder(), /regular file/);
    await assertRefused({ env: "SALLYPORT_TEST_NOTHING" }, /SALLYPORT_TEST_NOTHING is not set/);
    await assertRefused("/dev/null/key", /cannot be read \(ENOTDIR\)/);
  });

  test("is not waited for when its file is a pipe without a writer", async (t) => {
    const pipe = join(makeFolder(), "pipe");
    if (spawnSync("mkfifo", ["-m", "600", pipe]).status !== 0) return t.skip("no mkfifo here");
    await assertRefused(pipe, /regular file/);
  });
});

describe("a path without a file", () => {
  test("gets a key that is kept, with mode 0600 in a folder of mode 0700", async () => {
    const folder = makeFolder();
    const file = join(folder, "new", "key");
    const log: LogEntry[] = [];
    const sources = { hostKeys: [file], hostCertificates: [] };
    const { keys } = await loadHostIdentity(sources, (entry) => void log.push(entry), NOW);
    const [made] = keys;
    assert.deepEqual(
      log.map(({ event, detail }) => [event, detail]),
      [["host key made", { file, key: made!.publicKey.describe() }]],
    );
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder, "new")).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(join(folder, "new")), ["key"]);
    assert.deepEqual(await keysOf(file), [made!.publicKey.toString()]);
  });

  test("is an error where there is to be a passphrase", async () => {
    const file = join(makeFolder(), "key");
    await assertRefused({ file, passphrase: PASSPHRASE }, /does not exist.*sallyport keygen --passphrase -f/);
  });

  test("is an error where none can be made", async () => {
    await assertRefused(join(fileWith(""), "key"), /(cannot be read|cannot be written) \(ENOTDIR\)/);
    const dangling = join(makeFolder(), "link");
    symlinkSync(join(makeFolder(), "missing", "key"), dangling);
    // A key that is not kept would be another one at the next start.
    await assertRefused(dangling, /link to a file that does not exist/);
  });
});

test("the default key is made in .sallyport", async (t) => {
  const folder = makeFolder();
  const before = process.cwd();
  process.chdir(folder);
  t.after(() => process.chdir(before));
  const [made] = await keysOf();
  const file = readFileSync(join(folder, ".sallyport", "ssh_host_ed25519_key"), "utf8");
  assert.equal(parsePrivateKey(file).publicKey.toString(), made);
});
