import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { Worker } from "node:worker_threads";
import type { Awaitable } from "../../../../src/index.ts";
import { FileError } from "../../../../src/files/index.ts";
import type { DirectoryFileSystem, FileSystem } from "../../../../src/files/index.ts";
import type { Orders, Swap } from "./attacker.ts";
import { download, DOWNLOAD, list, makeGround, RESUME, UPLOAD } from "./ground.ts";
import type { Ground } from "./ground.ts";

const TRIES = 4000;
const AT_ONCE = 8;
const SECRET = "TOP-SECRET";

/** One way to get out: it gives what it saw, and the secret must not be in it. */
type Attempt = (disk: DirectoryFileSystem, number: number) => Awaitable<unknown>;

/** Reads and lists, through the name that is swapped. */
const readings: Readonly<Record<string, Attempt>> = {
  download: (disk) => download(disk, "/race/file"),
  "download of a file that is swapped itself": (disk) => download(disk, "/swapped"),
  stat: async (disk) => (await disk.stat("/race/only-outside")).size,
  listing: (disk) => list(disk, "/race"),
  realpath: (disk) => disk.realpath("/race/file"),
  "local directory": async (disk) => {
    const local = await disk.localDirectory("/race");
    try {
      return readdirSync(local.path);
    } finally {
      await local.close();
    }
  },
};

/** Changes, through the name that is swapped. */
const changes: Readonly<Record<string, Attempt>> = {
  upload: (disk) => writeTo(disk, "/race/file", UPLOAD),
  "upload of a file that is swapped itself": (disk) => writeTo(disk, "/swapped", UPLOAD),
  resume: (disk) => writeTo(disk, "/race/file", RESUME),
  "new file": (disk, number) => writeTo(disk, `/race/new-${number}`, UPLOAD),
  "change of the mode": (disk) => disk.setstat("/race/file", { mode: 0o777 }),
  "change of the size": (disk) => disk.setstat("/swapped", { size: 1 }),
  mkdir: (disk, number) => disk.mkdir(`/race/made-${number}`, {}),
  "rename into it": async (disk, number) => {
    await writeTo(disk, `/mine-${number}`, UPLOAD);
    await disk.rename(`/mine-${number}`, `/race/mine-${number}`, { replace: true });
  },
  "rename out of it": (disk, number) => disk.rename("/race/only-outside", `/got-${number}`, { replace: true }),
  unlink: (disk) => disk.unlink("/race/only-outside"),
  link: (disk, number) => disk.link("/race/only-outside", `/hard-${number}`),
  symlink: (disk, number) => disk.symlink("file", `/race/link-${number}`),
};

test("an attacker who swaps links while the server opens: nothing outside is read", async (t) => {
  const ground = prepare();
  const seen = await attack(t, ground, readings, (root, outside) => [
    // The name leads to a link to the outside now, and to a directory then.
    { name: join(root, "race"), others: [join(root, "absolute"), join(root, "relative")] },
    { name: join(root, "swapped"), others: [join(root, "file-link")] },
    // And what the links lead to changes too.
    { name: join(outside, "file"), others: [join(outside, "file-2")] },
  ]);
  assert.ok(!JSON.stringify([...seen]).includes(SECRET) && !JSON.stringify([...seen]).includes("only-outside"));
});

test("an attacker who swaps links while the server opens: nothing outside is changed", async (t) => {
  const ground = prepare();
  await attack(t, ground, changes, (root) => [
    { name: join(root, "race"), others: [join(root, "absolute"), join(root, "relative")] },
    { name: join(root, "swapped"), others: [join(root, "file-link")] },
  ]);
  assertUntouched(ground);
});

test("an attacker who moves the directory itself out of the root and back, and a link in its place", async (t) => {
  const ground = prepare();
  const { root, outside } = ground;
  mkdirSync(join(outside, "..", "exile"));
  // What is found through the name may be a link out, nothing, or the directory; it never is what a link leads to.
  const seen = await attack(t, ground, readings, () => [
    { name: join(root, "race"), others: [join(root, "absolute")] },
    { name: join(root, "race"), others: [join(outside, "..", "exile")] },
  ]);
  assert.ok(!JSON.stringify([...seen]).includes(SECRET));
});

