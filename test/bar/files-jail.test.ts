/** Security bar, part A4: a directory of the disk by SFTP, and the ways out of it. */
import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { Worker } from "node:worker_threads";
import { directory } from "../../src/files/index.ts";
import type { DirectoryOptions } from "../../src/files/index.ts";
import { OpenBit, Packet, Status } from "../../src/files/sftp/wire/numbers.ts";
import { attrs, string, u32 } from "../sftp/index.ts";
import type { Orders } from "../unit/files/disk/attacker.ts";
import { Bar, SftpPeer } from "./harness/index.ts";

const { READ, WRITE, CREAT } = OpenBit;
const SECRET = "TOP-SECRET";

/** A directory `jail` that is served, and beside it `jail_evil` with a secret. */
async function open(t: TestContext, options: DirectoryOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-bar-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [root, outside] = [join(folder, "jail"), join(folder, "jail_evil")];
  mkdirSync(join(root, "w"), { recursive: true });
  mkdirSync(outside);
  writeFileSync(join(outside, "secret"), SECRET);
  chmodSync(join(outside, "secret"), 0o666);
  const sftp = await SftpPeer.open(await Bar.open(t), directory(root, options));
  const { client } = sftp;
  const call = (type: number, ...fields: readonly Uint8Array[]) => sftp.wait(client.call(type, ...fields));
  /** What is read by a path; undefined if it cannot be opened. */
  const slurp = async (path: string): Promise<string | undefined> => {
    const opened = await sftp.wait(client.open(path, READ));
    if (opened.type !== Packet.HANDLE) return undefined;
    const read = await sftp.wait(client.read(opened.handle, 0, 100));
    await call(Packet.CLOSE, string(opened.handle));
    return read.type === Packet.DATA ? String(read.data) : "";
  };
  const assertUntouched = (): void => {
    assert.deepEqual(readdirSync(outside), ["secret"]);
    assert.equal(readFileSync(join(outside, "secret"), "utf8"), SECRET);
    assert.equal(statSync(join(outside, "secret")).mode & 0o777, 0o666);
    assert.equal(statSync(join(outside, "secret")).nlink, 1);
  };
  return { root, outside, sftp, call, slurp, assertUntouched };
}

const isRefusal = ({ status }: { readonly status: number | undefined }): boolean =>
  status !== undefined && status !== Status.OK;

/** Every request that changes or opens something, by a path outside. */
function requestsFor(path: string): [number, ...Uint8Array[]][] {
  return [
    [Packet.OPEN, string(`${path}/secret`), u32(READ), attrs()],
    [Packet.OPEN, string(`${path}/new`), u32(WRITE | CREAT), attrs()],
    [Packet.OPENDIR, string(path)],
    [Packet.STAT, string(`${path}/secret`)],
    [Packet.SETSTAT, string(`${path}/secret`), attrs({ size: 0 })],
    [Packet.SETSTAT, string(`${path}/secret`), attrs({ mode: 0o777 })],
    [Packet.REMOVE, string(`${path}/secret`)],
    [Packet.MKDIR, string(`${path}/made`), attrs()],
    [Packet.RENAME, string(`${path}/secret`), string("/w/stolen")],
    [Packet.RENAME, string("/w/mine"), string(`${path}/mine`)],
    [Packet.EXTENDED, string("posix-rename@openssh.com"), string(`${path}/secret`), string("/w/stolen")],
    [Packet.EXTENDED, string("hardlink@openssh.com"), string(`${path}/secret`), string("/w/hard")],
    [Packet.SYMLINK, string("x"), string(`${path}/link`)],
  ];
}

test("A78, A81: no path leads out, whatever `..` and names it is made of, and none shows where the root lies", async (t) => {
  const { root, outside, call, slurp, assertUntouched } = await open(t);
  writeFileSync(join(root, "w", "mine"), "mine");
  const up = "../".repeat(12);
  const sibling = basename(outside);
  const ways = [
    outside,
    `${up}${outside.slice(1)}`,
    `/${up}${outside.slice(1)}`,
    `../${sibling}`,
    `/../${sibling}`,
    `/w/../../${sibling}`,
    `_evil`,
    `/jail_evil`,
    `....//....//${outside.slice(1)}`,
    `/w/%2e%2e/%2e%2e/${sibling}`,
    `..\\..\\${sibling}`,
    `/proc/self/root${outside}`,
    `~root/${up}${outside.slice(1)}`,
  ];
  for (const way of ways) {
    assert.equal(await slurp(`${way}/secret`), undefined, way);
    for (const [type, ...fields] of requestsFor(way)) {
      const reply = await call(type, ...fields);
      assert.ok(isRefusal(reply), `request ${type} by ${way}`);
      assert.ok(!reply.message.includes(root) && !reply.message.includes(outside), reply.message);
    }
  }
  for (const path of ["..", "/..", up, ".", "/", "../../x/..", "/w", "/w/.."]) {
    const { path: real } = await call(Packet.REALPATH, string(path));
    assert.ok(real === "/" || real === "/w", `${path} is ${real}`);
  }
  assertUntouched();
});

