import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ConfigError } from "../../server/index.ts";
import { ENVIRONMENT, findProgram } from "../process/programs.ts";
import { sandboxed } from "./sandbox.ts";

/**
 * How rsync is served: in a sandbox of bubblewrap (`bwrap`), where the kernel keeps it to the directory. Where that does not work, it
 * is not served.
 */
export interface RsyncOptions {
  /** The program, by its path or its name. Default `rsync`. */
  readonly program?: string;
  /** How many processes may serve clients at once, and one user by half of them; who comes then is told to try again. Default 16. */
  readonly maxProcesses?: number;
}

/** The programs by which rsync is served, by their paths. */
export interface RsyncPrograms {
  readonly program: string;
  readonly bubblewrap: string;
}

/** What this machine has to serve rsync with. */
export interface RsyncMachine extends RsyncPrograms {
  /** rsync itself, too, keeps rules to the directory and devices out of it. */
  readonly isConfined: boolean;
}

const NO_RSYNC = "install rsync (Debian: apt-get install rsync), or leave the option rsync out";
const NO_SANDBOX = "install bubblewrap (Debian: apt-get install bubblewrap), or leave the option rsync out";
/** What came with rsync 3.5.0. */
const CONFINING = ["--confine-root", "--drop-D"] as const;
const TIMEOUT = 10_000;

const run = promisify(execFile);

/** The options with their defaults. @throws ConfigError `BAD_OPTION`, `UNKNOWN_OPTION`, `MISSING_PACKAGE` without a program. */
export function resolveRsyncOptions(options: RsyncOptions): RsyncPrograms & Required<RsyncOptions> {
  const { program = "rsync", maxProcesses = 16, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new ConfigError("UNKNOWN_OPTION", `The option rsync has no ${unknown}.`);
  const rules: readonly (readonly [name: string, isRight: boolean, expected: string])[] = [
    ["program", typeof program === "string" && program !== "", "the name or the path of a program"],
    ["maxProcesses", Number.isSafeInteger(maxProcesses) && maxProcesses >= 1, "a whole number from 1 on"],
  ];
  for (const [name, isRight, expected] of rules) {
    if (!isRight) throw new ConfigError("BAD_OPTION", `The option rsync.${name} must be ${expected}.`);
  }
  return {
    program: findProgram(program, NO_RSYNC),
    bubblewrap: findProgram("bwrap", NO_SANDBOX),
    maxProcesses,
  };
}

/**
 * Finds out what there is.
 *
 * @throws ConfigError `MISSING_PACKAGE` when it does not work, or cannot be kept in a sandbox: in a container nobody may be allowed to make one.
 */
export async function examine({ program, bubblewrap }: RsyncPrograms): Promise<RsyncMachine> {
  const help = await outputOf(program, ["--help"]);
  if (help === undefined) throw new ConfigError("MISSING_PACKAGE", `${program} does not work: ${NO_RSYNC}.`);
  const [command, args] = sandboxed(bubblewrap, "/usr", true, program, ["--version"]);
  if ((await outputOf(command, args)) === undefined) {
    throw new ConfigError(
      "MISSING_PACKAGE",
      `${bubblewrap} is not allowed to make a sandbox here, without which rsync could be led out of its directory: ` +
        "allow user namespaces, or leave the option rsync out.",
    );
  }
  return { program, bubblewrap, isConfined: CONFINING.every((option) => help.includes(option)) };
}

async function outputOf(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await run(program, [...args], { env: ENVIRONMENT, timeout: TIMEOUT })).stdout;
  } catch {
    return undefined; // whatever it is, it does not do what it has to
  }
}
