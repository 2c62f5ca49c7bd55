import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { directory, serveFiles } from "../../../src/files/index.ts";
import type { FileSystem, RsyncOptions } from "../../../src/files/index.ts";
import { makeFolder, run, startSubject } from "../harness/index.ts";
import type { Finished, Subject } from "../harness/index.ts";
import { sshArguments } from "../openssh/client.ts";
import { requirePeer } from "../peers.ts";

/** rsync at both ends. */
export interface Setting {
  readonly subject: Subject;
  readonly outside: string;
  /** What the server serves; it lies in `outside`. */
  readonly there: string;
  readonly here: string;
  /** Arguments of `rsync` that lead it to the server. */
  readonly shell: readonly string[];
  /** Runs rsync; `host:` stands for the server. */
  readonly rsync: (...args: readonly string[]) => Promise<Finished>;
  /** As `rsync`, and it has to work without a word. */
  readonly ok: (...args: readonly string[]) => Promise<string>;
}

export async function setUp(
  t: TestContext,
  wrap: (files: FileSystem) => FileSystem | undefined = (files) => files,
  options: RsyncOptions = {},
): Promise<Setting | undefined> {
  const program = requirePeer(t, "rsync");
  const ssh = requirePeer(t, "ssh");
  if (program === undefined || ssh === undefined) return undefined;
  const bwrap = requirePeer(t, "bwrap");
  if (bwrap === undefined) return undefined;
  const { status, stderr } = await run(bwrap, ["--ro-bind", "/", "/", "true"]);
  // A container may not let anybody make one.
  if (status !== 0) {
    t.skip(`bwrap cannot make a sandbox here: ${stderr}`);
    return undefined;
  }
  const outside = makeFolder();
  const there = join(outside, "served");
  mkdirSync(there);
  const subject = await startSubject(t);
  const files = wrap(directory(there));
  serveFiles(subject.server, { fileSystem: () => files, rsync: options });
  const shell = ["-e", [ssh, ...sshArguments(subject).slice(0, -1)].map((word) => `'${word}'`).join(" ")];
  const call = (...args: readonly string[]): Promise<Finished> =>
    run(program, [...shell, ...args.map((word) => word.replace(/^host:/, "127.0.0.1:"))]);
  return {
    subject,
    outside,
    there,
    here: makeFolder(),
    shell,
    rsync: call,
    ok: async (...args) => {
      const { status, stdout, stderr } = await call(...args);
      assert.deepEqual([status, stderr], [0, ""], args.join(" "));
      return stdout;
    },
  };
}

/** Bytes that look random, always the same of one length. */
export function noise(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 4096) {
    createHash("sha512")
      .update(String(at + size))
      .digest()
      .copy(bytes, at);
  }
  return bytes;
}
