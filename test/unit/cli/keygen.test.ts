import assert from "node:assert/strict";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { keygen } from "../../../src/cli/keygen.ts";
import { Failure, UsageError } from "../../../src/cli/verb.ts";
import { KeyError, parsePrivateKey, parsePublicKey } from "../../../src/crypto/index.ts";
import { FakeConsole } from "./fake-console.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-test-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
let counter = 0;
const newPath = (): string => join(folder, `key-${counter++}`);

const fixture = (name: string): string => new URL(`../crypto/fixtures/${name}`, import.meta.url).pathname;

async function run(args: readonly string[], console: FakeConsole = new FakeConsole()): Promise<readonly string[]> {
  await keygen.run(args, console);
  return console.lines;
}

describe("keygen makes", () => {
  for (const [args, type, bits] of [
    [[], "ssh-ed25519", 256],
    [["-t", "ecdsa"], "ecdsa-sha2-nistp256", 256],
    [["--type", "ecdsa", "--bits", "521"], "ecdsa-sha2-nistp521", 521],
    [["-t", "rsa", "-b", "2048"], "ssh-rsa", 2048],
  ] as const) {
    test(`a pair with ${args.join(" ") || "no options"}: ${type} of ${bits} bits`, async () => {
      const file = newPath();
      const lines = await run([...args, "-f", file, "-C", "host key of tests"]);
      const { publicKey } = parsePrivateKey(readFileSync(file, "utf8"));
      assert.deepEqual([publicKey.type, publicKey.bits], [type, bits]);
      assert.equal(readFileSync(`${file}.pub`, "utf8"), `${publicKey.toString()} host key of tests\n`);
      assert.equal(lines.at(-1), publicKey.describe("host key of tests"));
      assert.equal(statSync(file).mode & 0o777, 0o600);
    });
  }

  test("a comment of user and host, and the file where a server looks, when it is told neither", async (t) => {
    const place = mkdtempSync(join(folder, "cwd-"));
    const before = process.cwd();
    process.chdir(place);
    t.after(() => process.chdir(before));
    await run(["-t", "ecdsa"]);
    const line = readFileSync(".sallyport/ssh_host_ecdsa_key.pub", "utf8");
    assert.ok(line.endsWith(` ${userInfo().username}@${hostname()}\n`), line);
    await run([]);
    assert.deepEqual(await run(["-l"]), await run(["-l", "-f", ".sallyport/ssh_host_ed25519_key.pub"]));
  });

  test("a key that opens with the passphrase that was typed twice, hidden", async () => {
    const file = newPath();
    const console = new FakeConsole(["open sesame", "open sesame"]);
    await run(["--passphrase", "-f", file], console);
    assert.deepEqual(console.questions, ["New passphrase: (hidden)", "Once more: (hidden)"]);
    assert.throws(() => parsePrivateKey(readFileSync(file, "utf8")), { code: "KEY_ENCRYPTED" });
    const opened = await run(["-y", "-f", file], new FakeConsole(["open sesame"]));
    assert.equal(parsePublicKey(opened[0]!).toString(), opened[0]);
    await assert.rejects(run(["-y", "-f", file], new FakeConsole(["open barley"])), { code: "KEY_PASSPHRASE" });
  });

  test("a key with a passphrase from a pipe, which is read once", async () => {
    const file = newPath();
    await run(["--passphrase", "-f", file], new FakeConsole(["from a pipe"], false));
    assert.equal((await run(["-y", "-f", file], new FakeConsole(["from a pipe"], false))).length, 1);
  });

  test("nothing when the two passphrases differ, or there is none", async () => {
    const file = newPath();
    await assert.rejects(run(["--passphrase", "-f", file], new FakeConsole(["one", "two"])), /differ/);
    await assert.rejects(run(["--passphrase", "-f", file], new FakeConsole([""])), /empty/);
    await assert.rejects(run(["--passphrase", "-f", file], new FakeConsole([], false)), Failure);
    assert.equal(existsSync(file), false);
  });
});

describe("a file that is there", () => {
  test("is overwritten only by who says yes", async () => {
    const file = newPath();
    await run(["-f", file]);
    const before = readFileSync(file, "utf8");
    for (const answer of ["n", "", "yesterday"]) {
      const console = new FakeConsole([answer]);
      await assert.rejects(run(["-f", file], console), Failure);
      assert.deepEqual(console.questions, [`${file} exists. Overwrite it (y/n)? `]);
    }
    assert.equal(readFileSync(file, "utf8"), before);
    await run(["-f", file], new FakeConsole(["Yes"]));
    assert.notEqual(readFileSync(file, "utf8"), before);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(
      parsePublicKey(readFileSync(`${file}.pub`, "utf8")).toString(),
      parsePrivateKey(readFileSync(file, "utf8")).publicKey.toString(),
    );
  });

  test("stays where there is nobody to ask, whatever comes over the pipe", async () => {
    const file = newPath();
    await run(["-f", file]);
    const before = readFileSync(file, "utf8");
    await assert.rejects(run(["-f", file], new FakeConsole(["y"], false)), /nobody to ask.*another with -f/);
    assert.equal(readFileSync(file, "utf8"), before);
  });
});

