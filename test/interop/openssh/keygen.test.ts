import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeFolder, run, Terminal } from "../harness/index.ts";
import type { Finished } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";

const COMMAND: readonly string[] = [
  "--conditions=sallyport-source",
  new URL("../../../src/cli/main.ts", import.meta.url).pathname,
];

function sallyport(args: readonly string[], input?: string): Promise<Finished> {
  return run(process.execPath, [...COMMAND, "keygen", ...args], input === undefined ? {} : { input });
}

const MADE: readonly (readonly string[])[] = [
  ["-t", "ed25519"],
  ["-t", "ecdsa", "-b", "256"],
  ["-t", "ecdsa", "-b", "384"],
  ["-t", "ecdsa", "-b", "521"],
  ["-t", "rsa", "-b", "2048"],
  ["-t", "rsa"],
];

for (const args of MADE) {
  test(`ssh-keygen reads what sallyport keygen ${args.join(" ")} makes, and calls it the same`, async (t) => {
    const keygen = requirePeer(t, "ssh-keygen");
    if (keygen === undefined) return;
    const file = join(makeFolder(), "key");
    const made = await sallyport([...args, "-f", file, "-C", "made here"]);
    assert.equal(made.status, 0, made.stderr);
    const line = made.stdout.trim().split("\n").at(-1);
    for (const shown of [file, `${file}.pub`]) {
      assert.equal((await run(keygen, ["-l", "-f", shown])).stdout.trim(), line);
      assert.equal((await sallyport(["-l", "-f", shown])).stdout.trim(), line);
    }
    const derived = await run(keygen, ["-y", "-f", file]);
    assert.equal(derived.stdout, readFileSync(`${file}.pub`, "utf8"), derived.stderr);
  });
}

test("ssh-keygen opens a key that sallyport keygen has locked with a passphrase from a pipe", async (t) => {
  const keygen = requirePeer(t, "ssh-keygen");
  if (keygen === undefined) return;
  const file = join(makeFolder(), "key");
  const made = await sallyport(["--passphrase", "-f", file], "open sesame\n");
  assert.equal(made.status, 0, made.stderr);
  assert.notEqual((await run(keygen, ["-y", "-P", "", "-f", file])).status, 0);
  const { stdout, stderr } = await run(keygen, ["-y", "-P", "open sesame", "-f", file]);
  assert.equal(stdout, readFileSync(`${file}.pub`, "utf8"), stderr);
});

const READ: readonly (readonly string[])[] = ["RFC4716", "PEM", "PKCS8"].flatMap((format) => [
  ["-t", "rsa", "-b", "2048", "-m", format],
  ["-t", "ecdsa", "-b", "256", "-m", format],
  ["-t", "ecdsa", "-b", "521", "-m", format],
  ["-t", "ed25519", "-m", format],
]);

for (const args of READ) {
  test(`sallyport keygen reads what ssh-keygen ${args.join(" ")} makes, locked or not`, async (t) => {
    const keygen = requirePeer(t, "ssh-keygen");
    if (keygen === undefined) return;
    for (const passphrase of ["", "open sesame"]) {
      const file = join(makeFolder(), "key");
      assert.equal((await run(keygen, ["-q", "-N", passphrase, "-C", "", "-f", file, ...args])).status, 0);
      const { status, stdout, stderr } = await sallyport(["-y", "-f", file], `${passphrase}\n`);
      assert.equal(status, 0, stderr);
      assert.equal(stdout.trim(), readFileSync(`${file}.pub`, "utf8").trim());
    }
  });
}

test("on a terminal the passphrase is asked for twice, and not shown", async (t) => {
  if (requirePeer(t, "python3") === undefined) return;
  const file = join(makeFolder(), "key");
  const terminal = new Terminal(80, 24, process.execPath, [...COMMAND, "keygen", "--passphrase", "-f", file]);
  t.after(() => terminal.kill());
  await terminal.sees("New passphrase: ");
  terminal.type("open sesame\r");
  await terminal.sees("Once more: ");
  terminal.type("open sesame\r");
  await terminal.sees("(ED25519)");
  assert.equal(await terminal.ends(), 0);
  assert.doesNotMatch(terminal.output, /sesame/);
  assert.equal((await sallyport(["-y", "-f", file], "open sesame\n")).status, 0);
});

test("on a terminal a file is overwritten after a question, and not after Ctrl-C", async (t) => {
  if (requirePeer(t, "python3") === undefined) return;
  const file = join(makeFolder(), "key");
  assert.equal((await sallyport(["-f", file])).status, 0);
  const before = readFileSync(file, "utf8");
  const ask = async (answer: string): Promise<number | null> => {
    const terminal = new Terminal(80, 24, process.execPath, [...COMMAND, "keygen", "-f", file]);
    t.after(() => terminal.kill());
    await terminal.sees("Overwrite it (y/n)? ");
    terminal.type(answer);
    return terminal.ends();
  };
  for (const answer of ["n\r", "\u0003"]) {
    assert.equal(await ask(answer), 1);
    assert.equal(readFileSync(file, "utf8"), before);
  }
  assert.equal(await ask("y\r"), 0);
  assert.notEqual(readFileSync(file, "utf8"), before);
});

test("nothing is made where the options are wrong, and stdout stays empty", async () => {
  const file = join(makeFolder(), "key");
  const { status, stdout, stderr } = await sallyport(["-t", "dsa", "-f", file]);
  assert.deepEqual([status, stdout, existsSync(file)], [1, "", false]);
  assert.match(stderr, /^sallyport keygen: there is no type "dsa"/);
});
