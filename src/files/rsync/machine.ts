import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ConfigError } from "../../server/index.ts";
import { findProgram, SYSTEM_PATH } from "../process/programs.ts";
import { sandboxed } from "./sandbox.ts";

/** How rsync is served. */
export interface RsyncOptions {
  /** The program, by its path or its name. Default `rsync`. */
  readonly program?: string;
  /**
   * Whether rsync runs in a sandbox of bubblewrap (`bwrap`), where the kernel keeps it to the directory that is served. Default: where that
   * works. `true`: nowhere else. `false`: never.
   */
  readonly sandbox?: boolean;
  /** How many processes may serve clients at once; who comes then is told to try again. Default 16. */
  readonly maxProcesses?: number;
}

/** What this machine has to serve rsync with. */
export interface RsyncMachine {
  readonly program: string;
  /** Where bubblewrap is, when rsync is to run in a sandbox. */
  readonly bubblewrap: string | undefined;
  /** rsync itself keeps files rules and devices out. */
  readonly isConfined: boolean;
}

/** Nothing of the server's, and no home where rsync would look for files of its own. */
export const RSYNC_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: SYSTEM_PATH,
  HOME: "/nonexistent",
  LANG: "C.UTF-8",
};

const NO_RSYNC = "install rsync (Debian: apt-get install rsync), or leave the option rsync out";
const NO_SANDBOX = "install bubblewrap (Debian: apt-get install bubblewrap), or leave the option rsync.sandbox out";
/** What came with rsync 3.5.0: without it a client's filters can name files outside, and links can be swapped while it works. */
const NEEDED = ["--confine-root", "--drop-D"] as const;
const TIMEOUT = 10_000;

const run = promisify(execFile);

/** The options with their defaults. @throws ConfigError `BAD_OPTION`, `UNKNOWN_OPTION`, `MISSING_PACKAGE` without any rsync. */
export function resolveRsyncOptions(options: RsyncOptions): RsyncOptions & Required<Omit<RsyncOptions, "sandbox">> {
  const { program = "rsync", maxProcesses = 16, sandbox, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new ConfigError("UNKNOWN_OPTION", `The option rsync has no ${unknown}.`);
  const rules: readonly (readonly [name: string, isRight: boolean, expected: string])[] = [
    ["program", typeof program === "string" && program !== "", "the name or the path of a program"],
    ["maxProcesses", Number.isSafeInteger(maxProcesses) && maxProcesses >= 1, "a whole number from 1 on"],
    ["sandbox", sandbox === undefined || typeof sandbox === "boolean", "true or false"],
  ];
  for (const [name, isRight, expected] of rules) {
    if (!isRight) throw new ConfigError("BAD_OPTION", `The option rsync.${name} must be ${expected}.`);
  }
  return { program: findProgram(program, NO_RSYNC), maxProcesses, ...(sandbox !== undefined && { sandbox }) };
}

/**
 * Finds out what there is.
 *
 * @param options with the path of the program.
 * @throws ConfigError `MISSING_PACKAGE` when there is nothing that rsync could be held to a directory by.
 */
export async function examine({ program = "", sandbox }: RsyncOptions): Promise<RsyncMachine> {
  const help = await outputOf(program, ["--help"]);
  const isConfined = NEEDED.every((option) => help?.includes(option));
  const bubblewrap = sandbox === false ? undefined : await workingBubblewrap(program, sandbox === true);
  if (help !== undefined && (isConfined || bubblewrap !== undefined)) return { program, bubblewrap, isConfined };
  throw new ConfigError(
    "MISSING_PACKAGE",
    `${program} cannot be held to a directory: install rsync 3.5.0 or newer, or bubblewrap (Debian: apt-get install bubblewrap).`,
  );
}

/** Where bubblewrap is, if it can make a sandbox: in a container it may not be allowed to. */
async function workingBubblewrap(program: string, isRequired: boolean): Promise<string | undefined> {
  try {
    const bubblewrap = findProgram("bwrap", NO_SANDBOX);
    const [command, args] = sandboxed(bubblewrap, "/usr", true, program, ["--version"]);
    if ((await outputOf(command, args)) !== undefined) return bubblewrap;
    throw new ConfigError(
      "MISSING_PACKAGE",
      `${bubblewrap} is not allowed to make a sandbox here: allow user namespaces.`,
    );
  } catch (error) {
    if (isRequired) throw error;
    return undefined;
  }
}

async function outputOf(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await run(program, [...args], { env: RSYNC_ENVIRONMENT, timeout: TIMEOUT })).stdout;
  } catch {
    return undefined; // whatever it is, it does not do what it has to
  }
}
