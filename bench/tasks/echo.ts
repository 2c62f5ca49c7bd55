import { busyEchoP50, busyEchoP99, echoP50, echoP99 } from "../figures/rows.ts";
import type { RunningServer } from "../server.ts";
import type { Bench } from "./index.ts";
import { interleave } from "./rounds.ts";

const others = 20;

/** One key after the other, alone and beside twenty sessions that type as well. */
export async function echo(bench: Bench): Promise<void> {
  const { generator, results, options } = bench;
  const [keys, seconds] = options.quick ? [1000, 2] : [4000, 4];

  const warmUp = async (server: RunningServer): Promise<void> => {
    await generator.echo(server, keys, 0, seconds);
  };

  const turn = async (server: RunningServer): Promise<void> => {
    const { name } = server.peer;
    const alone = await generator.echo(server, keys, 0, seconds);
    results.add(echoP50, name, alone.p50ms);
    results.add(echoP99, name, alone.p99ms);
    const amongOthers = await generator.echo(server, keys, others, seconds);
    results.add(busyEchoP50, name, amongOthers.p50ms);
    results.add(busyEchoP99, name, amongOthers.p99ms);
  };

  await interleave(bench, "echo", warmUp, turn);
}
