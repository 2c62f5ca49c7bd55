import type { Awaitable, Client } from "../../server/index.ts";
import type { FileSystem } from "../file-system.ts";

/** Users whose file systems are kept; the one who was here longest ago makes room. */
const MAX_USERS = 10_000;

/**
 * Gives each user a file system of their own, made when they first come and shared by all their sessions, so that a quota counts them together.
 * A value for the option `fileSystem` of `serveFiles`:
 *
 *     serveFiles(ssh, { fileSystem: perUser((name) => directory(`/srv/files/${name}`)) });
 *
 * A user whose name cannot be that of a directory (with `/`, or `.` and `..`) gets none.
 *
 * @param make `undefined`: this user gets no files. What it throws, or rejects with, becomes the event `error`, and the next session tries anew.
 */
export function perUser<State>(
  make: (username: string, client: Client<State>) => Awaitable<FileSystem | undefined>,
): (client: Client<State>) => Promise<FileSystem | undefined> {
  const made: Map<string, Promise<FileSystem | undefined>> = new Map();
  return async (client) => {
    const { username } = client;
    if (username.includes("/") || username === "." || username === "..") return undefined;
    const known = made.get(username) ?? (async () => make(username, client))();
    // The last in the map was here last.
    made.delete(username);
    made.set(username, known);
    const [oldest] = made.keys();
    if (made.size > MAX_USERS && oldest !== undefined) made.delete(oldest);
    try {
      const fileSystem = await known;
      if (fileSystem === undefined) made.delete(username);
      return fileSystem;
    } catch (error) {
      made.delete(username);
      throw error;
    }
  };
}
