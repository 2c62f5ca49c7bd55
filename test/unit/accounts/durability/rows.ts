import type { AccountRow } from "../../../../src/accounts/index.ts";

/** More than one page of a database. */
const FILLER = "x".repeat(6000);

/** An account as a writer makes it. */
export function madeRow(name: string, n: number): AccountRow {
  return rowOf(`${name}-${n}`, 1, [`SHA256:${name}-${n}-a`, `SHA256:${name}-${n}-b`]);
}

/** The same when it has another name, another document, and one of its keys was replaced: all of it is one change. */
export function movedRow(name: string, n: number): AccountRow {
  return rowOf(`${name}-${n}-moved`, 2, [`SHA256:${name}-${n}-b`, `SHA256:${name}-${n}-c`]);
}

function rowOf(key: string, revision: number, fingerprints: readonly string[]): AccountRow {
  return { key, revision, document: JSON.stringify({ key, revision, filler: FILLER }), fingerprints };
}
