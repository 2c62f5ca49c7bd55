import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { AccountRow, AccountStore } from "../../../../src/accounts/index.ts";
import { madeRow, movedRow } from "./rows.ts";

const WRITER = new URL("writer.ts", import.meta.url).pathname;

/** Remembers what one writer's store has acknowledged, over all the processes that it has been. */
export class Witness {
  readonly name: string;
  /** How many things were acknowledged. */
  total = 0;
  /** How many processes were killed, each in the middle of at most one thing. */
  kills = 0;
  readonly #acknowledged: Readonly<Record<string, Set<number>>> = {
    made: new Set(),
    moved: new Set(),
    said: new Set(),
    counted: new Set(),
  };
  #next = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** How often the counter was raised. */
  get counted(): number {
    return this.#acknowledged["counted"]!.size;
  }

  /** Starts the writer, and kills it as soon as so many more things have been acknowledged. */
  async killAfter(things: number, kind: string, where: string): Promise<void> {
    const child = spawn(process.execPath, [WRITER, kind, where, this.name, String(this.#next)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(child, "close");
    let left = things;
    // What was written before it died is read to the end.
    for await (const line of createInterface({ input: child.stdout })) {
      const [what = "", n = ""] = line.split(" ");
      this.#acknowledged[what]!.add(Number(n));
      this.#next = Math.max(this.#next, Number(n) + 2);
      this.total++;
      if (--left === 0) child.kill("SIGKILL");
    }
    const [, signal] = (await exited) as [number | null, string | null];
    assert.equal(signal, "SIGKILL", "it ended by nothing else");
    this.kills++;
  }

  /** Asserts that what was acknowledged is in the store, and that what is there is whole. */
  async check(store: AccountStore, rows: ReadonlyMap<string, AccountRow>): Promise<void> {
    const { made, moved, said } = this.#acknowledged as Record<"made" | "moved" | "said", Set<number>>;
    let unacknowledged = 0;
    for (let n = 0; n < this.#next; n++) {
      const [before, after] = [madeRow(this.name, n), movedRow(this.name, n)];
      const [there, other] = [before, after].map(({ key }) => rows.get(key));
      assert.ok(there === undefined || other === undefined, `${before.key} is there twice`);
      if (moved.has(n)) assert.ok(other, `${after.key} was acknowledged and is gone`);
      else if (made.has(n)) assert.ok(there ?? other, `${before.key} was acknowledged and is gone`);
      else if ((there ?? other) !== undefined) unacknowledged++;
      if (there !== undefined) assert.deepEqual(there, before);
      if (other !== undefined) assert.deepEqual(other, after);
    }
    assert.ok(unacknowledged <= this.kills, "more was done than was under way");
    const lines = (await store.history("counter", 1_000_000)).filter(({ line }) => line.startsWith(`${this.name} `));
    const numbers = lines.map(({ at }) => at);
    assert.deepEqual(
      numbers,
      [...new Set(numbers)].toSorted((a, b) => a - b),
      "no line twice, and in order",
    );
    for (const n of said) assert.ok(numbers.includes(n), `the line ${n} of ${this.name} was acknowledged and is gone`);
    assert.ok(numbers.length <= said.size + this.kills);
  }
}

/**
 * Kills two writers of one store again and again, and looks after each time whether all is there that has to be.
 *
 * @param settled when what the dead had under way has been done, or not.
 */
export async function killAgainAndAgain(
  rounds: number,
  kind: "sqlite" | "postgres",
  where: string,
  open: () => AccountStore,
  settled: () => Promise<void> = () => Promise.resolve(),
): Promise<Witness[]> {
  const writers = [new Witness("ada"), new Witness("bob")];
  const first = open();
  await first.insert({ key: "counter", revision: 1, document: "0", fingerprints: [] });
  await first.close();
  for (let round = 0; round < rounds; round++) {
    // Other counts each time, so that each kind of write is what is under way at some time.
    await Promise.all(writers.map((writer, at) => writer.killAfter(5 + ((round * 7 + at * 3) % 30), kind, where)));
    await settled();
    const store = open();
    const rows = new Map((await all(store)).map((row) => [row.key, row]));
    for (const writer of writers) await writer.check(store, rows);
    const [acknowledged, kills] = [sum(writers, "counted"), sum(writers, "kills")];
    const counter = rows.get("counter")!;
    const count = Number(counter.document);
    assert.equal(counter.revision, count + 1);
    assert.ok(count >= acknowledged && count <= acknowledged + kills, `${acknowledged} were counted, not ${count}`);
    for (const { key, fingerprints } of rows.values()) {
      for (const fingerprint of fingerprints) assert.equal((await store.findByKey(fingerprint))?.key, key);
    }
    await store.close();
  }
  return writers;
}

function sum(writers: readonly Witness[], what: "counted" | "kills"): number {
  return writers.reduce((total, writer) => total + writer[what], 0);
}

async function all(store: AccountStore): Promise<readonly AccountRow[]> {
  const rows: AccountRow[] = [];
  for (;;) {
    const after = rows.at(-1)?.key;
    const page = await store.list({ limit: 100, ...(after !== undefined && { after }) });
    rows.push(...page);
    if (page.length < 100) return rows;
  }
}
