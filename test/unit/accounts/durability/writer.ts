/**
 * A process that writes to a store of accounts until it is killed, and says on its standard output what has been acknowledged.
 *
 *     node writer.ts sqlite|postgres WHERE NAME FIRST
 *
 * NAME tells writers apart, FIRST is the number that it begins with.
 */
import { writeSync } from "node:fs";
import { postgresStore, sqliteStore } from "../../../../src/accounts/index.ts";
import type { AccountStore } from "../../../../src/accounts/index.ts";
import { madeRow, movedRow } from "./rows.ts";

const [kind, where = "", name = "", first = "0"] = process.argv.slice(2);
// Others write the same store, on a machine that may be slow.
const store = kind === "postgres" ? postgresStore({ url: where, patience: 60 }) : sqliteStore(where, { patience: 60 });

for (let n = Number(first); ; n++) {
  await store.insert(madeRow(name, n));
  acknowledge("made", n);
  await store.replace(madeRow(name, n).key, movedRow(name, n), 1);
  acknowledge("moved", n);
  await store.appendHistory("counter", { at: n, line: `${name} ${n}` }, 1_000_000);
  acknowledge("said", n);
  await count(store);
  acknowledge("counted", n);
}

/** At once, and not when the event loop comes to it. */
function acknowledge(what: string, n: number): void {
  writeSync(1, `${what} ${n}\n`);
}

/** Adds one to what all writers count together. */
async function count(store: AccountStore): Promise<void> {
  for (;;) {
    const row = (await store.get("counter"))!;
    const next = { ...row, revision: row.revision + 1, document: String(Number(row.document) + 1) };
    if (await store.replace("counter", next, row.revision)) return;
  }
}
