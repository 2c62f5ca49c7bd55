import type { Awaitable, Client, Log } from "../../server/index.ts";
import { AbortError, escapeControls } from "../../server/index.ts";
import type { SudoOptions } from "../options.ts";
import { Tally } from "./tally.ts";

/** What is asked for. */
export interface SudoRequest<State> {
  readonly client: Client<State>;
  /** The line as it was typed. */
  readonly line: string;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Lets users run with their own password what they may not run without. */
export class Sudo<State> {
  /** What stands before the command. */
  readonly word: string;
  readonly #options: Required<SudoOptions<State>>;
  readonly #tally: Tally;
  /** Whose password a session needs no more, and until when, in milliseconds since 1970. */
  readonly #remembered: WeakMap<Client<State>, { readonly user: string; readonly until: number }> = new WeakMap();

  constructor(options: Required<SudoOptions<State>>) {
    this.#options = options;
    this.#tally = new Tally(options.tries, options.wait);
    this.word = options.word;
  }

  /** Whether a client may use it where he is: not without a terminal, where a password could not be asked for unseen. */
  isFor(client: Client<State>): Awaitable<boolean> {
    return client.pty !== undefined && this.#options.allowed(client);
  }

  /** The next command of this session asks for the password again. */
  forget(client: Client<State>): void {
    this.#remembered.delete(client);
  }

  /**
   * Asks who is there, unless it was asked a moment ago, and tells the log what came of it.
   *
   * @returns whether the command may run; the client has been told why not.
   * @throws AbortError when the question is not answered. What the judge throws.
   */
  async elevate(request: SudoRequest<State>): Promise<boolean> {
    let user = request.client.username;
    try {
      user = await this.#options.nameOf(request.client);
      const why = await this.#refusal(request, user);
      if (why === undefined) return true;
      tell(request, user, "refuse", why);
    } catch (error) {
      const why = error instanceof AbortError ? "the password was not typed" : "the password was not judged";
      tell(request, user, "refuse", why);
      throw error;
    }
    return false;
  }

  /** Why not, for the log; undefined: the command may run. */
  async #refusal(request: SudoRequest<State>, user: string): Promise<string | undefined> {
    const { client, signal } = request;
    const { word } = this;
    const say = (text: string): void => void client.stderr.write(`${word}: ${text}\n`);
    if (!(await this.#options.allowed(client))) {
      say(`${escapeControls(user)} may not use it. This has been logged.`);
      return "not allowed";
    }
    if (client.pty === undefined) {
      say("this needs a terminal, to ask for your password: ssh -t");
      return "no terminal";
    }
    const known = this.#remembered.get(client);
    if (known?.user === user && known.until > Date.now()) {
      tell(request, user, "accept", undefined, true);
      return undefined;
    }
    this.#remembered.delete(client);
    for (;;) {
      const seconds = this.#tally.waits(user, Date.now());
      if (seconds > 0) {
        say(`too many wrong passwords: try again in ${seconds === 1 ? "a second" : `${seconds} seconds`}.`);
        return "too many wrong passwords";
      }
      const password = await client.password(`[${word}] password for ${escapeControls(user)}: `, { signal });
      // Another session may have used up the tries meanwhile.
      if (!this.#tally.take(user, Date.now())) continue;
      if (await this.#options.verify(client, password)) break;
      tell(request, user, "refuse", "wrong password");
      say("that is not your password.");
    }
    this.#tally.clear(user);
    const { remember } = this.#options;
    if (remember > 0) this.#remembered.set(client, { user, until: Date.now() + remember * 1000 });
    tell(request, user, "accept");
    return undefined;
  }
}

function tell<State>(
  { client, line, log }: SudoRequest<State>,
  user: string,
  verdict: "accept" | "refuse",
  why?: string,
  remembered?: boolean,
): void {
  const { connection } = client;
  log({
    level: verdict === "accept" ? "info" : "warn",
    event: "sudo",
    connection: connection.id,
    peer: connection.peer.address,
    detail: { command: line, verdict, why, remembered },
    username: user,
  });
}
