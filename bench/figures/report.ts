import { cpus, loadavg, release } from "node:os";

import { judge } from "./goals.ts";
import { subject, type Peer } from "../peers.ts";
import type { Results, Row } from "./results.ts";

/** The run as Markdown: what was measured with, one table of medians and ratios, the figures to reach. */
export function report(all: readonly Peer[], leftOut: readonly string[], rounds: number, results: Results): string {
  const peers = all.filter(({ name }) => results.rows().some((row) => results.median(row, name) !== undefined));
  const goals = judge(results);
  return [
    `${cpus().length} × ${cpus()[0]?.model}, Linux ${release()}, load ${loadavg()[0]?.toFixed(1)}; medians of ${rounds} interleaved rounds.`,
    peers.map((peer) => `${peer.name}: ${peer.version}`).join(" · "),
    ...(leftOut.length > 0 ? [`Left out: ${leftOut.join("; ")}.`] : []),
    "",
    ...table(peers, results),
    ...(goals.length > 0 ? ["", "| figure to reach | limit | measured | |", "|---|---|---|---|", ...goals] : []),
    ...results.failures.map(({ task, peer, reason }) => `\n- ${task}, ${peer}: ${reason.split("\n").at(-1)}`),
    "",
  ].join("\n");
}

function table(peers: readonly Peer[], results: Results): string[] {
  const lines = results.rows().map((row) => {
    const cells = peers.map((peer) => cell(results, row, peer.name));
    return `| ${row.title}, ${row.unit} | ${cells.join(" | ")} |`;
  });
  const anyBound = results.rows().some((row) => peers.some((peer) => results.isBoundByClient(row, peer.name)));
  return [
    `| | ${peers.map((peer) => peer.name).join(" | ")} |`,
    `|---|${peers.map(() => "--:|").join("")}`,
    ...lines,
    "",
    `In brackets: the peer's value ÷ ${subject}'s.`,
    ...(anyBound
      ? [
          "† In some round the server was busy for less than 90 % of the time: the client, or what else the machine did, bounds it.",
        ]
      : []),
  ];
}

function cell(results: Results, row: Row, peer: string): string {
  const value = results.median(row, peer);
  if (value === undefined) return "–";
  const ratio = peer === subject ? undefined : results.ratio(row, peer, subject);
  const mark = results.isBoundByClient(row, peer) ? "†" : "";
  return `${digits(value)}${mark}${ratio === undefined ? "" : ` (${digits(ratio)}×)`}`;
}

/** Three digits that mean something. */
function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
