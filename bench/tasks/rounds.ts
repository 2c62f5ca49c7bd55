import { startServer, type RunningServer } from "../server.ts";
import type { Bench } from "./index.ts";

/**
 * Starts all peers, warms each up, then lets them take turns (A B C A B C …), so that what else goes on in the machine
 * falls on all of them alike. A peer that fails is noted and takes no more turns.
 */
export async function interleave(
  bench: Bench,
  task: string,
  warmUp: (server: RunningServer) => Promise<void>,
  turn: (server: RunningServer) => Promise<void>,
): Promise<void> {
  const servers: RunningServer[] = [];
  const failed = new Set<RunningServer>();
  const attempt = async (server: RunningServer, work: (server: RunningServer) => Promise<void>): Promise<void> => {
    try {
      await work(server);
    } catch (error) {
      failed.add(server);
      noteFailure(bench, task, server.peer.name, error);
    }
  };
  try {
    for (const peer of bench.peers) servers.push(await startServer(peer, bench.workspace));
    for (const server of servers) await attempt(server, warmUp);
    for (let round = 0; round < bench.options.rounds; round += 1) {
      for (const server of servers) if (!failed.has(server)) await attempt(server, turn);
    }
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

export function noteFailure(bench: Bench, task: string, peer: string, error: unknown): void {
  bench.results.failures.push({ task, peer, reason: error instanceof Error ? error.message : String(error) });
}
