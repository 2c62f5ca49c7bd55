import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hooks, memory, readOnly as onlyToRead } from "../../../src/files/index.ts";
import { makeFolder, run } from "../harness/index.ts";
import { sshArguments } from "../openssh/client.ts";
import { requirePeer } from "../peers.ts";
import { setUp } from "./rsync-setting.ts";

test("rsync cannot send setuid files, devices, other owners or links that lead out", async (t) => {
  const setting = await setUp(t);
  if (setting === undefined) return;
  const { rsync, here, there } = setting;
  writeFileSync(join(here, "suid"), "", { mode: 0o755 });
  await run("chmod", ["7777", join(here, "suid")]);
  symlinkSync("/etc/passwd", join(here, "out"));
  symlinkSync("../../x", join(here, "up"));
  symlinkSync("suid", join(here, "in"));
  await run("mkfifo", [join(here, "pipe")]);
  const { status, stderr } = await rsync("-a", "--chown=1234:1234", `${here}/`, "host:up/");
  assert.notEqual(status, 0, "--chown is --usermap and --groupmap");
  assert.match(stderr, /--usermap is not served/);
  await rsync("-a", `${here}/`, "host:up/");
  assert.deepEqual(readdirSync(join(there, "up")).toSorted(), ["in", "suid"]);
  const { mode, uid } = statSync(join(there, "up", "suid"));
  assert.deepEqual([mode & 0o7777, uid], [0o777, process.getuid?.()]);
});

test("rsync does not get out of the directory, by paths, links, filters or options", async (t) => {
  const setting = await setUp(t);
  if (setting === undefined) return;
  const { rsync, ok, here, there, outside } = setting;
  writeFileSync(join(outside, "secret"), "secret\n");
  const away = makeFolder();
  for (const [link, target] of [
    ["abs", join(outside, "secret")],
    ["rel", "../secret"],
    ["dir", ".."],
    ["away", away],
  ] as const) {
    symlinkSync(target, join(there, link));
  }
  writeFileSync(join(there, "mine"), "mine");
  for (const path of ["../secret", "/../secret", "dir/secret", "abs/", "dir/", "dir/../../secret"]) {
    const stolen = makeFolder();
    await rsync("-rt", `host:${path}`, stolen);
    const found = readdirSync(stolen, { recursive: true, encoding: "utf8" });
    assert.ok(!found.some((name) => /secret/.test(name)), path);
  }
  const copy = makeFolder();
  await rsync("-a", "host:/", copy);
  assert.equal(readlinkSync(join(copy, "rel")), "../secret", "a link is sent as it is, and not followed");

  writeFileSync(join(here, "evil"), "evil");
  for (const path of [
    "../evil",
    "dir/evil",
    "dir/",
    "rel",
    "abs",
    "away",
    "away/",
    "away/x",
    "../../../evil",
    "$(touch evil)",
  ]) {
    await rsync(join(here, "evil"), `host:${path}`);
    assert.deepEqual(readdirSync(outside).toSorted(), ["secret", "served"], path);
    assert.equal(readFileSync(join(outside, "secret"), "utf8"), "secret\n", path);
    assert.deepEqual(readdirSync(away), [], path);
  }
  // A file of rules outside, which would tell by what is left out what stands in it.
  writeFileSync(join(outside, "secret"), "- mine\n");
  for (const rule of [`dir-merge ${join(outside, "secret")}`, "dir-merge ../secret", "dir-merge rel"]) {
    const found = makeFolder();
    await rsync("-r", `--filter=${rule}`, "host:/mine", found);
    assert.deepEqual(readdirSync(found), ["mine"], rule);
  }
  await ok("-r", "host:/mine", makeFolder());
});

const REFUSED: readonly string[] = [
  "rsync",
  "rsync --daemon",
  "rsync --server -slogDtpre.iLsfxCIvu",
  "rsync --server --sender -logDtpre.iLsfxCIvu --files-from=/etc/passwd . .",
  "rsync --server --sender -Le.iLsfxCIvu . .",
  "rsync --server -re.iLsfxCIvu --temp-dir=/tmp . .",
  "rsync --server -re.iLsfxCIvu --partial-dir=../x . .",
  "rsync --server -re.iLsfxCIvu --log-file=/tmp/x . .",
  "rsync --server -re.iLsfxCIvu . $(id)",
];

