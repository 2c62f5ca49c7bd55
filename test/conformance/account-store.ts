/** What every store of accounts has to do, whatever it is made of. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import * as fc from "fast-check";
import type { AccountErrorCode, AccountRow, AccountStore } from "../../src/accounts/index.ts";
import { AccountError, memoryStore } from "../../src/accounts/index.ts";

/** A store that is empty, for one test; undefined when what it needs is not here, and the test has been skipped. */
export type MakeStore = (t: TestContext) => Promise<AccountStore | undefined>;

/** A row with what a test does not care about. */
export function row(key: string, fields: Partial<AccountRow> = {}): AccountRow {
  return { key, revision: 1, document: JSON.stringify({ name: key }), fingerprints: [], ...fields };
}

/** Asserts that something fails with an AccountError of this code. */
export async function fails(doing: Promise<unknown>, code: AccountErrorCode): Promise<void> {
  await assert.rejects(doing, (error) => error instanceof AccountError && error.code === code);
}

async function keysIn(store: AccountStore): Promise<string[]> {
  return (await store.list({ limit: 1000 })).map(({ key }) => key);
}

async function linesOf(store: AccountStore, key: string, limit = 1000): Promise<string[]> {
  return (await store.history(key, limit)).map(({ line }) => line);
}

/** Something that is asked of a store, about one of few accounts and few public keys. */
interface Request {
  readonly what: "insert" | "replace" | "rename" | "remove" | "history" | "forget" | "login";
  readonly key: string;
  readonly other: string;
  readonly fingerprints: readonly string[];
  readonly revision: number;
  readonly number: number;
}

const anyRequest: fc.Arbitrary<Request> = fc.record({
  what: fc.constantFrom("insert", "insert", "replace", "replace", "rename", "remove", "history", "forget", "login"),
  key: fc.constantFrom("a", "b", "c"),
  other: fc.constantFrom("a", "b", "c", "d"),
  fingerprints: fc.uniqueArray(fc.constantFrom("x", "y", "z"), { maxLength: 2 }),
  revision: fc.constantFrom(1, 1, 2, 3),
  number: fc.nat({ max: 5 }),
});

/** What a request came to: what it gave, or its error, and all that is there behind it. */
async function outcomeOf(store: AccountStore, request: Request, prefix: string): Promise<unknown> {
  const { what, key, other, revision, number } = request;
  const [mine, theirs] = [prefix + key, prefix + other];
  const fingerprints = request.fingerprints.map((one) => prefix + one);
  const DOING: Readonly<Record<Request["what"], () => Promise<unknown>>> = {
    insert: () => store.insert(row(mine, { fingerprints })),
    replace: () => store.replace(mine, row(mine, { revision: revision + 1, fingerprints }), revision),
    rename: () => store.replace(mine, row(theirs, { revision: revision + 1, fingerprints }), revision),
    remove: () => store.remove(mine, number > 2 ? revision : undefined),
    history: () => store.appendHistory(mine, { at: number, line: `line ${number}` }, 3),
    forget: () => store.clearHistory(mine),
    login: () => store.recordLogin(mine, { at: number, address: "192.0.2.1", method: "password" }),
  };
  const gave = await DOING[what]().catch((error: unknown) => (error instanceof AccountError ? error.code : error));
  const rows = (await store.list({ after: prefix, limit: 9 })).filter(({ key: name }) => name.startsWith(prefix));
  const all = rows.map(async (one) => ({
    ...one,
    fingerprints: one.fingerprints.toSorted(),
    history: await store.history(one.key, 9),
    login: await store.lastLogin(one.key),
  }));
  const owner = await store.findByKey(`${prefix}x`);
  return { gave: gave ?? "done", rows: await Promise.all(all), owner: owner?.key };
}

