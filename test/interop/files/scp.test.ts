import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { directory, serveFiles } from "../../../src/files/index.ts";
import { makeFolder, run, startSubject, until, userKeyFile } from "../harness/index.ts";
import type { Finished, Subject } from "../harness/index.ts";
import { sshArguments } from "../openssh/client.ts";
import { requirePeer } from "../peers.ts";
import { curl, url } from "./clients.ts";
import { testFilePeer } from "./file-peer.ts";
import type { Ground } from "./ground.ts";

const KIB = 1024;
/** What files are cut into somewhere on their way, and what is a byte beside it. */
const SIZES = [0, 1, 32 * KIB - 1, 32 * KIB, 32 * KIB + 1, 256 * KIB + 1, 16 * KIB * KIB];

/** A client of the old protocol, and a directory that it is to copy from and to. */
interface Setting {
  readonly subject: Subject;
  /** What the server serves. */
  readonly there: string;
  /** Where the client has its files. */
  readonly here: string;
  /** Runs the client with these arguments; `host:` stands for the server. */
  readonly copy: (...args: readonly string[]) => Promise<Finished>;
}

type Prepare = (t: TestContext) => Promise<Setting | undefined>;

async function serve(t: TestContext): Promise<Pick<Setting, "subject" | "there" | "here">> {
  const there = makeFolder();
  const subject = await startSubject(t);
  const files = directory(there);
  serveFiles(subject.server, { fileSystem: () => files });
  return { subject, there, here: makeFolder() };
}

/** OpenSSH's scp. */
const openssh: Prepare = async (t) => {
  const scp = requirePeer(t, "scp");
  if (scp === undefined) return undefined;
  const served = await serve(t);
  const [, , , port = "", ...rest] = sshArguments(served.subject).slice(0, -1);
  const options = [
    "-F",
    "none",
    "-P",
    port,
    ...rest.flatMap((word, at) => (word === "-l" ? [] : rest[at - 1] === "-l" ? ["-o", `User=${word}`] : [word])),
  ];
  return {
    ...served,
    copy: (...args) => run(scp, ["-O", "-q", ...options, ...args.map((word) => word.replace(/^host:/, "127.0.0.1:"))]),
  };
};

/** PuTTY's. */
const putty: Prepare = async (t) => {
  const pscp = requirePeer(t, "pscp");
  const puttygen = requirePeer(t, "puttygen");
  if (pscp === undefined || puttygen === undefined) return undefined;
  const served = await serve(t);
  const key = join(makeFolder(), "key.ppk");
  assert.equal((await run(puttygen, [userKeyFile("ed25519"), "-O", "private", "-o", key])).status, 0);
  const { port, server } = served.subject;
  const options = ["-scp", "-q", "-batch", "-P", String(port), "-l", "alice", "-i", key];
  const known = ["-hostkey", server.hostKeys[0]?.fingerprint ?? ""];
  return {
    ...served,
    copy: (...args) =>
      run(pscp, [...options, ...known, ...args.map((word) => word.replace(/^host:/, "127.0.0.1:"))], {
        env: { HOME: makeFolder() },
      }),
  };
};

function noise(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 4096) {
    createHash("sha512")
      .update(String(at + size))
      .digest()
      .copy(bytes, at);
  }
  return bytes;
}

/** A tree with an empty directory, an empty file, odd names and a file of some size. */
function makeTree(root: string): void {
  mkdirSync(join(root, "tree", "deep", "er"), { recursive: true });
  mkdirSync(join(root, "tree", "empty"));
  writeFileSync(join(root, "tree", "a b'c\"$d"), "odd");
  writeFileSync(join(root, "tree", "ü😀"), "wide");
  writeFileSync(join(root, "tree", "nothing"), "");
  writeFileSync(join(root, "tree", "deep", "er", "file"), noise(100_000));
}

/** The files and directories in a tree, and what is in them. */
function contentsOf(root: string): Record<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).toSorted();
  return Object.fromEntries(
    names.map((name) => {
      const path = join(root, name);
      return [
        name,
        statSync(path).isDirectory() ? "directory" : createHash("md5").update(readFileSync(path)).digest("hex"),
      ];
    }),
  );
}