describe("keygen shows", () => {
  const kinds = ["ed25519", "ecdsa-256", "ecdsa-384", "ecdsa-521", "rsa-2048", "rsa-2048-pkcs8", "rsa-3072-pkcs1"];
  const others = ["ecdsa-256-sec1", "ecdsa-384-pkcs8"];

  for (const kind of [...kinds, ...others]) {
    test(`the public key and the fingerprint of ${kind}.key as ssh-keygen does`, async () => {
      const file = newPath();
      copyFileSync(fixture(`${kind}.key`), file);
      chmodSync(file, 0o600);
      const line = readFileSync(fixture(`${kind}.pub`), "utf8").trim();
      const key = parsePublicKey(line);
      assert.deepEqual(await run(["-y", "-f", file]), [key.toString()]);
      assert.deepEqual(await run(["-l", "-f", file]), [key.describe()]);
      // The comment is known from the file beside, unless that is of another key.
      writeFileSync(`${file}.pub`, `${key.toString()} me@here\n`);
      assert.deepEqual(await run(["-l", "-f", file]), [key.describe("me@here")]);
      const otherKind = kind === "ed25519" ? "rsa-2048" : "ed25519";
      copyFileSync(fixture(`${otherKind}.pub`), `${file}.pub`);
      assert.deepEqual(await run(["-l", "-f", file]), [key.describe()]);
    });
  }

  test("every key of a file with several, and comments without what would act on a terminal", async () => {
    const file = newPath();
    const key = parsePublicKey(readFileSync(fixture("ed25519.pub"), "utf8"));
    writeFileSync(file, `# keys\n\n${key.toString()} one two\n${key.toString()}\n${key.toString()} \x1b]0;x\x07\n`);
    assert.deepEqual(await run(["-l", "-f", file]), [
      key.describe("one two"),
      key.describe(),
      key.describe("\\x1b]0;x\\x07"),
    ]);
  });

  test("a certificate by the fingerprint of its key", async () => {
    const [line] = await run(["-l", "-f", fixture("certificates/host-ed25519-cert.pub")]);
    const { certificate } = parsePublicKey(readFileSync(fixture("certificates/host-ed25519-cert.pub"), "utf8"));
    assert.ok(line?.startsWith(`256 ${certificate?.publicKey.fingerprint} `), line);
    assert.ok(line?.endsWith("(ED25519-CERT)"), line);
  });

  test("no private key that others may read, and no file that is none", async () => {
    const file = newPath();
    await run(["-f", file]);
    chmodSync(file, 0o644);
    await assert.rejects(run(["-y", "-f", file]), /mode 0644.*chmod 600/);
    await assert.rejects(run(["-y", "-f", newPath()]), /does not exist.*-f/);
    await assert.rejects(run(["-l", "-f", newPath()]), /does not exist.*-f/);
    writeFileSync(file, "\n");
    await assert.rejects(run(["-l", "-f", file]), /holds no key/);
    writeFileSync(file, "hello world");
    await assert.rejects(run(["-l", "-f", file]), KeyError);
  });
});

describe("keygen refuses", () => {
  for (const [what, args, message] of [
    ["a type that it has not", ["-t", "dsa"], /no type "dsa"; there are ed25519, ecdsa, rsa/],
    ["a type that objects have by birth", ["-t", "constructor"], /no type "constructor"/],
    ["a size that a type has not", ["-b", "384"], /ed25519 keys have 256 bits, not "384"/],
    ["a curve that there is not", ["-t", "ecdsa", "-b", "512"], /ecdsa keys have 256, 384, 521 bits/],
    ["RSA keys that are too small", ["-t", "rsa", "-b", "1024"], /rsa keys have 2048 to 8192 bits/],
    ["a size that is none", ["-t", "rsa", "-b", "3072.5"], /not "3072.5"/],
    ["a passphrase for everybody to see", ["-N", "secret"], /-N would show .*--passphrase/],
    ["such a one glued to its option", ["-Nsecret"], /-N would show .*--passphrase/],
    ["two things at once", ["-y", "-l"], /exclude each other/],
    ["what does not belong together", ["-y", "-C", "comment"], /for new keys/],
    ["an option that it has not", ["--colour"], /--colour/],
    ["an option without its value", ["-f"], /--file/],
    ["an empty path", ["-f", ""], /-f needs/],
    ["what is no option", ["file"], /file/],
    ["a comment of two lines", ["-C", "one\ntwo"], /control characters/],
  ] as const) {
    test(`${what} (${args.join(" ")})`, async () => {
      await assert.rejects(run(args), (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
    });
  }
});
