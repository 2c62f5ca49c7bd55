/** A real PostgreSQL for tests: started on demand, killed, frozen, and gone afterwards. */
import type { TestContext } from "node:test";
import { requirePeer } from "../interop/peers.ts";
import { Cluster } from "./cluster.ts";

export { Cluster, LOCKED } from "./cluster.ts";
export { Wire } from "./wire.ts";

let cluster: Promise<Cluster> | undefined;

/** The one of this process; as `requirePeer`, it skips the test when PostgreSQL is not installed, or fails it in CI. */
export async function requirePostgres(t: TestContext): Promise<Cluster | undefined> {
  const program = requirePeer(t, "postgres");
  return program === undefined ? undefined : (cluster ??= Cluster.start(program));
}