for (const links of ["inside", "any"] as const) {
  test(`A79, A81: no link leads out, whoever made it, and a client's own are ${links === "any" ? "kept" : "refused or turned inward"}`, async (t) => {
    const { root, outside, call, slurp, assertUntouched } = await open(t, { links });
    writeFileSync(join(root, "w", "mine"), "mine");
    const up = "../".repeat(12);
    const targets = [
      outside,
      `${outside}/secret`,
      `${up}${outside.slice(1)}`,
      `../../${basename(outside)}`,
      "../../../..",
      "/",
      "/proc/self/root",
      "/proc/self/cwd",
      `/proc/self/fd/0/../../../..${outside}`,
    ];
    const planted = targets.flatMap((target, number) => {
      symlinkSync(target, join(root, "w", `theirs-${number}`));
      return [`/w/theirs-${number}`, `/w/own-${number}`];
    });
    // The root's own path is known to who made these, and is not told to who reads them.
    for (const [number, target] of [root, join(root, "w")].entries()) {
      symlinkSync(target, join(root, "w", `known-${number}`));
      planted.push(`/w/known-${number}`);
    }
    for (const [number, target] of targets.entries()) {
      const { status } = await call(Packet.SYMLINK, string(target), string(`/w/own-${number}`));
      const leadsOut = links === "inside" && target.startsWith("..");
      assert.equal(status, leadsOut ? Status.PERMISSION_DENIED : Status.OK, target);
    }
    for (const path of planted) {
      for (const way of [
        path,
        `${path}/secret`,
        `${path}${outside}/secret`,
        `${path}/../${basename(outside)}/secret`,
      ]) {
        const got = await slurp(way);
        assert.ok(got === undefined || !got.includes(SECRET), way);
      }
      for (const [type, ...fields] of requestsFor(path)) await call(type, ...fields);
      for (const [type, asked] of [
        [Packet.READLINK, path],
        [Packet.REALPATH, path],
        [Packet.REALPATH, `${path}/secret`],
      ] as const) {
        const reply = await call(type, string(asked));
        const told = reply.type === Packet.NAME ? reply.path : reply.message;
        assert.ok(told !== root && !told.includes(`${root}/`), `${type} of ${asked} tells ${told}`);
      }
    }
    for (const path of ["/w/hard", "/w/stolen"]) assert.notEqual(await slurp(path), SECRET);
    assertUntouched();
  });
}

test("A80: a directory is swapped with a link to the outside while a client opens through it, 2,000 times", async (t) => {
  const { root, outside, call, slurp, sftp, assertUntouched } = await open(t);
  mkdirSync(join(root, "w", "race"));
  writeFileSync(join(root, "w", "race", "secret"), "inside");
  symlinkSync(outside, join(root, "w", "link"));
  const state = new SharedArrayBuffer(8);
  const numbers = new Int32Array(state);
  const orders: Orders = { swaps: [{ name: join(root, "w", "race"), others: [join(root, "w", "link")] }], state };
  const attacker = new Worker(new URL("../unit/files/disk/attacker.ts", import.meta.url), { workerData: orders });
  const seen = { inside: 0, refused: 0 };
  try {
    for (let tries = 0; tries < 2000 || seen.inside === 0 || seen.refused === 0; tries++) {
      const got = await slurp("/w/race/secret");
      assert.ok(got === undefined || got === "inside", got);
      seen[got === undefined ? "refused" : "inside"]++;
      const made = await sftp.wait(sftp.client.open(`/w/race/new-${tries}`, WRITE | CREAT));
      if (made.type === Packet.HANDLE) await call(Packet.CLOSE, string(made.handle));
    }
  } finally {
    Atomics.store(numbers, 0, 1);
    await once(attacker, "exit");
  }
  t.diagnostic(`${seen.inside} opens led in and ${seen.refused} nowhere, beside ${Atomics.load(numbers, 1)} swaps`);
  assertUntouched();
});
