import { isAbort, isUnanswered } from "../client/abort-error.ts";
import type { Client } from "../client/client.ts";
import type { SessionFacts } from "../client/facts.ts";
import type { Failed } from "../dispatcher.ts";
import type { Venue } from "./venue.ts";

/** What fails here costs the user no more than some comfort. */
const QUIET: ReadonlySet<string> = new Set(["error", "complete", "suggest", "highlight", "history", "screenReader"]);

/** Tells of what the handlers of one client threw. */
export class Faults<State> {
  readonly #client: Client<State>;
  readonly #facts: SessionFacts;
  readonly #venue: Venue<State>;
  readonly #mayRaise: () => boolean;
  readonly #apologise: () => void;

  /**
   * @param mayRaise whether the client is between its `connect` and its `disconnected`, where its events belong.
   * @param apologise tells the user when no `error` handler did anything about it.
   */
  constructor(
    client: Client<State>,
    facts: SessionFacts,
    venue: Venue<State>,
    mayRaise: () => boolean,
    apologise: () => void,
  ) {
    this.#client = client;
    this.#facts = facts;
    this.#venue = venue;
    this.#mayRaise = mayRaise;
    this.#apologise = apologise;
  }

  /** Raises `error`, or logs and tells the user that something went wrong. Never rejects. */
  readonly report: Failed = async (name, error) => {
    if (!isUnanswered(error)) this.#facts.lastError = error;
    // The user called it off or is gone; that is no fault of the handler's.
    if (isUnanswered(error) || (isAbort(error) && this.#client.signal.aborted)) return;
    const { events, log } = this.#venue;
    const { connection } = this.#client;
    if (name !== "error" && this.#mayRaise() && events.has("error")) {
      await events.raise("error", this.report, this.#client, error);
      return;
    }
    log({
      level: "error",
      event: "handler failed",
      connection: connection.id,
      peer: connection.peer.address,
      detail: { handler: name },
      error,
      username: connection.username,
    });
    if (!QUIET.has(name)) this.#apologise();
  };
}
