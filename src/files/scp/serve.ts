import type { Client } from "../../server/index.ts";
import { pathOf, pathsOf } from "../command/paths.ts";
import { SessionBytes } from "../command/session-bytes.ts";
import type { Word } from "../command/words.ts";
import { FileError } from "../error.ts";
import type { FileSystem } from "../file-system.ts";
import { parseScp } from "./command.ts";
import type { FaultLog } from "./faults.ts";
import { textOf } from "./faults.ts";
import { ScpSink } from "./sink.ts";
import { ScpSource } from "./source.ts";
import { ScpAbort, ScpWire } from "./wire.ts";

/** What one command of scp is served with. */
export interface ScpService {
  /** What the client may see; without it everything is refused. */
  readonly files: FileSystem | undefined;
  /** The directory where relative paths begin. */
  readonly home: string;
  readonly failed: FaultLog;
}

/**
 * Serves one command of the old protocol of scp (`scp -O`, `pscp -scp`): what the program `scp` of the far side does with `-t` or
 * `-f`. Gives the exit status, and never rejects.
 */
export async function serveScp<State>(client: Client<State>, command: string, service: ScpService): Promise<number> {
  if (client.pty !== undefined) {
    client.sendln("scp: files do not go through a terminal: leave ssh's option -t out");
    return 1;
  }
  const { files, home, failed } = service;
  const wire = new ScpWire(SessionBytes.of(client));
  try {
    if (files === undefined) throw new FileError("PERMISSION_DENIED", "There are no files for you here");
    const { role, paths, ...options } = parseScp(command);
    if (role === "sink") await new ScpSink(wire, files, options, failed).receive(pathOf(paths[0]!, home));
    else await new ScpSource(wire, files, options, failed).send(await expand(files, paths, home));
  } catch (error) {
    wire.hasFailed = true;
    if (!(error instanceof ScpAbort)) wire.refuse(textOf(error, failed));
  }
  return wire.hasFailed ? 1 : 0;
}

async function expand(files: FileSystem, words: readonly Word[], home: string): Promise<string[]> {
  const paths: string[] = [];
  for (const word of words) paths.push(...(await pathsOf(files, word, home)));
  return paths;
}
