import { stderrLog } from "../server/index.ts";
import type { AuthData, Log, LogDetails } from "../server/index.ts";

/** About a file or a list that is not used, or not all of it. */
type FileEvent =
  | "authorized keys not read"
  | "authorized key not used"
  | "authorized keys not used"
  | "trusted CAs not read"
  | "trusted CA not used"
  | "revocation list not read";

/** About what logins are judged by and cannot be used. */
type FaultEvent = "password hash not usable" | "password not hashed anew" | "one-time code not checked";

/** Where an authenticator says what is wrong: the server's log, once it has been prepared by one. */
export class Journal {
  #log: Log = stderrLog;

  /** From here on entries go to this log. */
  use(log: Log): void {
    this.#log = log;
  }

  /** About a file or a list, and no visitor. */
  warn(event: FileEvent, detail: LogDetails["authorized key not used"]): void {
    this.#log({ level: "warn", event, detail });
  }

  /** Something that an app's callback threw, or a login that the app's data make impossible. */
  error(event: FaultEvent, data: AuthData, error: unknown): void {
    const { connection, peer, username } = data;
    this.#log({ level: "error", event, connection: connection.id, peer: peer.address, username, error });
  }
}