for (const [name, prepare] of [
  ["scp -O", openssh],
  ["pscp -scp", putty],
] as const) {
  test(`${name} copies files of all sizes there and back`, async (t) => {
    const setting = await prepare(t);
    if (setting === undefined) return;
    const { copy, here, there } = setting;
    mkdirSync(join(here, "back"));
    for (const size of SIZES) {
      const file = join(here, `file-${size}`);
      writeFileSync(file, noise(size));
      const up = await copy(file, `host:file-${size}`);
      assert.deepEqual([up.status, up.stderr], [0, ""], `${size} bytes up`);
      assert.ok(readFileSync(join(there, `file-${size}`)).equals(readFileSync(file)), `${size} bytes up`);
      const down = await copy(`host:/file-${size}`, join(here, "back"));
      assert.deepEqual([down.status, down.stderr], [0, ""], `${size} bytes down`);
      assert.ok(readFileSync(join(here, "back", `file-${size}`)).equals(readFileSync(file)), `${size} bytes down`);
    }
  });

  test(`${name} copies a tree there and back, with odd names and with its times`, async (t) => {
    const setting = await prepare(t);
    if (setting === undefined) return;
    const { copy, here, there } = setting;
    makeTree(here);
    const file = join("tree", "deep", "er", "file");
    chmodSync(join(here, file), 0o640);
    utimesSync(join(here, file), 1_000_000_000, 1_100_000_000);
    mkdirSync(join(there, "up"));
    const up = await copy("-r", "-p", join(here, "tree"), "host:up");
    assert.deepEqual([up.status, up.stderr], [0, ""]);
    assert.deepEqual(contentsOf(join(there, "up")), contentsOf(here));
    const { mtimeMs, mode } = statSync(join(there, "up", file));
    assert.equal(mtimeMs, 1_100_000_000_000);
    if (name === "scp -O") assert.equal(mode & 0o777, 0o640);

    mkdirSync(join(here, "back"));
    const down = await copy("-r", "-p", "host:up/tree", join(here, "back"));
    assert.deepEqual([down.status, down.stderr], [0, ""]);
    assert.deepEqual(contentsOf(join(here, "back", "tree")), contentsOf(join(here, "tree")));
    assert.equal(statSync(join(here, "back", file)).mtimeMs, 1_100_000_000_000);
  });

  test(`${name} is told what does not work, and has the rest`, async (t) => {
    const setting = await prepare(t);
    if (setting === undefined) return;
    const { copy, here, there } = setting;
    const missing = await copy("host:none", here);
    assert.equal(missing.status, 1);
    assert.match(missing.stderr + missing.stdout, /\/none: No such file or directory/);
    mkdirSync(join(there, "target", "taken"), { recursive: true });
    for (const file of ["taken", "free"]) writeFileSync(join(here, file), file);
    const partly = await copy(join(here, "taken"), join(here, "free"), "host:target");
    assert.notEqual(partly.status, 0);
    assert.match(partly.stderr + partly.stdout, /directory/i);
    assert.equal(readFileSync(join(there, "target", "free"), "utf8"), "free");
  });
}

/** libssh2 speaks it, too. */
const overScp = (ground: Ground, remote: string): string => url(ground, remote).replace("sftp:", "scp:");
testFilePeer({
  name: "curl",
  title: "curl scp://",
  put: async (ground, local, remote) => void (await curl(ground, "-T", local, overScp(ground, remote))),
  get: async (ground, local, remote) => void (await curl(ground, "-o", local, overScp(ground, remote))),
});

test("scp -O takes what a pattern matches, and quoted names as they are", async (t) => {
  const setting = await openssh(t);
  if (setting === undefined) return;
  const { copy, here, there } = setting;
  for (const file of ["a.txt", "b.txt", "c.md", "*.txt"]) writeFileSync(join(there, file), file);
  const some = join(here, "some");
  mkdirSync(some);
  const matched = await copy("host:[ab].*", some);
  assert.deepEqual([matched.status, matched.stderr], [0, ""]);
  assert.deepEqual(readdirSync(some).toSorted(), ["a.txt", "b.txt"]);
  const quoted = await copy(String.raw`host:\*.txt`, some);
  assert.deepEqual([quoted.status, quoted.stderr], [0, ""]);
  assert.deepEqual(readdirSync(some).toSorted(), ["*.txt", "a.txt", "b.txt"]);
});

test("scp -O does not get out of the directory, by dots, links or a shell", async (t) => {
  const setting = await openssh(t);
  if (setting === undefined) return;
  const { copy, here, there } = setting;
  symlinkSync("/etc", join(there, "etc"));
  symlinkSync("/etc/passwd", join(there, "passwd"));
  writeFileSync(join(here, "evil"), "evil");
  for (const path of ["/etc/passwd", "../../../../etc/passwd", "etc/passwd", "passwd", "etc"]) {
    const { status } = await copy("-r", `host:${path}`, join(here, "stolen"));
    assert.notEqual(status, 0, path);
    assert.ok(!existsSync(join(here, "stolen")), path);
  }
  for (const path of ["../escaped", "etc/escaped", "$(touch escaped)", "a;touch escaped", "`touch escaped`"]) {
    await copy(join(here, "evil"), `host:${path}`);
    assert.ok(!existsSync(join(there, "..", "escaped")) && !existsSync("/etc/escaped"), path);
  }
  assert.deepEqual(readdirSync(there).toSorted(), ["escaped", "etc", "passwd"], "../escaped is /escaped");
});

test("an upload that breaks off leaves the old file as it was", async (t) => {
  const ssh = requirePeer(t, "ssh");
  const setting = await openssh(t);
  if (ssh === undefined || setting === undefined) return;
  const { subject, there } = setting;
  writeFileSync(join(there, "file"), "old");
  const child = spawn(ssh, [...sshArguments(subject), "scp -t file"], { stdio: ["pipe", "pipe", "ignore"] });
  await once(child.stdout, "data");
  // It is ended before it has read all of that.
  child.stdin.on("error", () => undefined);
  child.stdin.write(`C0644 1000000 file\n${"x".repeat(600_000)}`);
  await until("a part of it", () => readdirSync(there).length > 1);
  child.kill();
  await until("the end", () => readdirSync(there).length === 1 && subject.server.clients.size === 0);
  assert.equal(readFileSync(join(there, "file"), "utf8"), "old");
});

test("ten uploads of scp -O at once all arrive", async (t) => {
  const setting = await openssh(t);
  if (setting === undefined) return;
  const { copy, here, there } = setting;
  const numbers = Array.from({ length: 10 }, (_, at) => at);
  for (const number of numbers) writeFileSync(join(here, `f${number}`), noise(200_000 + number));
  const results = await Promise.all(numbers.map((number) => copy(join(here, `f${number}`), "host:")));
  assert.deepEqual(
    results.map(({ status, stderr }) => [status, stderr]),
    numbers.map(() => [0, ""]),
  );
  assert.deepEqual(contentsOf(there), contentsOf(here));
});
