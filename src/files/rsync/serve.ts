import { realpath } from "node:fs/promises";
import type { Client, CommandContext } from "../../server/index.ts";
import { escapeControls } from "../../server/index.ts";
import { TEMPORARY } from "../disk/temporary.ts";
import { FileError } from "../error.ts";
import type { FileSystem } from "../file-system.ts";
import { runForClient } from "../process/child.ts";
import { ENVIRONMENT } from "../process/programs.ts";
import { Slots } from "../process/slots.ts";
import type { RsyncCommand } from "./command.ts";
import { parseRsync } from "./command.ts";
import type { RsyncMachine, RsyncOptions, RsyncPrograms } from "./machine.ts";
import { examine, resolveRsyncOptions } from "./machine.ts";
import { placesOf } from "./places.ts";
import { sandboxed, SERVED } from "./sandbox.ts";

/** What one command of rsync is served with. */
export interface RsyncService {
  readonly files: FileSystem | undefined;
  /** The directory where relative paths begin. */
  readonly home: string;
}

/** The directory that everything has to be in, as the machine knows it. */
interface Root {
  readonly path: string;
  readonly isReadOnly: boolean;
}

/** What rsync gives for an error in what it was told, and for files that it could not have. */
const BAD_USAGE = 1;
const PARTIAL = 23;
/** A signal would end the sandbox around it at once: without it rsync takes its temporary file away, or keeps it by `--partial`. */
const PATIENCE = 2000;

/** Serves commands of rsync through the rsync of this machine. */
export class RsyncServer {
  readonly #programs: RsyncPrograms;
  readonly #slots: Slots;
  #machine: RsyncMachine | undefined;

  /** @throws ConfigError `BAD_OPTION`, `UNKNOWN_OPTION`, `MISSING_PACKAGE`. */
  constructor(options: RsyncOptions) {
    const resolved = resolveRsyncOptions(options);
    this.#programs = resolved;
    this.#slots = new Slots(resolved.maxProcesses);
  }

  /**
   * Serves one command, and gives its exit status.
   *
   * @throws ConfigError `MISSING_PACKAGE` when rsync cannot be held to the directory here.
   */
  async serve<State>(
    client: Client<State>,
    command: string,
    { files, home }: RsyncService,
    { signal }: CommandContext,
  ): Promise<number> {
    try {
      if (client.pty !== undefined) throw new FileError("INVALID", "files do not go through a terminal");
      if (files === undefined) throw new FileError("PERMISSION_DENIED", "There are no files for you here");
      const parsed = parseRsync(command);
      using slot = this.#slots.take(client.username);
      if (slot === undefined) throw new FileError("FAILURE", "too many are served at the moment: try again");
      const machine = (this.#machine ??= await examine(this.#programs));
      const root = await rootOf(files, parsed);
      const [program, args] = commandFor(machine, root, parsed, await placesOf(files, parsed, home));
      const environment = { cwd: "/", env: ENVIRONMENT };
      return await runForClient(client, { program, args, ...environment, signal, patience: PATIENCE });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      client.stderr.write(`rsync: ${escapeControls(error.message)}\n`);
      return error.code === "INVALID" ? BAD_USAGE : PARTIAL;
    }
  }
}

async function rootOf(files: FileSystem, { writes }: RsyncCommand): Promise<Root> {
  const root = await files.localDirectory?.("/");
  if (root === undefined) throw new FileError("UNSUPPORTED", "rsync does not work on these files; take sftp");
  try {
    if (writes && root.readOnly === true) throw new FileError("PERMISSION_DENIED", "The files can only be read");
    return { path: await realpath(root.path), isReadOnly: !writes };
  } finally {
    await root.close();
  }
}

function commandFor(
  { program, bubblewrap, isConfined }: RsyncMachine,
  { path, isReadOnly }: Root,
  { direction, options }: RsyncCommand,
  paths: readonly string[],
): readonly [program: string, args: readonly string[]] {
  const isPull = direction === "pull";
  const args = [
    "--server",
    ...(isPull ? ["--sender"] : []),
    ...options,
    // What rules that come over the wire may name.
    ...(isConfined ? [`--confine-root=${SERVED}`] : []),
    // What SFTP and scp are uploading: rsync neither sends it nor deletes it, whatever the client's rules say.
    `--filter=H_${TEMPORARY}*`,
    `--filter=P_${TEMPORARY}*`,
    // Also a server that runs as root gives no file to anybody else.
    "--no-super",
    ...(isPull ? [] : [...(isConfined ? ["--drop-D"] : []), "--safe-links", "--chmod=ug-s,o-t"]),
    "--",
    ".",
    ...paths,
  ];
  return sandboxed(bubblewrap, path, isReadOnly, program, args);
}
