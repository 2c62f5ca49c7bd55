import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { directory } from "../../../src/files/index.ts";
import { CREATE } from "../../conformance/files.ts";
import { makeFolder, until } from "../harness/index.ts";
import { sshArguments } from "../openssh/client.ts";
import { requirePeer } from "../peers.ts";
import { noise, setUp } from "./rsync-setting.ts";

function makeTree(root: string): void {
  mkdirSync(join(root, "deep", "er"), { recursive: true });
  mkdirSync(join(root, "empty"));
  writeFileSync(join(root, "a b'c\"$d*"), "odd");
  writeFileSync(join(root, "ü😀"), "wide");
  writeFileSync(join(root, "nothing"), "");
  writeFileSync(join(root, "deep", "er", "file"), noise(300_000));
  symlinkSync("deep/er/file", join(root, "link"));
  utimesSync(join(root, "nothing"), 1_000_000_000, 1_100_000_000);
}

/** The names in a tree, with what is in files, where links lead to, and times. */
function contentsOf(root: string): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const facts = entries.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    const shown = entry.isSymbolicLink()
      ? `-> ${readlinkSync(path)}`
      : entry.isDirectory()
        ? "directory"
        : `${createHash("md5").update(readFileSync(path)).digest("hex")} ${Math.floor(statSync(path).mtimeMs / 1000)}`;
    return [path.slice(root.length), shown] as const;
  });
  return Object.fromEntries(facts.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

test("rsync copies a tree there and back, and a second time nothing", async (t) => {
  const setting = await setUp(t);
  if (setting === undefined) return;
  const { ok, here, there } = setting;
  makeTree(here);
  await ok("-a", `${here}/`, "host:up/");
  assert.deepEqual(contentsOf(join(there, "up")), contentsOf(here));
  assert.equal(await ok("-ai", "--no-t", `${here}/`, "host:up/"), "");

  const back = makeFolder();
  await ok("-az", "host:/up/", `${back}/`);
  assert.deepEqual(contentsOf(back), contentsOf(here));
  await ok("-rt", "host:up", `${back}/named`);
  assert.equal(readFileSync(join(back, "named", "up", "deep", "er", "file")).length, 300_000);
});

test("rsync copies single files to new names, into directories, and by a pattern", async (t) => {
  const setting = await setUp(t);
  if (setting === undefined) return;
  const { ok, here, there } = setting;
  for (const name of ["a.txt", "b.txt", "c.md"]) writeFileSync(join(here, name), name);
  await ok(join(here, "a.txt"), "host:new.txt");
  assert.equal(readFileSync(join(there, "new.txt"), "utf8"), "a.txt");
  await ok("-t", ...["a.txt", "b.txt", "c.md"].map((name) => join(here, name)), "host:~/dir/");
  await ok("--mkpath", join(here, "c.md"), "host:x/y/z/c.md");
  assert.equal(readFileSync(join(there, "x", "y", "z", "c.md"), "utf8"), "c.md");
  const back = makeFolder();
  await ok("host:dir/*.txt", "host:/new.txt", back);
  assert.deepEqual(readdirSync(back).toSorted(), ["a.txt", "b.txt", "new.txt"]);
  assert.match(await ok("--list-only", "host:dir/"), /c\.md/);
});

test("rsync deletes what is gone, with the options that say so", async (t) => {
  const setting = await setUp(t);
  if (setting === undefined) return;
  const { ok, here, there } = setting;
  makeTree(here);
  await ok("-a", `${here}/`, "host:up/");
  rmSync(join(here, "deep"), { recursive: true });
  await ok("-a", "--delete", "--max-delete=10", `${here}/`, "host:up/");
  assert.deepEqual(contentsOf(join(there, "up")), contentsOf(here));
  const back = makeFolder();
  writeFileSync(join(back, "extra"), "");
  await ok("-a", "--delete-after", "host:up/", back);
  assert.deepEqual(contentsOf(back), contentsOf(here));
  await ok("-a", "--remove-source-files", "host:up/nothing", back);
  assert.ok(!existsSync(join(there, "up", "nothing")));
});

test("rsync neither fetches nor deletes what others are uploading", async (t) => {
  const setting = await setUp(t);
  if (setting === undefined) return;
  const { ok, here, there } = setting;
  mkdirSync(join(there, "up"));
  writeFileSync(join(there, "up", "file"), "old");
  const files = directory(there);
  const handle = await files.open("/up/file", { ...CREATE, truncate: true }, {});
  await handle.write?.(Buffer.from("new"), 0);
  const back = makeFolder();
  await ok("-a", "--include=*", "host:up/", back);
  assert.deepEqual(readdirSync(back), ["file"]);
  writeFileSync(join(here, "other"), "");
  for (const options of [["--delete"], ["--delete-excluded", "--exclude=.sally*"], ["--delete", "--filter=R *"]]) {
    await ok("-a", ...options, `${here}/`, "host:up/");
    assert.deepEqual(readdirSync(join(there, "up")).length, 2, options.join(" "));
  }
  await handle.close();
  assert.deepEqual(readdirSync(join(there, "up")).toSorted(), ["file", "other"]);
  assert.equal(readFileSync(join(there, "up", "file"), "utf8"), "new");
});

test("rsync sends only what has changed, in place and onto what is there of a file", async (t) => {
  const setting = await setUp(t);
  if (setting === undefined) return;
  const { ok, here, there } = setting;
  const file = join(here, "file");
  writeFileSync(file, noise(2_000_000));
  await ok("-t", file, "host:file");
  const { ino } = statSync(join(there, "file"));
  appendFileSync(file, "changed");
  const stats = await ok("-t", "--inplace", "--no-whole-file", "--stats", file, "host:file");
  const [, literal = ""] = /^Literal data: ([\d,]+)/m.exec(stats) ?? [];
  assert.ok(Number(literal.replaceAll(",", "")) < 10_000, stats);
  assert.equal(statSync(join(there, "file")).ino, ino);
  assert.ok(readFileSync(join(there, "file")).equals(readFileSync(file)));

  writeFileSync(join(there, "half"), readFileSync(file).subarray(0, 1_500_000));
  const appended = await ok("--append", "--stats", file, "host:half");
  assert.match(appended, /^Literal data: 500,007/m);
  assert.ok(readFileSync(join(there, "half")).equals(readFileSync(file)));
});

test("rsync goes on where a transfer was broken off", async (t) => {
  const setting = await setUp(t);
  if (setting === undefined) return;
  const { ok, here, there, shell, subject } = setting;
  const file = join(here, "file");
  writeFileSync(file, noise(8_000_000));
  const program = requirePeer(t, "rsync") ?? "";
  const slow = spawn(program, [...shell, "--partial", "--bwlimit=1000", file, "127.0.0.1:file"], { stdio: "ignore" });
  const begun = (): number => Math.max(0, ...readdirSync(there).map((name) => statSync(join(there, name)).size));
  await until("a part of it", () => begun() > 500_000);
  slow.kill("SIGKILL");
  await until("the end", () => subject.server.clients.size === 0 && readdirSync(there).join() === "file");
  const kept = statSync(join(there, "file")).size;
  assert.ok(kept > 0 && kept < 8_000_000);
  const stats = await ok("--partial", "--no-whole-file", "--stats", file, "host:file");
  const [, matched = ""] = /^Matched data: ([\d,]+)/m.exec(stats) ?? [];
  assert.ok(Number(matched.replaceAll(",", "")) > kept / 2, stats);
  assert.ok(readFileSync(join(there, "file")).equals(readFileSync(file)));
});

test("a connection that breaks leaves nothing of an upload, or with --partial what there is", async (t) => {
  const setting = await setUp(t);
  if (setting === undefined) return;
  const { here, there, shell, subject } = setting;
  const file = join(here, "file");
  writeFileSync(file, noise(8_000_000));
  const program = requirePeer(t, "rsync") ?? "";
  for (const [options, left] of [
    [["--bwlimit=1000"], ""],
    [["--bwlimit=1000", "--partial"], "file"],
  ] as const) {
    // A group of processes with the ssh that it starts.
    const slow = spawn(program, [...shell, ...options, file, "127.0.0.1:"], { stdio: "ignore", detached: true });
    await until("a part of it", () => readdirSync(there).some((name) => statSync(join(there, name)).size > 100_000));
    process.kill(-slow.pid!, "SIGKILL");
    await until("the end", () => subject.server.clients.size === 0 && readdirSync(there).join() === left);
  }
});

test("rsync copies 2,000 small files each way", async (t) => {
  const setting = await setUp(t);
  if (setting === undefined) return;
  const { ok, here, there } = setting;
  for (let number = 0; number < 2000; number++) writeFileSync(join(here, `f${number}`), `file ${number}\n`);
  await ok("-a", `${here}/`, "host:many/");
  assert.deepEqual(contentsOf(join(there, "many")), contentsOf(here));
  const back = makeFolder();
  await ok("-a", "host:many/", back);
  assert.deepEqual(contentsOf(back), contentsOf(here));
});

test("rsync ends with the session, and a place is free again", async (t) => {
  const setting = await setUp(t, undefined, { maxProcesses: 1 });
  if (setting === undefined) return;
  const { subject, rsync, there, here } = setting;
  writeFileSync(join(there, "file"), "x");
  const ssh = requirePeer(t, "ssh") ?? "";
  const silent = spawn(ssh, [...sshArguments(subject), "rsync --server --sender -re.iLsfxCIvu . ."], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  t.after(() => silent.kill());
  await new Promise((resolve) => silent.stdout.once("data", resolve));
  const { stderr } = await rsync("host:file", here);
  assert.match(stderr, /^rsync: too many are served at the moment: try again$/m);
  silent.kill("SIGKILL");
  await until("the end", () => subject.server.clients.size === 0);
  let attempts = 0;
  // The process is ended as well as the session, and takes a moment for it.
  while ((await rsync("host:file", here)).status !== 0) assert.ok(attempts++ < 50, "its place is free again");
});
