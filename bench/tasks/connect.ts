import { childrenGone, cpuSeconds } from "../proc.ts";
import { connectCpu, connectP50, connectP99 } from "../figures/rows.ts";
import type { RunningServer } from "../server.ts";
import type { Bench } from "./index.ts";
import { interleave } from "./rounds.ts";

/** Connections at once while CPU is measured: enough to keep every server busy. */
const concurrency = 8;

/** Login with curve25519-sha256, an ed25519 host key, AES-128-GCM and an ed25519 user key. */
export async function connect(bench: Bench): Promise<void> {
  const { generator, results, options } = bench;
  const [sequential, parallel, seconds] = options.quick ? [100, 200, 3] : [200, 600, 8];

  const warmUp = async (server: RunningServer): Promise<void> => {
    await generator.connect(server, 500, concurrency, seconds);
  };

  const turn = async (server: RunningServer): Promise<void> => {
    const { name } = server.peer;
    const latency = await generator.connect(server, sequential, 1, seconds);
    results.add(connectP50, name, latency.p50ms);
    results.add(connectP99, name, latency.p99ms);

    await childrenGone(server.pid);
    const before = cpuSeconds(server.pid);
    const load = await generator.connect(server, parallel, concurrency, seconds);
    await childrenGone(server.pid);
    results.add(connectCpu, name, ((cpuSeconds(server.pid) - before) / load.count) * 1000);
  };

  await interleave(bench, "connect", warmUp, turn);
}
