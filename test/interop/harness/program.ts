import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";

/** How a program ended, and what it wrote. */
export interface Finished {
  /** The exit status; null when it had to be killed. */
  readonly status: number | null;
  /** The first MiB of its output. */
  readonly stdout: string;
  readonly stderr: string;
  /** The SHA-256 of all of its output. */
  readonly digest: string;
}

export interface RunOptions {
  /** What it reads; nothing by default. */
  readonly input?: string | Readable;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Seconds until it is killed. Default 90. */
  readonly timeout?: number;
}

const MAX_TEXT = 1024 ** 2;

/** Runs a program to its end. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const child = spawn(command, args, { env: { ...process.env, ...options.env }, stdio: ["pipe", "pipe", "pipe"] });
  const killer = setTimeout(() => child.kill("SIGKILL"), (options.timeout ?? 90) * 1000);
  const hash = createHash("sha256");
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (bytes: Buffer) => {
    hash.update(bytes);
    if (stdout.length < MAX_TEXT) stdout += bytes.toString("latin1");
  });
  child.stderr.on("data", (bytes: Buffer) => (stderr += bytes.toString("latin1")));
  // A program may end without having read its input: that is judged by its status.
  child.stdin.on("error", () => undefined);
  if (options.input instanceof Readable) options.input.pipe(child.stdin);
  else child.stdin.end(options.input ?? "");
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => {
      clearTimeout(killer);
      resolve({ status, stdout, stderr, digest: hash.digest("hex") });
    });
  });
}
