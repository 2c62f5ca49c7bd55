import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runForClient } from "../../../../src/files/process/child.ts";
import type { ChildOptions } from "../../../../src/files/process/child.ts";
import { Server } from "../../../../src/index.ts";
import { exec, openPipe } from "../../../../src/testing/index.ts";
import { until } from "../../../interop/harness/until.ts";

const ENVIRONMENT = { PATH: "/usr/bin:/bin" };

/** A server whose program `run` is this script of a shell. */
function serverOf(script: string, options: Partial<ChildOptions> = {}): Server {
  const server = new Server({ allowAnyone: true, log: false });
  server.program("run", (client, _, { signal }) =>
    runForClient(client, { program: "/bin/sh", args: ["-c", script], cwd: "/", env: ENVIRONMENT, signal, ...options }),
  );
  return server;
}

test("bytes go through a process and back, and its status is that of the session", async () => {
  const input = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 256));
  const { status, bytes, stderr } = await exec(serverOf("cat; exit 7"), "run", { input });
  assert.deepEqual([status, stderr], [7, ""]);
  assert.deepEqual(Buffer.from(bytes), input);
});

test("a process has the environment that it was given, and no other", async () => {
  const { stdout } = await exec(serverOf("exec /usr/bin/env", { env: { A: "1" } }), "run");
  assert.deepEqual(
    // A shell adds some of its own, and Node one when it measures coverage.
    stdout.split("\n").filter((line) => !/^(PWD|SHLVL|_|OLDPWD|NODE_V8_COVERAGE)=/.test(line)),
    ["A=1", ""],
  );
});

test("a process that is ended by a signal has the status that a shell gives", async () => {
  assert.equal((await exec(serverOf("kill -9 $$"), "run")).status, 137);
});

test("a program that is not there is an error of the server's", async () => {
  const { status, stdout } = await exec(serverOf("", { program: "/nowhere/at/all" }), "run");
  assert.deepEqual([status, stdout], [1, ""]);
});

test("what a process complains about is made safe to look at, and bounded", async () => {
  const { status, stderr } = await exec(serverOf(`printf 'a\\033[2Jb\\n' >&2`), "run");
  assert.deepEqual([status, stderr], [0, "a\\x1b[2Jb\n"]);
  const much = await exec(serverOf("head -c 1000000 /dev/zero | tr '\\0' x >&2"), "run");
  assert.deepEqual([much.status, much.stderr.length], [0, 65_536]);
});

test("a process that does not read does not hold the session up when it ends", async () => {
  const { status } = await exec(serverOf("exit 3"), "run", { input: Buffer.alloc(1_000_000) });
  assert.equal(status, 3);
});

test("a process and its children end with the session", async () => {
  await using pipe = await openPipe(serverOf("trap '' HUP; sleep 1000 & echo $$ $!; wait"), { command: "run" });
  const [, ...pids] = await pipe.waitFor(/^(\d+) (\d+)\n/);
  pipe.hangUp();
  for (const pid of pids.map(Number)) {
    await until("the end of a process", () => !isAlive(pid));
  }
});

test("a process that is given time for it ends by the end of its input, and tidies up", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-child-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const script = `echo ready; cat > /dev/null; echo > ${folder}/tidy`;
  await using pipe = await openPipe(serverOf(`echo $$; ${script}`, { patience: 60_000 }), { command: "run" });
  const [, pid] = await pipe.waitFor(/^(\d+)\nready\n/);
  pipe.hangUp();
  await until("the end of the process", () => !isAlive(Number(pid)));
  assert.ok(existsSync(join(folder, "tidy")));
});

test("a process that does not want to end is made to", async () => {
  await using pipe = await openPipe(serverOf("trap '' TERM; echo $$; while :; do sleep 0.2; done"), { command: "run" });
  const [, pid] = await pipe.waitFor(/^(\d+)\n/);
  pipe.hangUp();
  await until("the end of the process", () => !isAlive(Number(pid)));
});

/** Whether a process runs. One that has ended and that nobody has waited for does not, though it still has its number. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync("/proc/self/stat") || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false; // there is none
  }
}
