import { spawn } from "node:child_process";
import { once } from "node:events";
import { linkSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { median } from "../figures/results.ts";
import {
  filesCpu,
  filesThroughput,
  listing,
  listingCpu,
  smallFiles,
  smallFilesCpu,
  type FilesDirection,
} from "../figures/rows.ts";
import { subject } from "../peers.ts";
import { childrenGone, cpuSeconds } from "../proc.ts";
import { pinned, type RunningServer } from "../server.ts";
import { clientSettings } from "./bulk.ts";
import type { Bench } from "./index.ts";
import { interleave } from "./rounds.ts";

const GIB = 1024 ** 3;
const cipher = "aes128-gcm@openssh.com";
const entries = 100_000;
/** Below this share of a CPU a server was waiting for the client or the network. */
const busy = 0.9;

/** What a client of SFTP took. */
interface Visit {
  readonly seconds: number;
  readonly serverCpu: number;
}

/** How much of each is moved by a server. */
interface Plan {
  readonly empty: Visit;
  readonly mebibytes: Readonly<Record<FilesDirection, number>>;
}

/** OpenSSH's `sftp` moves a large file and many small ones up and down, and lists a directory of 100,000 entries. */
export async function files(bench: Bench): Promise<void> {
  const ground = new Ground(bench);
  try {
    const plans = new Map<RunningServer, Plan>();

    const warmUp = async (server: RunningServer): Promise<void> => {
      const tries: Visit[] = [];
      for (let count = 0; count < 3; count += 1) tries.push(await ground.visit(server, ["pwd"]));
      const middle = (field: keyof Visit): number => median(tries.map((one) => one[field])) ?? 0;
      const empty = { seconds: middle("seconds"), serverCpu: middle("serverCpu") };
      const mebibytes = { down: 0, up: 0 };
      for (const direction of ["down", "up"] as const) {
        await ground.move(server, direction, 64);
        const trial = await ground.move(server, direction, 64);
        const perSecond = 64 / Math.max(trial.seconds - empty.seconds, 0.02);
        mebibytes[direction] = sizeFor(perSecond * (bench.options.quick ? 0.7 : 1.5));
      }
      await ground.moveSmall(server, "up");
      await ground.moveSmall(server, "down");
      plans.set(server, { empty, mebibytes });
    };

    const turn = async (server: RunningServer): Promise<void> => {
      const plan = plans.get(server);
      if (plan === undefined) return;
      const { results } = bench;
      const { name } = server.peer;
      const less = (whole: Visit): Visit => ({
        seconds: Math.max(whole.seconds - plan.empty.seconds, 0.001),
        serverCpu: Math.max(whole.serverCpu - plan.empty.serverCpu, 0),
      });
      for (const direction of ["down", "up"] as const) {
        const mebibytes = plan.mebibytes[direction];
        const { seconds, serverCpu } = less(await ground.move(server, direction, mebibytes));
        results.add(filesThroughput(direction), name, mebibytes / seconds);
        results.add(filesCpu(direction), name, (serverCpu / mebibytes) * 1024);
        if (serverCpu / seconds < busy) results.boundByClient(filesThroughput(direction), name);
      }
      // Up comes first: it makes what goes down.
      for (const direction of ["up", "down"] as const) {
        const { seconds, serverCpu } = less(await ground.moveSmall(server, direction));
        results.add(smallFiles(direction), name, ground.small / seconds);
        results.add(smallFilesCpu(direction), name, (serverCpu / ground.small) * 1000);
      }
      const list = less(await ground.list(server));
      results.add(listing, name, list.seconds);
      results.add(listingCpu, name, list.serverCpu);
    };

    await interleave(bench, "files", warmUp, turn);
  } finally {
    ground.remove();
  }
}

/** A power of two, for few files of zeros; not less than takes some times as long as the start of a client. */
function sizeFor(mebibytes: number): number {
  return 2 ** Math.min(10, Math.max(8, Math.round(Math.log2(mebibytes))));
}

/** The folders that are served, and that of the client. */
class Ground {
  /** How many small files are moved at a time. */
  readonly small: number;
  readonly #bench: Bench;
  readonly #here: string;
  readonly #there: string;

  constructor(bench: Bench) {
    this.#bench = bench;
    this.small = bench.options.quick ? 500 : 2000;
    const folder = mkdtempSync(join(memoryOrDisk(), "sallyport-bench-files-"));
    this.#here = join(folder, "here");
    this.#there = join(folder, "there");
    mkdirSync(join(this.#here, "small"), { recursive: true });
    mkdirSync(join(this.#there, "many"), { recursive: true });
    bench.workspace.files = this.#there;
    for (let number = 0; number < this.small; number += 1) {
      writeFileSync(join(this.#here, "small", `file-${number}`), Buffer.alloc(1024, number));
    }
    const first = (number: number): string => join(this.#there, "many", `entry-${number - (number % 50_000)}`);
    for (let number = 0; number < entries; number += 1) {
      if (number % 50_000 === 0) writeFileSync(first(number), "");
      else linkSync(first(number), join(this.#there, "many", `entry-${number}`));
    }
  }

  async move(server: RunningServer, direction: FilesDirection, mebibytes: number): Promise<Visit> {
    const zeros = this.#bench.workspace.zeros(mebibytes);
    const [name, back] = [`large-${server.peer.name}`, join(this.#here, "back")];
    if (direction === "up")
      return this.visit(server, [`put ${zeros} ${this.#remote(server, name)}`], join(this.#there, name));
    return this.visit(server, [`get ${this.#remote(server, this.#zeros(mebibytes))} ${back}`], back);
  }

  async moveSmall(server: RunningServer, direction: FilesDirection): Promise<Visit> {
    const [name, back] = [`small-${server.peer.name}`, join(this.#here, "small-back")];
    const there = join(this.#there, name);
    if (direction === "down") return this.visit(server, [`get -R ${this.#remote(server, name)} ${back}`], back);
    rmSync(there, { recursive: true, force: true });
    return this.visit(server, [`put -R ${join(this.#here, "small")} ${this.#remote(server, name)}`]);
  }

  list(server: RunningServer): Promise<Visit> {
    return this.visit(server, [`ls -1f ${this.#remote(server, "many")}`]);
  }

  /** Has `sftp` run commands, and takes away what they made. */
  async visit(server: RunningServer, commands: readonly string[], made?: string): Promise<Visit> {
    const options = clientSettings(this.#bench, cipher).flatMap((setting) => ["-o", setting]);
    const where = ["-o", `Port=${server.port}`, `${server.peer.user}@127.0.0.1`];
    const [file, args] = pinned("generator", ["sftp", "-F", "none", "-q", ...options, "-b", "-", ...where]);
    await childrenGone(server.pid);
    const cpuBefore = cpuSeconds(server.pid);
    const began = performance.now();
    const child = spawn(file, args, { stdio: ["pipe", "ignore", "pipe"] });
    child.stdin.end(`${commands.join("\n")}\n`);
    const [[status], complaint] = await Promise.all([once(child, "exit"), text(child.stderr)]);
    const seconds = (performance.now() - began) / 1000;
    if (status !== 0) throw new Error(complaint.trim().split("\n").at(-1) || `sftp ended with status ${status}`);
    await childrenGone(server.pid);
    const serverCpu = cpuSeconds(server.pid) - cpuBefore;
    if (made !== undefined) rmSync(made, { recursive: true });
    return { seconds, serverCpu };
  }

  remove(): void {
    rmSync(join(this.#there, ".."), { recursive: true, force: true });
  }

  /** Sallyport keeps its clients to the folder that is served; to the others it is a folder of the machine. */
  #remote({ peer }: RunningServer, name: string): string {
    return peer.name.startsWith(subject) ? `/${name}` : join(this.#there, name);
  }

  /** A file of zeros among those that are served. */
  #zeros(mebibytes: number): string {
    const name = `zeros-${mebibytes}`;
    this.#bench.workspace.zeros(mebibytes, this.#there);
    return name;
  }
}

/** Memory where there is enough of it: how fast the disk is today is not what is asked. */
function memoryOrDisk(): string {
  try {
    const { bavail, bsize } = statfsSync("/dev/shm");
    if (bavail * bsize > 4 * GIB) return "/dev/shm";
  } catch {
    // There is none.
  }
  return tmpdir();
}
