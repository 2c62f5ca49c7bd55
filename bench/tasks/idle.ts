import { setTimeout as sleep } from "node:timers/promises";

import type { HeldShells } from "../generator.ts";
import type { Peer } from "../peers.ts";
import { childrenGone, memoryBytes } from "../proc.ts";
import type { Row } from "../figures/results.ts";
import { idleMemory } from "../figures/rows.ts";
import { startServer } from "../server.ts";
import type { Bench } from "./index.ts";
import { noteFailure } from "./rounds.ts";

/** Logins before the first look at a server's memory: what they load and compile is no shell's cost. */
const warmUpLogins = 200;

/** Memory of a server that holds many shells nobody types in, one connection each, less that of the server without any. */
export async function idle(bench: Bench): Promise<void> {
  for (const peer of bench.peers) {
    try {
      await holdMore(bench, peer, idleMemory);
    } catch (error) {
      noteFailure(bench, "idle", peer.name, error);
    }
  }
}

/** Holds more and more shells of a peer, and notes what each takes. */
export async function holdMore(bench: Bench, peer: Peer, rowOf: (shells: number) => Row): Promise<void> {
  const { generator, results, options, workspace } = bench;
  const server = await startServer(peer, workspace);
  const held: HeldShells[] = [];
  try {
    await generator.connect(server, warmUpLogins, 8, 20);
    await childrenGone(server.pid);
    const empty = await settledMemory(server.pid);
    let open = 0;
    for (const shells of options.shells) {
      if (shells > (peer.idleLimit?.shells ?? Number.POSITIVE_INFINITY)) {
        throw new Error(`not asked to hold ${shells} shells: ${peer.idleLimit?.reason}`);
      }
      held.push(await generator.hold(server, shells - open));
      open = shells;
      results.add(rowOf(shells), peer.name, ((await settledMemory(server.pid)) - empty) / shells / 1024);
    }
  } finally {
    await Promise.all(held.map((shells) => shells.release()));
    await server.stop();
  }
}

/** A runtime with a garbage collector gives memory back some seconds after the work: V8 waits for 8 s of quiet. */
async function settledMemory(pid: number): Promise<number> {
  let lowest = memoryBytes(pid);
  for (let quiet = 0, looks = 0; quiet < 10 && looks < 30; looks += 1) {
    await sleep(1000);
    const now = memoryBytes(pid);
    quiet = now < lowest * 0.99 ? 0 : quiet + 1;
    lowest = Math.min(lowest, now);
  }
  return lowest;
}
