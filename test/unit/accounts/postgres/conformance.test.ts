import { postgresStore } from "../../../../src/accounts/index.ts";
import { testAccountStore } from "../../../conformance/account-store.ts";
import { requirePostgres } from "../../../postgres/index.ts";

testAccountStore("PostgreSQL", async (t) => {
  const cluster = await requirePostgres(t);
  return cluster && postgresStore(await cluster.database());
});
