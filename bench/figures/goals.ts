import type { Results, Row } from "./results.ts";
import {
  connectCpu,
  connectP50,
  echoP50,
  echoP99,
  filesCpu,
  filesThroughput,
  idleMemory,
  listing,
  listingCpu,
  smallFiles,
  smallFilesCpu,
  throughput,
  transferCpu,
} from "./rows.ts";
import { subject } from "../peers.ts";

/** A figure to reach: Sallyport's value ÷ that of the peer is at most (or, where more is better, at least) the limit. */
interface Goal {
  readonly row: Row;
  readonly peer: string;
  readonly limit: number;
}

const gcm = ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com"];
// Throughput is what was asked for; CPU beside it, because a fast server is bounded by the client.
const bulk = (["out", "in"] as const).flatMap((direction) =>
  gcm.flatMap((cipher) => [throughput(direction, cipher), transferCpu(direction, cipher)]),
);

const ways = ["down", "up"] as const;
const files = ways.flatMap((way) => [filesThroughput(way), filesCpu(way), smallFiles(way), smallFilesCpu(way)]);

const goals: readonly Goal[] = [
  { row: connectCpu, peer: "ssh2", limit: 1 / 3 },
  { row: connectCpu, peer: "ssh2+", limit: 1 / 3 },
  { row: connectCpu, peer: "asyncssh", limit: 1 / 3 },
  { row: connectCpu, peer: "sshd", limit: 1 / 12 },
  { row: connectCpu, peer: "gliderlabs", limit: 1.15 },
  { row: connectP50, peer: "gliderlabs", limit: 1 },
  ...bulk.flatMap((row) => ["gliderlabs", "ssh2", "ssh2+"].map((peer) => ({ row, peer, limit: 1 }))),
  ...[echoP50, echoP99].flatMap((row) => ["ssh2", "ssh2+", "gliderlabs"].map((peer) => ({ row, peer, limit: 1 }))),
  { row: idleMemory(1000), peer: "ssh2", limit: 1 / 2 },
  { row: idleMemory(10_000), peer: "ssh2", limit: 1 / 2 },
  ...[...files, listing, listingCpu].flatMap((row) =>
    ["ssh2", "ssh2+", "asyncssh"].map((peer) => ({ row, peer, limit: 1 })),
  ),
  ...ways.flatMap((way) => [
    { row: filesThroughput(way), peer: "sshd", limit: 0.8 },
    { row: filesCpu(way), peer: "sshd", limit: 1 / 0.8 },
  ]),
];

/** One line of Markdown a goal that this run has measured. */
export function judge(results: Results): string[] {
  return goals.flatMap(({ row, peer, limit }) => {
    const theirs = results.ratio(row, peer, subject);
    if (theirs === undefined) return [];
    const ratio = 1 / theirs;
    const reached = row.better === "less" ? ratio <= limit : ratio >= limit;
    const bound = `${row.better === "less" ? "≤" : "≥"} ${limit.toFixed(2)}× ${peer}`;
    const verdict = reached ? "reached" : `missed by ${Math.abs((ratio / limit - 1) * 100).toFixed(0)} %`;
    return [`| ${row.title} | ${bound} | ${ratio.toFixed(2)}× | ${verdict} |`];
  });
}
