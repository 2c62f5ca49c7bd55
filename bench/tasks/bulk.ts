import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { text } from "node:stream/consumers";

import { childrenGone, cpuSeconds } from "../proc.ts";
import { median } from "../figures/results.ts";
import { throughput, transferCpu, type Direction } from "../figures/rows.ts";
import { pinned, type RunningServer } from "../server.ts";
import type { Bench, Task } from "./index.ts";
import { interleave } from "./rounds.ts";

export const transferOut: Task = (bench) => transferAll(bench, "out");
export const transferIn: Task = (bench) => transferAll(bench, "in");

/** Integrity for the CTR ciphers; the GCM ciphers bring their own. */
const macs = "hmac-sha2-256-etm@openssh.com,hmac-sha2-256";
const kex = "curve25519-sha256,curve25519-sha256@libssh.org";

/** Below this share of a CPU a server was waiting for the client or the network. */
const busy = 0.9;

interface Transfer {
  readonly seconds: number;
  readonly serverCpu: number;
}

/** OpenSSH's client takes or sends as much as a second or two allows. Login and start of the client are taken off. */
async function transferAll(bench: Bench, direction: Direction): Promise<void> {
  for (const cipher of bench.options.ciphers) {
    const plans = new Map<RunningServer, { mebibytes: number; empty: Transfer }>();

    const warmUp = async (server: RunningServer): Promise<void> => {
      const empty = await emptyTransfer(bench, server, direction, cipher);
      await transfer(bench, server, direction, cipher, 32);
      const trial = await transfer(bench, server, direction, cipher, 32);
      const perSecond = 32 / Math.max(trial.seconds - empty.seconds, 0.02);
      plans.set(server, { mebibytes: sizeFor(perSecond * (bench.options.quick ? 0.7 : 1.5)), empty });
    };

    const turn = async (server: RunningServer): Promise<void> => {
      const plan = plans.get(server);
      if (plan === undefined) return;
      const { mebibytes, empty } = plan;
      const whole = await transfer(bench, server, direction, cipher, mebibytes);
      const seconds = whole.seconds - empty.seconds;
      const serverCpu = whole.serverCpu - empty.serverCpu;
      if (seconds <= 0)
        throw new Error(`${mebibytes} MiB took no longer than nothing: the machine is too busy to tell`);
      const row = throughput(direction, cipher);
      bench.results.add(row, server.peer.name, mebibytes / seconds);
      bench.results.add(transferCpu(direction, cipher), server.peer.name, (serverCpu / mebibytes) * 1024);
      if (serverCpu / seconds < busy) bench.results.boundByClient(row, server.peer.name);
    };

    await interleave(bench, `${direction}, ${cipher}`, warmUp, turn);
  }
}

/** A power of two, for few files of zeros. */
function sizeFor(mebibytes: number): number {
  return 2 ** Math.min(11, Math.max(6, Math.round(Math.log2(mebibytes))));
}

async function emptyTransfer(
  bench: Bench,
  server: RunningServer,
  direction: Direction,
  cipher: string,
): Promise<Transfer> {
  const tries: Transfer[] = [];
  for (let count = 0; count < 3; count += 1) tries.push(await transfer(bench, server, direction, cipher, 0));
  const middle = (field: keyof Transfer): number => median(tries.map((one) => one[field])) ?? 0;
  return { seconds: middle("seconds"), serverCpu: middle("serverCpu") };
}

async function transfer(
  bench: Bench,
  server: RunningServer,
  direction: Direction,
  cipher: string,
  mebibytes: number,
): Promise<Transfer> {
  const remote = direction === "out" ? `down ${mebibytes}` : "up";
  const [file, args] = pinned("generator", ["ssh", ...clientArguments(bench, server, cipher), remote]);
  const input = openSync(direction === "out" ? "/dev/null" : bench.workspace.zeros(mebibytes), "r");
  await childrenGone(server.pid);
  const cpuBefore = cpuSeconds(server.pid);
  const began = performance.now();
  const child = spawn(file, args, { stdio: [input, direction === "out" ? "ignore" : "pipe", "pipe"] });
  const [[status], received, complaint] = await Promise.all([
    once(child, "exit"),
    child.stdout === null ? "" : text(child.stdout),
    child.stderr === null ? "" : text(child.stderr),
  ]);
  const seconds = (performance.now() - began) / 1000;
  closeSync(input);
  if (status !== 0) throw new Error(complaint.trim().split("\n").at(-1) || `ssh ended with status ${status}`);
  if (direction === "in" && Number(received) !== mebibytes * 1024 * 1024)
    throw new Error(`it counted ${received.trim()}`);
  await childrenGone(server.pid);
  return { seconds, serverCpu: cpuSeconds(server.pid) - cpuBefore };
}

function clientArguments(bench: Bench, server: RunningServer, cipher: string): string[] {
  const options = clientSettings(bench, cipher).flatMap((setting) => ["-o", setting]);
  return ["-F", "none", ...options, "-p", String(server.port), `${server.peer.user}@127.0.0.1`];
}

/** What OpenSSH's clients are told, but for where the server is. */
export function clientSettings({ workspace }: Bench, cipher: string): string[] {
  return [
    `IdentityFile=${workspace.userKey}`,
    "IdentitiesOnly=yes",
    "BatchMode=yes",
    "StrictHostKeyChecking=no",
    "UserKnownHostsFile=/dev/null",
    "LogLevel=INFO",
    `KexAlgorithms=${kex}`,
    `Ciphers=${cipher}`,
    `MACs=${macs}`,
  ];
}