/** Registers the tests of a store; each begins with one that is empty. */
export function testAccountStore(name: string, makeStore: MakeStore): void {
  describe(`an account store: ${name}`, () => {
    const check = (what: string, body: (store: AccountStore) => Promise<void>): void => {
      test(what, async (t) => {
        const store = await makeStore(t);
        if (store === undefined) return;
        await store.prepare();
        t.after(() => store.close());
        await body(store);
      });
    };

    check("it can be prepared again and again", async (store) => {
      await store.insert(row("ada"));
      await Promise.all([store.prepare(), store.prepare()]);
      assert.deepEqual(await keysIn(store), ["ada"]);
    });

    check("what was inserted is found by its key, and by each of its public keys", async (store) => {
      const ada = row("ada", { document: '{"name":"Ada"}', fingerprints: ["SHA256:a", "SHA256:b"] });
      await store.insert(ada);
      assert.deepEqual(await store.get("ada"), ada);
      assert.deepEqual(await store.findByKey("SHA256:a"), ada);
      assert.deepEqual(await store.findByKey("SHA256:b"), ada);
      assert.equal(await store.get("bob"), undefined);
      assert.equal(await store.findByKey("SHA256:c"), undefined);
    });

    check("a name is there once, and stays who it was", async (store) => {
      await store.insert(row("ada"));
      await fails(store.insert(row("ada", { document: "{}" })), "EXISTS");
      assert.deepEqual(await store.get("ada"), row("ada"));
    });

    check("a public key belongs to one account, and a refused account is not there", async (store) => {
      await store.insert(row("ada", { fingerprints: ["SHA256:a"] }));
      await fails(store.insert(row("bob", { fingerprints: ["SHA256:b", "SHA256:a"] })), "KEY_TAKEN");
      assert.equal(await store.get("bob"), undefined);
      assert.equal(await store.findByKey("SHA256:b"), undefined);
      await store.insert(row("bob", { fingerprints: ["SHA256:b"] }));
      await fails(store.replace("bob", row("bob", { revision: 2, fingerprints: ["SHA256:a"] }), 1), "KEY_TAKEN");
      assert.deepEqual(await store.get("bob"), row("bob", { fingerprints: ["SHA256:b"] }));
    });

    check("a row is replaced at the revision that is expected, and at no other", async (store) => {
      await store.insert(row("ada"));
      const second = row("ada", { revision: 2, document: '{"n":2}' });
      assert.equal(await store.replace("ada", second, 1), true);
      assert.equal(await store.replace("ada", row("ada", { revision: 2, document: '{"n":3}' }), 1), false);
      assert.deepEqual(await store.get("ada"), second);
      assert.equal(await store.replace("bob", row("bob", { revision: 2 }), 1), false);
      assert.equal(await store.get("bob"), undefined);
    });

    check("of several who replace one revision, one does", async (store) => {
      await store.insert(row("ada"));
      const tries = Array.from({ length: 8 }, (_, n) => row("ada", { revision: 2, document: `{"n":${n}}` }));
      const done = await Promise.all(tries.map((next) => store.replace("ada", next, 1)));
      assert.equal(done.filter(Boolean).length, 1);
      assert.deepEqual(await store.get("ada"), tries[done.indexOf(true)]);
    });

    check("of several who insert one name, or one key, one does", async (store) => {
      const names = Array.from({ length: 8 }, (_, n) => store.insert(row("ada", { document: `{"n":${n}}` })));
      const keys = Array.from({ length: 8 }, (_, n) => store.insert(row(`u${n}`, { fingerprints: ["SHA256:a"] })));
      const [allNames, allKeys] = await Promise.all([Promise.allSettled(names), Promise.allSettled(keys)]);
      for (const [results, code] of [
        [allNames, "EXISTS"],
        [allKeys, "KEY_TAKEN"],
      ] as const) {
        const codes = results.flatMap((one) => (one.status === "rejected" ? [(one.reason as AccountError).code] : []));
        assert.deepEqual(
          codes,
          Array.from({ length: 7 }, () => code),
        );
      }
    });

    check("public keys that are taken out are free for others, those that stay are not", async (store) => {
      await store.insert(row("ada", { fingerprints: ["SHA256:a", "SHA256:b"] }));
      await store.replace("ada", row("ada", { revision: 2, fingerprints: ["SHA256:b", "SHA256:c"] }), 1);
      assert.deepEqual((await store.get("ada"))?.fingerprints.toSorted(), ["SHA256:b", "SHA256:c"]);
      assert.equal(await store.findByKey("SHA256:a"), undefined);
      await store.insert(row("bob", { fingerprints: ["SHA256:a"] }));
      await fails(store.insert(row("eve", { fingerprints: ["SHA256:b"] })), "KEY_TAKEN");
    });

    check("a renamed account takes its keys, its history and its last login along", async (store) => {
      await store.insert(row("ada", { fingerprints: ["SHA256:a"] }));
      await store.appendHistory("ada", { at: 1, line: "hello" }, 10);
      await store.recordLogin("ada", { at: 5, address: "192.0.2.1", method: "password" });
      const renamed = row("countess", { revision: 2, fingerprints: ["SHA256:a"] });
      assert.equal(await store.replace("ada", renamed, 1), true);
      assert.equal(await store.get("ada"), undefined);
      assert.deepEqual(await store.findByKey("SHA256:a"), renamed);
      assert.deepEqual(await linesOf(store, "countess"), ["hello"]);
      assert.deepEqual(await linesOf(store, "ada"), []);
      assert.equal((await store.lastLogin("countess"))?.at, 5);
      assert.equal(await store.lastLogin("ada"), undefined);
    });

    check("nobody is renamed to a name that another has", async (store) => {
      await store.insert(row("ada"));
      await store.insert(row("bob"));
      await fails(store.replace("ada", row("bob", { revision: 2 }), 1), "EXISTS");
      assert.deepEqual(await keysIn(store), ["ada", "bob"]);
      assert.deepEqual(await store.get("bob"), row("bob"));
    });

    check("what is removed is gone with all that belonged to it", async (store) => {
      await store.insert(row("ada", { fingerprints: ["SHA256:a"] }));
      await store.appendHistory("ada", { at: 1, line: "hello" }, 10);
      await store.recordLogin("ada", { at: 5, address: "192.0.2.1", method: "password" });
      assert.equal(await store.remove("ada"), true);
      assert.equal(await store.remove("ada"), false);
      assert.equal(await store.findByKey("SHA256:a"), undefined);
      await store.insert(row("ada", { fingerprints: ["SHA256:a"] }));
      assert.deepEqual(await linesOf(store, "ada"), []);
      assert.equal(await store.lastLogin("ada"), undefined);
    });

    check("an account is removed at the revision that is expected, and at no other", async (store) => {
      await store.insert(row("ada", { revision: 3 }));
      assert.equal(await store.remove("ada", 2), false);
      assert.equal(await store.remove("ada", 3), true);
      assert.equal(await store.get("ada"), undefined);
    });

    check("accounts are listed by the code points of their names, page by page", async (store) => {
      // U+FF41 is behind U+1F600 for UTF-16, and before it for UTF-8.
      const sorted = ["a-b", "a.b", "a0", "a_b", "aa", "ab", "b", "é", "я", "\uff41", "\u{1f600}"];
      for (const key of sorted.toReversed()) await store.insert(row(key, { fingerprints: [`SHA256:${key}`] }));
      assert.deepEqual(await keysIn(store), sorted);
      const pages: string[][] = [];
      for (let after: string | undefined; ; after = pages.at(-1)?.at(-1)) {
        const page = await store.list({ ...(after !== undefined && { after }), limit: 4 });
        if (page.length === 0) break;
        pages.push(page.map(({ key }) => key));
        for (const { key, fingerprints } of page) assert.deepEqual(fingerprints, [`SHA256:${key}`]);
      }
      assert.deepEqual(pages, [sorted.slice(0, 4), sorted.slice(4, 8), sorted.slice(8)]);
      assert.deepEqual(
        (await store.list({ after: "aaa", limit: 1 })).map(({ key }) => key),
        ["ab"],
      );
    });

    check("the newest lines of the history are kept, and given oldest first", async (store) => {
      await store.insert(row("ada"));
      await store.insert(row("bob"));
      for (let n = 1; n <= 7; n++) await store.appendHistory("ada", { at: n, line: `line ${n}` }, 5);
      await store.appendHistory("bob", { at: 1, line: "mine" }, 5);
      assert.deepEqual(await linesOf(store, "ada"), ["line 3", "line 4", "line 5", "line 6", "line 7"]);
      assert.deepEqual(await store.history("ada", 2), [
        { at: 6, line: "line 6" },
        { at: 7, line: "line 7" },
      ]);
      assert.deepEqual(await store.history("ada", 0), []);
      await store.appendHistory("ada", { at: 8, line: "line 8" }, 2);
      assert.deepEqual(await linesOf(store, "ada"), ["line 7", "line 8"]);
      await store.appendHistory("ada", { at: 9, line: "line 9" }, 0);
      assert.deepEqual(await linesOf(store, "ada"), []);
      assert.deepEqual(await linesOf(store, "bob"), ["mine"]);
    });

    check("lines that are appended at once are all there", async (store) => {
      await store.insert(row("ada"));
      const lines = Array.from({ length: 20 }, (_, n) => `line ${n}`);
      await Promise.all(lines.map((line, at) => store.appendHistory("ada", { at, line }, 100)));
      assert.deepEqual((await linesOf(store, "ada")).toSorted(), lines.toSorted());
      await store.clearHistory("ada");
      assert.deepEqual(await linesOf(store, "ada"), []);
    });

    check("the last login is the one that was recorded last", async (store) => {
      await store.insert(row("ada"));
      assert.equal(await store.lastLogin("ada"), undefined);
      await store.recordLogin("ada", { at: 1_795_000_000_000, address: "192.0.2.1", method: "password" });
      const last = { at: 1_795_000_000_001, address: "2001:db8::1", method: "publickey,keyboard-interactive" };
      await store.recordLogin("ada", last);
      assert.deepEqual(await store.lastLogin("ada"), last);
    });

    check("for an account that there is not, nothing is kept", async (store) => {
      await store.appendHistory("ada", { at: 1, line: "hello" }, 10);
      await store.recordLogin("ada", { at: 1, address: "192.0.2.1", method: "password" });
      await store.clearHistory("ada");
      await store.insert(row("ada"));
      assert.deepEqual(await linesOf(store, "ada"), []);
      assert.equal(await store.lastLogin("ada"), undefined);
    });

    check("texts come back as they went in", async (store) => {
      await store.insert(row("ada"));
      let revision = 1;
      // What no text of Unicode can hold, half a character, cannot come from a name or from JSON; NUL is escaped there.
      const text = fc.string({ unit: "grapheme", maxLength: 40 }).filter((one) => !one.includes("\0"));
      await fc.assert(
        fc.asyncProperty(text, async (value) => {
          const document = JSON.stringify({ value: `'";--${value}` });
          assert.equal(await store.replace("ada", row("ada", { revision: revision + 1, document }), revision), true);
          revision++;
          assert.equal((await store.get("ada"))?.document, document);
          await store.appendHistory("ada", { at: revision, line: value }, 10);
          assert.deepEqual(await store.history("ada", 1), [{ at: revision, line: value }]);
        }),
        { numRuns: 30 },
      );
    });

    check("it does what the memory does, whatever is asked of it", async (store) => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(anyRequest, { minLength: 1, maxLength: 40 }), async (requests) => {
          const model = memoryStore();
          const prefix = `run${String(run++).padStart(4, "0")}-`;
          for (const request of requests) {
            const [expected, actual] = [
              await outcomeOf(model, request, prefix),
              await outcomeOf(store, request, prefix),
            ];
            assert.deepEqual(actual, expected, JSON.stringify(request));
          }
        }),
        { numRuns: 25 },
      );
    });

    check("names that are not plain are found as they are", async (store) => {
      for (const key of ["o'brien", "%", "_", "é", "a b", "--"]) {
        await store.insert(row(key));
        assert.equal((await store.get(key))?.key, key);
      }
      assert.equal(await store.get("É"), undefined);
      assert.equal(await store.get("e\u0301"), undefined);
    });

    check("it can be closed twice", async (store) => {
      await store.close();
      await store.close();
    });
  });
}
