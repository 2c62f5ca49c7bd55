import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { requirePeer } from "../peers.ts";
import type { PeerName } from "../peers.ts";
import { digestOf, sizeOf, startFiles, writeBeginning, writeNoise } from "./ground.ts";
import type { Ground } from "./ground.ts";

/** Moves one file: `local` is a path of this machine, `remote` one of the server. */
type Move = (ground: Ground, local: string, remote: string) => Promise<void>;

/** A program or library that moves files, and how it is told to. */
export interface FilePeer {
  readonly name: PeerName;
  /** What it is called in the titles of tests, if it is one of several ways of a peer. */
  readonly title?: string;
  readonly put: Move;
  readonly get: Move;
  /** Goes on with what there is of it at the other end. Absent: it cannot. */
  readonly resumePut?: Move;
  readonly resumeGet?: Move;
}

const KIB = 1024;
/** Nothing, next to nothing, and what is about as long as the pieces that files are moved in. */
const SIZES = [0, 1, 32 * KIB - 1, 32 * KIB, 32 * KIB + 1, 1024 * KIB + 7];
const LONG = 6 * KIB * KIB + 11;
const BEGINNING = 2 * KIB * KIB + 5;

/** Makes the tests that everything that moves files has to pass. */
export function testFilePeer(peer: FilePeer): void {
  const { name, title = name, put, get, resumePut, resumeGet } = peer;

  test(`${title} puts and gets 0 B, 1 B, 32 KiB ± 1 B and 1 MiB`, async (t) => {
    if (requirePeer(t, name) === undefined) return;
    const ground = await startFiles(t);
    const { root, here } = ground;
    await writeNoise(join(root, `file-${SIZES.at(-1)}`), 3 * KIB * KIB);
    for (const size of SIZES) {
      const sent = await writeNoise(join(here, `out ${size}`), size);
      const digest = await digestOf(sent);
      // The last is there already, and is replaced.
      await put(ground, sent, `/file-${size}`);
      assert.equal(statSync(join(root, `file-${size}`)).size, size);
      assert.equal(await digestOf(join(root, `file-${size}`)), digest, `${size} bytes, on the way up`);
      const back = join(here, `in ${size}`);
      await get(ground, back, `/file-${size}`);
      assert.equal(await digestOf(back), digest, `${size} bytes, on the way down`);
    }
    assert.deepEqual(readdirSync(root).toSorted(), SIZES.map((size) => `file-${size}`).toSorted());
    await ground.allClosed();
  });

  if (resumePut !== undefined) {
    test(`${title} goes on with an upload that broke off`, async (t) => {
      if (requirePeer(t, name) === undefined) return;
      const ground = await startFiles(t);
      const sent = await writeNoise(join(ground.here, "whole"), LONG);
      const there = join(ground.root, "file");
      await writeBeginning(sent, there, BEGINNING);
      const { ino } = statSync(there);
      await resumePut(ground, sent, "/file");
      assert.equal(await digestOf(there), await digestOf(sent));
      // It was gone on with, and not begun anew.
      assert.equal(statSync(there).ino, ino);
      await ground.allClosed();
    });
  }

  if (resumeGet !== undefined) {
    test(`${title} goes on with a download that broke off`, async (t) => {
      if (requirePeer(t, name) === undefined) return;
      const ground = await startFiles(t);
      const there = await writeNoise(join(ground.root, "file"), LONG);
      const back = join(ground.here, "file");
      await writeBeginning(there, back, BEGINNING);
      await resumeGet(ground, back, "/file");
      assert.equal(await digestOf(back), await digestOf(there));
      assert.equal(sizeOf(back), LONG);
      await ground.allClosed();
    });
  }
}