function prepare(): Ground {
  const ground = makeGround({ links: "any" });
  const { root, outside } = ground;
  mkdirSync(join(root, "race"));
  writeFileSync(join(root, "race", "file"), "inside");
  writeFileSync(join(root, "swapped"), "inside");
  writeFileSync(join(outside, "file"), SECRET, { mode: 0o600 });
  writeFileSync(join(outside, "file-2"), SECRET, { mode: 0o600 });
  writeFileSync(join(outside, "only-outside"), SECRET, { mode: 0o600 });
  symlinkSync(outside, join(root, "absolute"));
  symlinkSync("../jail_evil", join(root, "relative"));
  symlinkSync(join(outside, "file"), join(root, "file-link"));
  return ground;
}

function assertUntouched({ outside }: Ground): void {
  assert.deepEqual(readdirSync(outside).toSorted(), ["file", "file-2", "only-outside"]);
  for (const name of readdirSync(outside)) {
    assert.equal(readFileSync(join(outside, name), "utf8"), SECRET);
    const { mode, nlink } = statSync(join(outside, name));
    assert.deepEqual([mode & 0o777, nlink], [0o600, 1]);
  }
}

/** Tries every way beside a thread that swaps, until each was tried and each swap came often; gives all that was seen. */
async function attack(
  t: TestContext,
  { disk, root, outside }: Ground,
  attempts: Readonly<Record<string, Attempt>>,
  swaps: (root: string, outside: string) => readonly Swap[],
): Promise<ReadonlySet<unknown>> {
  const state = new SharedArrayBuffer(8);
  const numbers = new Int32Array(state);
  const orders: Orders = { swaps: swaps(root, outside), state };
  const worker = new Worker(new URL("attacker.ts", import.meta.url), { workerData: orders });
  await once(worker, "online");
  const seen = new Set<unknown>();
  const counts = { tries: 0, done: 0, refused: 0 };
  try {
    const ways = Object.values(attempts);
    const work = async (): Promise<void> => {
      while (counts.tries < TRIES || Atomics.load(numbers, 1) < TRIES / 10) {
        const number = counts.tries++;
        try {
          seen.add(await ways[number % ways.length]!(disk, number));
          counts.done++;
        } catch (error) {
          if (!(error instanceof FileError)) throw error;
          seen.add(error.message);
          counts.refused++;
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    Atomics.store(numbers, 0, 1);
    await once(worker, "exit");
  }
  const swapped = Atomics.load(numbers, 1);
  t.diagnostic(`${counts.tries} tries, of which ${counts.refused} were refused, beside ${swapped} swaps: 0 led out`);
  // Both the directory and what was swapped for it were met, or nothing was tried.
  assert.ok(counts.done > 0 && counts.refused > 0 && swapped > 0);
  return seen;
}

async function writeTo(disk: FileSystem, path: string, flags: typeof UPLOAD): Promise<void> {
  const file = await disk.open(path, flags, {});
  try {
    await file.write!(Buffer.from("overwritten"), 0);
  } finally {
    await file.close();
  }
}

test("the same attacker gets out of a jail that looks at a name first and opens it afterwards", async (t) => {
  const ground = prepare();
  const { root } = ground;
  const state = new SharedArrayBuffer(8);
  const numbers = new Int32Array(state);
  const orders: Orders = { swaps: [{ name: join(root, "race"), others: [join(root, "absolute")] }], state };
  const worker = new Worker(new URL("attacker.ts", import.meta.url), { workerData: orders });
  let tries = 0;
  try {
    for (let got = ""; got !== SECRET; tries++) {
      const path = join(root, "race", "file");
      const real = await realpath(path).catch(() => "");
      if (real.startsWith(`${root}/`)) got = await readFile(path, "utf8").catch(() => "");
    }
  } finally {
    Atomics.store(numbers, 0, 1);
    await once(worker, "exit");
  }
  t.diagnostic(`out after ${tries} tries`);
});

test("each way works where nobody swaps", async () => {
  const { disk } = prepare();
  assert.equal(await download(disk, "/race/file"), "inside");
  await writeTo(disk, "/race/file", UPLOAD);
  const file = await disk.open("/race/file", DOWNLOAD, {});
  assert.equal((await file.stat()).size, 11);
  await file.close();
});
