import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { buildGo } from "./go.ts";
import { pinned, type RunningServer } from "./server.ts";
import type { Workspace } from "./workspace.ts";

/** What the generator measured in one go. */
export interface Latency {
  readonly count: number;
  readonly seconds: number;
  readonly p50ms: number;
  readonly p99ms: number;
  readonly cpuSeconds: number;
}

/** Shells that stay open until they are released. */
export interface HeldShells {
  release(): Promise<void>;
}

/** The load generator in generator/, built once in a run that needs it. */
export class Generator {
  readonly #workspace: Workspace;
  #program: string | undefined;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Logs in and leaves, `count` times, `concurrency` at once, for `seconds` at most. */
  connect(server: RunningServer, count: number, concurrency: number, seconds: number): Promise<Latency> {
    return this.#measure(server, ["-n", `${count}`, "-c", `${concurrency}`, "-for", `${seconds}s`, "connect"]);
  }

  /** Types `count` keys into one shell, each after the echo of the last, while `background` sessions type as well. */
  echo(server: RunningServer, count: number, background: number, seconds: number): Promise<Latency> {
    return this.#measure(server, ["-n", `${count}`, "-background", `${background}`, "-for", `${seconds}s`, "echo"]);
  }

  /** As {@link echo}, at a prompt: lines of 40 keys, each entered. */
  line(server: RunningServer, count: number, background: number, seconds: number): Promise<Latency> {
    return this.#measure(server, ["-n", `${count}`, "-background", `${background}`, "-for", `${seconds}s`, "line"]);
  }

  /** Opens shells, a connection each, and keeps them. */
  async hold(server: RunningServer, shells: number): Promise<HeldShells> {
    const child = this.#start(server, ["-n", `${shells}`, "-c", "64", "idle"]);
    const complaint = text(child.stderr);
    const ended = once(child, "exit");
    const opened = once(child.stdout, "data").then(() => true);
    if (!(await Promise.race([opened, ended.then(() => false)]))) throw new Error((await complaint).trim());
    return {
      async release(): Promise<void> {
        child.stdin.end();
        await ended;
      },
    };
  }

  async #measure(server: RunningServer, mode: readonly string[]): Promise<Latency> {
    const child = this.#start(server, mode);
    child.stdin.end();
    const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
    if (output === "") throw new Error(complaint.trim());
    return JSON.parse(output) as Latency;
  }

  #start(server: RunningServer, mode: readonly string[]): ChildProcessWithoutNullStreams {
    const { userKey, hostPublicKey } = this.#workspace;
    const where = ["-address", `127.0.0.1:${server.port}`, "-user", server.peer.user];
    const keys = ["-key", userKey, "-hostkey", hostPublicKey];
    return spawn(...pinned("generator", [this.#build(), ...where, ...keys, ...mode]));
  }

  #build(): string {
    if (this.#program !== undefined) return this.#program;
    const program = join(this.#workspace.folder, "generator");
    const complaint = buildGo(join(import.meta.dirname, "generator"), program);
    if (complaint !== undefined) {
      throw new Error(`the load generator needs: apt-get install golang-go golang-golang-x-crypto-dev\n${complaint}`);
    }
    return (this.#program = program);
  }
}
