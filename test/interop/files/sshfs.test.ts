import assert from "node:assert/strict";
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { run } from "../harness/index.ts";
import { peer, requirePeer } from "../peers.ts";
import { openSshConfig } from "./clients.ts";
import { digestOf, startFiles, writeNoise } from "./ground.ts";
import type { Ground } from "./ground.ts";

/** Mounts the root of the server; undefined where that cannot be done. */
async function mount(t: TestContext, ground: Ground): Promise<string | undefined> {
  const point = join(ground.here, "mounted");
  mkdirSync(point);
  try {
    accessSync("/dev/fuse", constants.R_OK | constants.W_OK);
  } catch {
    t.skip("there is no FUSE here");
    return undefined;
  }
  // In a container the device may be there and mounting forbidden.
  // It knows some options of ssh, and is to hand on the others in a file.
  const file = join(ground.here, "ssh_config");
  writeFileSync(
    file,
    Object.entries(openSshConfig(ground))
      .map(([option, value]) => `${option} ${value}\n`)
      .join(""),
  );
  const mounted = await run(peer("sshfs") ?? "sshfs", ["127.0.0.1:/", point, "-F", file]);
  if (mounted.status !== 0) {
    if (!/fusermount|mount failed|Operation not permitted/.test(mounted.stderr)) assert.fail(mounted.stderr);
    t.skip(`FUSE cannot mount here: ${mounted.stderr.trim()}`);
    return undefined;
  }
  // Called before the server is closed: the last that is added is the first.
  t.after(() => run("fusermount3", ["-u", "-z", point]));
  return point;
}

/** All that touches the mounted files is done by other programs: this process serves them, and would wait for itself. */
async function shell(script: string, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await run("/bin/sh", ["-euc", script, "sh", ...args]);
  assert.equal(status, 0, `${script}\n${stderr}`);
  return stdout;
}

test("sshfs mounts the files, and programs use them as any others", async (t) => {
  if (requirePeer(t, "sshfs") === undefined) return;
  const ground = await startFiles(t, { uploads: "in-place" });
  const point = await mount(t, ground);
  if (point === undefined) return;
  const { root, here } = ground;
  const sent = await writeNoise(join(here, "sent"), 5_000_003);
  const out = await shell(
    `cd "$1"
     mkdir d; cp -p "$2" d/file; cmp "$2" d/file
     printf 'hello ' > note; printf 'world' >> note; cat note; printf 'shorter' > note; cat note
     mv note d/note; ln -s note d/link; cat d/link; chmod 600 d/note
     dd if=/dev/zero of=d/file bs=1 seek=1000 count=10 conv=notrunc 2>/dev/null
     truncate -s 2000 d/file; cp d/file d/copy; rm d/file
     : > many.0; for i in 1 2 3 4 5 6 7 8 9; do echo $i > many.$i; done; ls | wc -l
     test "$(stat -c %s d/copy)" = 2000; df . > /dev/null`,
    point,
    sent,
  );
  assert.equal(out.replaceAll(/\s+/g, " ").trim(), "hello worldshortershorter11");
  assert.deepEqual(readdirSync(join(root, "d")).toSorted(), ["copy", "link", "note"]);
  const expected = readFileSync(sent).subarray(0, 2000);
  expected.fill(0, 1000, 1010);
  assert.deepEqual(readFileSync(join(root, "d", "copy")), expected);
});

test("sshfs with uploads that replace: what is written is there when the file is closed", async (t) => {
  if (requirePeer(t, "sshfs") === undefined) return;
  const ground = await startFiles(t);
  const point = await mount(t, ground);
  if (point === undefined) return;
  const sent = await writeNoise(join(ground.here, "sent"), 1_000_003);
  const out = await shell(
    `cd "$1"
     for i in 1 2 3 4 5 6 7 8 9 10; do echo "$i" > f; cat f; done
     cp "$2" f; cmp "$2" f; cp "$2" f; cmp "$2" f; ls -A`,
    point,
    sent,
  );
  assert.equal(out, "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\nf\n");
  assert.equal(await digestOf(join(ground.root, "f")), await digestOf(sent));
});
