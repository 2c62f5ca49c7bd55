import { parseArgs } from "node:util";

import type { Wanted } from "./peers.ts";
import { taskNames, type TaskName } from "./tasks/index.ts";

/** What the command line asked for. */
export interface Options extends Wanted {
  readonly rounds: number;
  readonly tasks: readonly TaskName[];
  readonly ciphers: readonly string[];
  readonly shells: readonly number[];
  readonly json: string | undefined;
  readonly quick: boolean;
  readonly profile: boolean;
  /** Only the usage is wanted. */
  readonly help: boolean;
}

export const usage = `node bench/run.ts [options]

  --only connect,out,in,echo,idle,editor,files   tasks to run (bulk: both out and in)
  --rounds N                        interleaved rounds, of which the median counts (5)
  --quick                           1 round, less work in each, no 10,000 shells
  --peers sallyport,ssh2,...        columns to measure (all that are installed)
  --node FILE                       Sallyport on another Node too; may be repeated
  --ssh2 FOLDER                     ssh2 with native addon and TCP_NODELAY as a further peer (see README.md)
  --ciphers NAME,...                ciphers for out and in
  --shells 1000,10000               how many idle shells, rising
  --json FILE                       all values of all rounds
  --profile                         Sallyport alone, once, under --cpu-prof: the functions that take the time
`;

const allCiphers = ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes256-ctr"];

/** Reads the command line. Throws an Error that says what is wrong with it. */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: "string" },
      rounds: { type: "string" },
      quick: { type: "boolean", default: false },
      peers: { type: "string" },
      node: { type: "string", multiple: true, default: [] },
      ssh2: { type: "string" },
      ciphers: { type: "string" },
      shells: { type: "string" },
      json: { type: "string" },
      profile: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const short = values.quick || values.profile;
  return {
    rounds: positive("--rounds", values.rounds ?? (short ? "1" : "5")),
    tasks: readTasks(values.only),
    peers: values.profile ? ["sallyport"] : values.peers?.split(","),
    ciphers: values.ciphers?.split(",") ?? allCiphers,
    nodes: values.profile ? [] : values.node,
    ssh2: values.ssh2,
    shells: (values.shells ?? (short ? "1000" : "1000,10000")).split(",").map((text) => positive("--shells", text)),
    json: values.json,
    quick: values.quick,
    profile: values.profile,
    help: values.help,
  };
}

function readTasks(only: string | undefined): readonly TaskName[] {
  if (only === undefined) return taskNames;
  const names = only.split(",").flatMap((name) => (name === "bulk" ? ["out", "in"] : [name]));
  const unknown = names.find((name) => !taskNames.includes(name as TaskName));
  if (unknown !== undefined) throw new Error(`--only knows ${taskNames.join(", ")} and bulk, not ${unknown}`);
  return taskNames.filter((name) => names.includes(name));
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${option} takes whole numbers from 1, not ${text}`);
  return value;
}
