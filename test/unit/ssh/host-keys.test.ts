import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { generatePrivateKey } from "../../../src/crypto/index.ts";
import { ConfigError } from "../../../src/server/index.ts";
import type { LogEntry } from "../../../src/server/index.ts";
import { loadHostKeys } from "../../../src/ssh/host-keys.ts";

describe("host keys", () => {
  let folder = "";
  let log: LogEntry[] = [];
  const load = (...sources: string[]) => loadHostKeys(sources, (entry) => log.push(entry));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "host-keys-"));
    log = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The error must name the file and say what to do. */
  function refuses(file: string, remedy: RegExp): void {
    assert.throws(
      () => load(file),
      (error) =>
        error instanceof ConfigError &&
        error.code === "BAD_HOST_KEY" &&
        error.message.includes(file) &&
        remedy.test(error.message),
    );
  }

  test("are made where there is none, closed to others, and kept", () => {
    const file = join(folder, "new", "key");
    const [made] = load(file);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder, "new")).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(join(folder, "new")), ["key"]);
    const [again] = load(file);
    assert.equal(again?.publicKey.fingerprint, made?.publicKey.fingerprint);
    assert.deepEqual(
      log.map(({ event, detail }) => [event, detail?.["key"]]),
      [["host key made", made?.publicKey.describe()]],
    );
  });

  test("may be given as text", () => {
    const [key] = load(generatePrivateKey("ecdsa"));
    assert.deepEqual(key?.algorithms, ["ecdsa-sha2-nistp256"]);
    assert.deepEqual(log, []);
  });

  test("that others may read are refused, and left as they are", () => {
    const file = join(folder, "key");
    writeFileSync(file, generatePrivateKey("ed25519"), { mode: 0o600 });
    const before = readFileSync(file);
    chmodSync(file, 0o644);
    refuses(file, /mode 0644.*chmod 600/);
    assert.deepEqual(readFileSync(file), before);
  });

  test("that are no keys are refused", () => {
    const file = join(folder, "key");
    writeFileSync(file, "not a key", { mode: 0o600 });
    refuses(file, /ssh-keygen/);
  });

  test("that are no regular files of a sane size are refused", () => {
    refuses(folder, /regular file/);
    const file = join(folder, "huge");
    writeFileSync(file, Buffer.alloc(70_000), { mode: 0o600 });
    refuses(file, /64 KiB/);
  });

  test("that cannot be made name the folder's trouble and leave nothing behind", () => {
    const file = join(folder, "file", "key");
    writeFileSync(join(folder, "file"), "in the way");
    assert.throws(() => load(file), ConfigError);
    mkdirSync(join(folder, "other"));
    assert.ok(!existsSync(file));
  });
});
