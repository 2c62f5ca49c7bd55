import assert from "node:assert/strict";
import { test } from "node:test";
import { postgresStore } from "../../../../src/accounts/index.ts";
import { row } from "../../../conformance/account-store.ts";
import { requirePostgres } from "../../../postgres/index.ts";

test("over TLS the server is who its certificate says, and anybody else is not talked to", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const { host, certificate } = await cluster.listen();
  const url = `postgres://owner@${host}/postgres`;
  const store = postgresStore(`${url}?sslmode=verify-full&sslrootcert=${encodeURIComponent(certificate)}`);
  await store.insert(row("ada"));
  const encrypted =
    "select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'sallyport'";
  assert.deepEqual(await cluster.query("postgres", encrypted), [{ ssl: true }]);
  await store.close();

  // Nobody vouches for it but itself.
  const stranger = postgresStore(`${url}?sslmode=verify-full`);
  await assert.rejects(stranger.prepare(), { code: "STORE_UNAVAILABLE", message: /self-signed certificate/ });
  await stranger.close();
  // The server of the tests takes nobody in the clear.
  const open = postgresStore(url);
  await assert.rejects(open.prepare(), { code: "STORE_UNAVAILABLE", message: /28000.*pg_hba\.conf/ });
  await open.close();
});
