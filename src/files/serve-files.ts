import type { Awaitable, Client, ServerCore } from "../server/index.ts";
import type { FileSystem } from "./file-system.ts";
import { assertOptions } from "./options.ts";
import { normalizePath } from "./path.ts";
import { RsyncServer } from "./rsync/serve.ts";
import type { RsyncOptions } from "./rsync/machine.ts";
import { serveScp } from "./scp/serve.ts";
import { Buffers } from "./sftp/wire/buffers.ts";
import { SftpSession } from "./sftp/session.ts";
import { audited } from "./views/audit.ts";

/** What {@link serveFiles} serves. */
export interface ServeFilesOptions<State> {
  /**
   * The files of one client: a new file system for each, or one that all share. `undefined`: this client gets none, and the session
   * ends with status 1. A throw becomes the event `error`.
   */
  readonly fileSystem: (client: Client<State>) => Awaitable<FileSystem | undefined>;
  /** The directory where relative paths begin, as an absolute path. Default `/`. */
  readonly home?: (client: Client<State>) => string;
  /** Whether the log hears of each upload, download and change, and of what was refused. Default true. */
  readonly audit?: boolean;
  /**
   * Serves rsync, too, by a process of the machine's own rsync for each client: `true`, or how. Only file systems that are a directory of the
   * machine can be reached so; whatever keeps a client's rights or counts what it stores in between refuses it. Default false.
   */
  readonly rsync?: boolean | RsyncOptions;
}

/**
 * Serves files to clients of SFTP: `sftp`, today's `scp`, sshfs and all others, for whom the event `connectsftp` comes first; and to those of
 * the old protocol of scp (`scp -O`), which is a program. With the option `rsync`, to those of rsync as well.
 *
 *     const files = memory();
 *     serveFiles(ssh, { fileSystem: (client) => (client.username === "ada" ? files : readOnly(files)) });
 *
 * @throws ConfigError `BAD_OPTION`, `UNKNOWN_OPTION`; with `rsync`, `MISSING_PACKAGE` when there is none.
 */
export function serveFiles<State>(ssh: ServerCore<State>, options: ServeFilesOptions<State>): void {
  checkOptions(options);
  const buffers = new Buffers();
  const { log } = ssh.options;
  const filesOf = async (client: Client<State>): Promise<FileSystem | undefined> => {
    const found = await options.fileSystem(client);
    return found === undefined || options.audit === false ? found : audited(found, client, log);
  };
  const homeOf = (client: Client<State>): string => normalizePath(options.home?.(client) ?? "/");
  const failedFor =
    ({ connection, username }: Client<State>) =>
    (operation: string, error: unknown): void =>
      log({
        level: "error",
        event: "file system failed",
        connection: connection.id,
        peer: connection.peer.address,
        username,
        detail: { operation },
        error,
      });
  ssh.subsystem("sftp", async (client) => {
    const fileSystem = await filesOf(client);
    if (fileSystem === undefined) {
      client.stderr.write("There are no files for you here.\n");
      return 1;
    }
    const { username, connection } = client;
    const { clientVersion } = connection;
    const home = homeOf(client);
    const failed = failedFor(client);
    const served = { fileSystem, buffers, home, username, clientVersion, failed };
    return client.takeBytes((port) => new SftpSession(port, served)).finished;
  });
  ssh.program("scp", async (client, command) => {
    const files = await filesOf(client);
    return serveScp(client, command, { files, home: homeOf(client), failed: failedFor(client) });
  });
  if (options.rsync === undefined || options.rsync === false) return;
  const rsync = new RsyncServer(options.rsync === true ? {} : options.rsync);
  ssh.program("rsync", async (client, command, context) => {
    const files = await filesOf(client);
    return rsync.serve(client, command, { files, home: homeOf(client) }, context);
  });
}

function checkOptions<State>(options: ServeFilesOptions<State>): void {
  const { fileSystem, home, audit = true, rsync = false } = options;
  const isRsync = typeof rsync === "boolean" || (typeof rsync === "object" && rsync !== null);
  assertOptions("serveFiles", options, [
    ["fileSystem", typeof fileSystem === "function", "a function that gives the files of a client: () => files"],
    ["home", home === undefined || typeof home === "function", "a function that gives a path"],
    ["audit", typeof audit === "boolean", "true or false"],
    ["rsync", isRsync, "true, false or its options"],
  ]);
}
