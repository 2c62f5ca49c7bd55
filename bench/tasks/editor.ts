import { spawnSync } from "node:child_process";
import { join } from "node:path";

import type { EditorCost } from "../alone/editor.ts";
import type { Peer } from "../peers.ts";
import { childrenGone, cpuSeconds } from "../proc.ts";
import {
  aloneEnd,
  aloneIdle,
  aloneMiddle,
  editorCpu,
  editorMemory,
  editorP50,
  editorP99,
  busyEditorP50,
  busyEditorP99,
} from "../figures/rows.ts";
import { pinned, type RunningServer } from "../server.ts";
import { holdMore } from "./idle.ts";
import type { Bench } from "./index.ts";
import { interleave, noteFailure } from "./rounds.ts";

const others = 20;

/** Lines typed at a prompt with a line editor, what an idle prompt takes, and both without a network. */
export async function editor(bench: Bench): Promise<void> {
  await latency(bench);
  for (const peer of bench.peers) {
    try {
      await holdMore(bench, peer, editorMemory);
    } catch (error) {
      noteFailure(bench, "editor", peer.name, error);
    }
  }
  for (let round = 0; round < bench.options.rounds; round += 1) {
    for (const peer of bench.peers) alone(bench, peer);
  }
}

async function latency(bench: Bench): Promise<void> {
  const { generator, results, options } = bench;
  const [keys, seconds] = options.quick ? [2000, 2] : [8000, 6];

  const warmUp = async (server: RunningServer): Promise<void> => {
    await generator.line(server, keys, 0, seconds);
  };

  const turn = async (server: RunningServer): Promise<void> => {
    const { name } = server.peer;
    await childrenGone(server.pid);
    const before = cpuSeconds(server.pid);
    const quiet = await generator.line(server, keys, 0, seconds);
    await childrenGone(server.pid);
    results.add(editorP50, name, quiet.p50ms);
    results.add(editorP99, name, quiet.p99ms);
    results.add(editorCpu, name, ((cpuSeconds(server.pid) - before) / quiet.count) * 1e6);
    const amongOthers = await generator.line(server, keys, others, seconds);
    results.add(busyEditorP50, name, amongOthers.p50ms);
    results.add(busyEditorP99, name, amongOthers.p99ms);
  };

  await interleave(bench, "editor", warmUp, turn);
}

function alone(bench: Bench, peer: Peer): void {
  const script = join(import.meta.dirname, "../alone/editor.ts");
  const work = bench.options.quick ? "1" : "5";
  const [file, args] = pinned("server", [process.execPath, "--expose-gc", script, peer.editor?.alone ?? "", work]);
  const { status, stdout, stderr } = spawnSync(file, args, { encoding: "utf8" });
  if (status !== 0) {
    noteFailure(bench, "editor", peer.name, new Error(stderr.trim()));
    return;
  }
  const cost = JSON.parse(stdout) as EditorCost;
  bench.results.add(aloneIdle, peer.name, cost.idle);
  bench.results.add(aloneEnd, peer.name, cost.end.cpu);
  bench.results.add(aloneMiddle, peer.name, cost.middle.cpu);
}
