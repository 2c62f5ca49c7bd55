import type { Client, Log, LogDetails, LogEntry } from "../../server/index.ts";
import { FileError } from "../error.ts";
import type { FileErrorCode } from "../error.ts";
import type { FileSystem } from "../file-system.ts";
import { observe } from "./observe.ts";
import type { Deed } from "./wrap.ts";

/** What is told of an operation that is done; of those that only look, nothing. */
const ENTRY_OF: { readonly [Operation in Deed["operation"]]?: (deed: Deed) => readonly [keyof LogDetails, object] } = {
  unlink: ({ path }) => ["file removed", { path }],
  rmdir: ({ path }) => ["directory removed", { path }],
  mkdir: ({ path }) => ["directory made", { path }],
  rename: ({ path, to = path }) => ["file renamed", { path, to }],
  link: ({ path, to = path }) => ["link made", { path: to, of: path }],
  symlink: ({ path }) => ["link made", { path }],
  setstat: changed,
  lsetstat: changed,
};

/** Refusals that say something of the client. That a file is not there is asked all the time. */
const TOLD: ReadonlySet<FileErrorCode> = new Set(["PERMISSION_DENIED", "QUOTA", "NO_SPACE"]);

/**
 * A file system that tells the server's log what a client does with it: one entry for each upload and download, and for each name that is made,
 * changed or taken away. `serveFiles` puts it around what it serves.
 */
export function audited<State>(fileSystem: FileSystem, client: Client<State>, log: Log): FileSystem {
  const { connection, username } = client;
  const tell = (level: "info" | "warn", event: keyof LogDetails, detail: object): void =>
    log({ level, event, connection: connection.id, peer: connection.peer.address, username, detail } as LogEntry);
  let [refusals, toldAt] = [0, -Infinity];
  return observe(
    fileSystem,
    {
      transferred(kind, { path, size, bytes, isComplete: complete }) {
        tell("info", kind === "upload" ? "file uploaded" : "file downloaded", { path, size, bytes, complete });
      },
      done(deed) {
        const entry = ENTRY_OF[deed.operation]?.(deed);
        if (entry !== undefined) tell("info", ...entry);
      },
      failed({ operation, path }, error) {
        if (!(error instanceof FileError && TOLD.has(error.code))) return;
        refusals++;
        if (Date.now() - toldAt < 1000) return;
        tell("warn", "file refused", { operation, path, code: error.code, refusals });
        [refusals, toldAt] = [0, Date.now()];
      },
    },
    true,
  );
}

function changed({ path, attributes = {} }: Deed): readonly [keyof LogDetails, object] {
  const { size, mode, uid, gid } = attributes;
  return ["file changed", { path, size, mode: mode?.toString(8).padStart(4, "0"), uid, gid }];
}
