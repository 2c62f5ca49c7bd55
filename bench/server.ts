import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import type { Peer } from "./peers.ts";
import type { Workspace } from "./workspace.ts";

/** A peer's server that listens. */
export interface RunningServer {
  readonly peer: Peer;
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

/** With two CPUs or more the server has one for itself, and the generator another. */
const pinning = availableParallelism() >= 2;

/** The command, bound to the CPU of servers or to that of generators. */
export function pinned(role: "server" | "generator", command: readonly string[]): [string, string[]] {
  const whole = pinning ? ["taskset", "--cpu-list", role === "server" ? "0" : "1", ...command] : [...command];
  const [file = "", ...args] = whole;
  return [file, args];
}

/** Starts a peer on a free port of 127.0.0.1 and waits until it accepts connections. Throws when it ends before that. */
export async function startServer(peer: Peer, workspace: Workspace): Promise<RunningServer> {
  const port = await freePort();
  const [file, args] = pinned("server", peer.command(port, workspace));
  const child = spawn(file, args, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...peer.environment },
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint = (complaint + text).slice(-2000)));
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`${peer.name} ended with ${child.exitCode}: ${complaint.trim()}`);
    await sleep(50);
  }
  return { peer, pid: child.pid ?? 0, port, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const patience = setTimeout(() => child.kill("SIGKILL"), 5000);
  await gone;
  clearTimeout(patience);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    // Refused: the server is still starting.
    return false;
  } finally {
    socket.destroy();
  }
}