/** Swaps a directory for a link that leads out, and back, as fast as it can, until it is killed. */
const SWAPPER = `
const { renameSync } = require("node:fs");
const [served] = process.argv.slice(1);
for (;;) {
  renameSync(served + "/d", served + "/aside");
  renameSync(served + "/link", served + "/d");
  renameSync(served + "/d", served + "/link");
  renameSync(served + "/aside", served + "/d");
}`;

test("rsync does not get out while a directory is swapped for a link", async (t) => {
  const setting = await setUp(t);
  if (setting === undefined) return;
  const { rsync, here, there } = setting;
  const away = makeFolder();
  for (const folder of [away, join(there, "d")]) mkdirSync(join(folder, "sub"), { recursive: true });
  writeFileSync(join(away, "secret"), "secret");
  writeFileSync(join(away, "sub", "secret"), "secret");
  writeFileSync(join(there, "d", "sub", "file"), "mine");
  symlinkSync(away, join(there, "link"));
  mkdirSync(join(here, "d", "sub"), { recursive: true });
  for (let number = 0; number < 30; number++) {
    for (const folder of [".", "d", "d/sub"]) writeFileSync(join(here, folder, `evil${number}`), "evil");
  }
  const swapper = spawn(process.execPath, ["-e", SWAPPER, there], { stdio: "ignore" });
  t.after(() => swapper.kill("SIGKILL"));
  let reached = 0;
  for (let round = 0; round < 6; round++) {
    const stolen = makeFolder();
    for (const source of ["host:d/", "host:d", "host:/", "host:d/sub/"]) await rsync("-r", source, stolen);
    const found = readdirSync(stolen, { recursive: true, encoding: "utf8" });
    assert.ok(!found.some((name) => name.includes("secret")), found.join());
    for (const target of ["host:d/", "host:d/sub", "host:d", "host:/"])
      reached += (await rsync("-r", `${here}/`, target)).status === 0 ? 1 : 0;
    assert.deepEqual(readdirSync(away, { recursive: true, encoding: "utf8" }).toSorted(), [
      "secret",
      "sub",
      "sub/secret",
    ]);
  }
  assert.ok(reached > 0, "some of them come through");
});

test("rsync is not started with an option that is not known", async (t) => {
  const setting = await setUp(t);
  const ssh = requirePeer(t, "ssh");
  if (setting === undefined || ssh === undefined) return;
  for (const command of REFUSED) {
    const { status, stdout, stderr } = await run(ssh, [...sshArguments(setting.subject), command]);
    assert.deepEqual([status, stdout], [1, ""], command);
    assert.match(stderr, /^rsync: /, command);
  }
  assert.deepEqual(readdirSync(setting.there), []);
});

test("what cannot be kept by a process is refused: other file systems, and writing where one may only read", async (t) => {
  const other = await setUp(t, () => memory());
  if (other === undefined) return;
  const refused = await other.rsync("-r", "host:/", other.here);
  assert.match(refused.stderr, /^rsync: rsync does not work on these files; take sftp$/m);

  const readOnly = await setUp(t, onlyToRead);
  if (readOnly === undefined) return;
  writeFileSync(join(readOnly.there, "file"), "read me");
  await readOnly.ok("-t", "host:file", readOnly.here);
  assert.equal(readFileSync(join(readOnly.here, "file"), "utf8"), "read me");
  for (const args of [
    [join(readOnly.here, "file"), "host:other"],
    ["--remove-source-files", "host:file", readOnly.here],
  ]) {
    const { status, stderr } = await readOnly.rsync(...args);
    assert.notEqual(status, 0);
    assert.match(stderr, /^rsync: The files can only be read$/m);
  }
  assert.deepEqual(readdirSync(readOnly.there), ["file"]);

  const watched = await setUp(t, (files) => hooks(files, {}));
  const unheard = await watched?.rsync("-r", "host:/", watched.here);
  assert.match(unheard?.stderr ?? "", /^rsync: rsync does not work on these files; take sftp$/m);

  const none = await setUp(t, () => undefined);
  assert.match((await none?.rsync("host:/", none.here))?.stderr ?? "", /^rsync: There are no files for you here$/m);
});
