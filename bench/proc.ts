// A server's own cost, read from /proc, its child processes included (sshd has one or more for each connection).
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** CPU seconds that a process, its living descendants and the children they have waited for have used. Steps of 10 ms. */
export function cpuSeconds(pid: number): number {
  const ticks = tree(pid).flatMap((member) => statFields(member)?.slice(11, 15) ?? []);
  return ticks.reduce((sum, value) => sum + Number(value), 0) / ticksPerSecond;
}

/** Bytes of memory of a process and its descendants, pages that several share counted once (PSS). */
export function memoryBytes(pid: number): number {
  let kibibytes = 0;
  for (const member of tree(pid)) {
    const rollup = readIfAlive(`/proc/${member}/smaps_rollup`);
    kibibytes += Number(rollup?.match(/^Pss: +(\d+) kB/m)?.[1] ?? 0);
  }
  return kibibytes * 1024;
}

/** Waits, 3 s at most, until the children made for connections are gone and their CPU time has come to their parent. */
export async function childrenGone(pid: number): Promise<void> {
  await sleep(50);
  for (let tries = 0; tries < 60 && tree(pid).length > 1; tries += 1) await sleep(50);
}

/** The process and its descendants. */
function tree(pid: number): number[] {
  const childrenOf = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const member = Number(name);
    const parent = Number.isInteger(member) ? Number(statFields(member)?.[1]) : Number.NaN;
    if (!Number.isNaN(parent)) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), member]);
  }
  const members = [pid];
  for (const member of members) members.push(...(childrenOf.get(member) ?? []));
  return members;
}

/** The fields of proc(5)'s stat after the command's name, which may hold spaces: state is 0, ppid 1, utime 11 … cstime 14. */
function statFields(pid: number): string[] | undefined {
  const stat = readIfAlive(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function readIfAlive(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The process has ended since it was listed.
    return undefined;
  }
}
