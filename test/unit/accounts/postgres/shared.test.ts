import assert from "node:assert/strict";
import { test } from "node:test";
import type { AccountStore } from "../../../../src/accounts/index.ts";
import { postgresStore } from "../../../../src/accounts/index.ts";
import { row } from "../../../conformance/account-store.ts";
import { requirePostgres } from "../../../postgres/index.ts";

test("two servers change one account at the same moment, and no change is lost", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const url = await cluster.database();
  const servers = [postgresStore(url), postgresStore(url)] as const;
  await servers[0].insert(row("ada", { document: "0" }));
  const raise = async (server: AccountStore, times: number): Promise<void> => {
    for (let done = 0; done < times;) {
      const now = (await server.get("ada"))!;
      const next = { ...now, revision: now.revision + 1, document: String(Number(now.document) + 1) };
      if (await server.replace("ada", next, now.revision)) done++;
    }
  };
  const lines = Array.from({ length: 50 }, (_, at) => servers[at % 2]!.appendHistory("ada", { at, line: `${at}` }, 30));
  await Promise.all([raise(servers[0], 100), raise(servers[1], 100), ...lines]);
  assert.deepEqual(await servers[1].get("ada"), row("ada", { document: "200", revision: 201 }));
  assert.equal((await servers[0].history("ada", 100)).length, 30);
  await Promise.all(servers.map((server) => server.close()));
});

test("two accounts that want each other's key at the same moment do not wait for each other for ever", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const url = await cluster.database();
  const servers = [postgresStore(url), postgresStore(url)] as const;
  for (let round = 0; round < 10; round++) {
    const [ada, bob] = [`ada${round}`, `bob${round}`];
    const [first, second] = [`SHA256:${round}-1`, `SHA256:${round}-2`];
    await servers[0].insert(row(ada, { fingerprints: [first] }));
    await servers[0].insert(row(bob, { fingerprints: [second] }));
    const results = await Promise.allSettled([
      servers[0].replace(ada, row(ada, { revision: 2, fingerprints: [second] }), 1),
      servers[1].replace(bob, row(bob, { revision: 2, fingerprints: [first] }), 1),
    ]);
    // Whoever comes first finds the key taken, and so does the other unless that one has gone.
    const outcomes = results.map((result) =>
      result.status === "fulfilled" ? result.value : (result.reason as { code: string }).code,
    );
    assert.ok(outcomes.includes("KEY_TAKEN"), String(outcomes));
    for (const outcome of outcomes) assert.ok(outcome === true || outcome === "KEY_TAKEN", String(outcomes));
    const held = await Promise.all([first, second].map((key) => servers[1].findByKey(key)));
    assert.equal(new Set(held.map((account) => account?.key)).size, 2, "each has one");
  }
  await Promise.all(servers.map((server) => server.close()));
});

test("an account that is renamed on one server keeps what is said on another in the same moment, or loses it whole", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const url = await cluster.database();
  const servers = [postgresStore(url), postgresStore(url)] as const;
  await servers[0].insert(row("ada0"));
  for (let n = 0; n < 20; n++) {
    const [renamed] = await Promise.all([
      servers[0].replace(`ada${n}`, row(`ada${n + 1}`, { revision: n + 2 }), n + 1),
      servers[1].appendHistory(`ada${n}`, { at: n, line: "hello" }, 100),
      servers[1].recordLogin(`ada${n}`, { at: n, address: "::1", method: "password" }),
    ]);
    assert.equal(renamed, true);
    assert.deepEqual(await servers[0].history(`ada${n}`, 100), []);
    assert.equal(await servers[0].lastLogin(`ada${n}`), undefined);
  }
  await Promise.all(servers.map((server) => server.close()));
});
