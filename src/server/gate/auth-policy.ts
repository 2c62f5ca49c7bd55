import { setTimeout as sleep } from "node:timers/promises";
import type { AuthAnswer, AuthAttempt } from "../auth.ts";
import type { Connection, Identity, Login } from "../connection.ts";
import type { Dispatcher } from "../dispatcher.ts";
import type { AuthPrompter, InteractiveAuthData } from "../events.ts";
import type { Log } from "../log.ts";
import type { ResolvedOptions } from "../options.ts";
import { RefusalDelay } from "./delay.ts";
import { Dialogue, DialogueAborted } from "./dialogue.ts";
import type { Judgement } from "./verdict.ts";
import { judgementOf, REFUSED } from "./verdict.ts";

/** What the policy needs of the world; tests replace it. */
export interface AuthClock {
  /** Milliseconds on a clock that does not go back. */
  now(): number;
  sleep(milliseconds: number): Promise<unknown>;
}

/** How far a connection has come in its login. */
interface Progress {
  /** The name that everything below belongs to. */
  username: string;
  /** The methods passed so far. */
  passed: readonly string[];
  user: Identity | undefined;
  /** After a verdict of `partial`: what may follow. */
  allowed: readonly string[] | undefined;
  failures: number;
  attempts: number;
  dialogue: Dialogue | undefined;
  /** After a verdict of `prompt`: how many answers it waits for. */
  questions: number | undefined;
}

type InteractiveAttempt = AuthAttempt & { readonly method: "keyboard-interactive" };

const ACCEPTED: Judgement = { answer: { type: "accept" } };
const MAX_USERNAME = 255;
const realClock: AuthClock = { now: () => performance.now(), sleep: (milliseconds) => sleep(milliseconds) };

/** Judges login attempts by the options and the `auth` and `authinteractive` handlers. */
export class AuthPolicy<State> {
  readonly #options: ResolvedOptions<State>;
  readonly #events: Dispatcher<State>;
  readonly #log: Log;
  readonly #clock: AuthClock;
  readonly #delay: RefusalDelay;
  readonly #progress: WeakMap<Connection, Progress> = new WeakMap();

  constructor(
    options: ResolvedOptions<State>,
    events: Dispatcher<State>,
    clock: AuthClock = realClock,
    delay: RefusalDelay = new RefusalDelay(),
  ) {
    this.#options = options;
    this.#events = events;
    this.#log = options.log;
    this.#clock = clock;
    this.#delay = delay;
  }

  /** The methods to offer. */
  get methods(): readonly string[] {
    if (this.#options.authMethods !== undefined) return this.#options.authMethods;
    if (this.#options.allowAnyone) return ["none", "publickey", "password"];
    const methods = ["publickey", "password"];
    return this.#events.has("authinteractive") ? [...methods, "keyboard-interactive"] : methods;
  }

  /** Judges one attempt; resolves when the answer may be sent. Never rejects. */
  async judge(connection: Connection, attempt: AuthAttempt): Promise<AuthAnswer> {
    const started = this.#clock.now();
    const progress = this.#of(connection, attempt.username);
    const isContinued = attempt.method === "keyboard-interactive" && attempt.round > 0;
    // RFC 4256 §3.1: a new request takes the place of a dialogue that is not finished.
    if (!isContinued) this.#abandon(progress, "Another attempt began.");
    if (attempt.method !== "none") progress.attempts++;

    let judgement: Judgement;
    try {
      judgement = await this.#decide(connection, progress, attempt);
    } catch (error) {
      this.#report(connection, "auth handler failed", attempt, error);
      judgement = REFUSED;
    }
    const { answer } = judgement;
    if (answer.type === "refuse") {
      await this.#refuse(connection, progress, attempt, started);
      return answer;
    }
    const isProof = attempt.method !== "publickey" || attempt.proved;
    if (isProof && (answer.type === "accept" || answer.type === "partial")) {
      progress.passed = [...progress.passed, attempt.method === "unusable" ? attempt.name : attempt.method];
      if (judgement.user !== undefined) progress.user = { ...progress.user, ...judgement.user };
      if (answer.type === "partial") progress.allowed = answer.methods;
      return answer;
    }
    // A key that would do counts as accepted, whatever is to follow it once it is proved.
    return answer.type === "partial" ? { type: "accept" } : answer;
  }

  /** The login is complete: what it amounts to. */
  admitted(connection: Connection, username: string, method: string): Login {
    const progress = this.#of(connection, username);
    return { username, user: progress.user, methods: progress.passed.length > 0 ? progress.passed : [method] };
  }

  /** Attempts that were refused, and attempts in all; the first `none` that every client sends is not one. */
  tally(connection: Connection): { readonly failures: number; readonly attempts: number } {
    const { failures = 0, attempts = 0 } = this.#progress.get(connection) ?? {};
    return { failures, attempts };
  }

  /** The connection is gone. */
  left(connection: Connection): void {
    const progress = this.#progress.get(connection);
    if (progress !== undefined) this.#abandon(progress, "The connection is gone.");
  }

  #of(connection: Connection, username: string): Progress {
    const known = this.#progress.get(connection);
    if (known?.username === username) return known;
    if (known !== undefined) this.#abandon(known, "Another user name came.");
    // A factor passed under one name is worth nothing under another.
    const { failures = 0, attempts = 0 } = known ?? {};
    const progress: Progress = {
      username,
      passed: [],
      user: undefined,
      allowed: undefined,
      failures,
      attempts,
      dialogue: undefined,
      questions: undefined,
    };
    this.#progress.set(connection, progress);
    return progress;
  }

  #abandon(progress: Progress, why: string): void {
    progress.dialogue?.abort(why);
    progress.dialogue = undefined;
    progress.questions = undefined;
  }

  async #decide(connection: Connection, progress: Progress, attempt: AuthAttempt): Promise<Judgement> {
    if (attempt.method === "unusable" || !isUsername(attempt.username)) return REFUSED;
    if (!this.methods.includes(attempt.method)) return REFUSED;
    if (progress.allowed !== undefined && !progress.allowed.includes(attempt.method)) return REFUSED;
    if (this.#options.allowAnyone) return ACCEPTED;
    if (attempt.method === "password" && this.#isTooLong(attempt.password, attempt.newPassword)) return REFUSED;

    const common = { username: attempt.username, peer: connection.peer, connection, passed: progress.passed };
    if (attempt.method === "keyboard-interactive") return this.#converse(progress, attempt, common);
    const { username: _, ...particular } = attempt;
    const verdict = await this.#inTime(this.#events.first("auth", { ...common, ...particular }));
    return verdict === undefined ? REFUSED : judgementOf(verdict, attempt.method);
  }

  async #converse(progress: Progress, attempt: InteractiveAttempt, data: InteractiveAuthData): Promise<Judgement> {
    const { round, responses } = attempt;
    const { questions } = progress;
    progress.questions = undefined;
    if (round === 0 || (questions !== undefined && responses.length === questions)) {
      progress.dialogue = new Dialogue(
        (prompt) => this.#interview(data, attempt, prompt),
        this.#options.limits.authPromptTime * 1000,
      );
    } else if (progress.dialogue?.reply(responses) !== true) {
      return REFUSED;
    }
    const { dialogue } = progress;
    if (dialogue === undefined) return REFUSED;
    let turn: Awaited<ReturnType<Dialogue["next"]>> | undefined;
    try {
      turn = await this.#inTime(dialogue.next());
    } finally {
      const isAsking = turn !== undefined && "ask" in turn;
      if (!isAsking && progress.dialogue === dialogue) this.#abandon(progress, "The login took too long.");
    }
    if ("ask" in turn) return { answer: turn.ask };
    const { answer } = turn.judgement;
    if (answer.type === "prompt") progress.questions = answer.prompts.length;
    return turn.judgement;
  }

  /** Runs the handlers that may ask. Never rejects. */
  async #interview(data: InteractiveAuthData, attempt: InteractiveAttempt, prompt: AuthPrompter): Promise<Judgement> {
    const { method, round, responses } = attempt;
    const hasOwnEvent = this.#events.has("authinteractive");
    try {
      const verdict = hasOwnEvent
        ? await this.#events.first("authinteractive", data, prompt)
        : await this.#events.first("auth", { ...data, method, prompt, round, responses });
      return verdict === undefined ? REFUSED : judgementOf(verdict, method);
    } catch (error) {
      // The user went away or was too slow: no fault of the handler's.
      if (!(error instanceof DialogueAborted)) this.#report(data.connection, "auth handler failed", attempt, error);
      return REFUSED;
    }
  }

  async #refuse(connection: Connection, progress: Progress, attempt: AuthAttempt, started: number): Promise<void> {
    // The first `none` only asks for the list of methods: every client sends it, and no handler has seen it.
    if (attempt.method === "none" && !this.methods.includes("none")) return;
    progress.failures++;
    const method = attempt.method === "unusable" ? attempt.name : attempt.method;
    const isQuery = attempt.method === "publickey" && !attempt.proved;
    this.#log({
      level: isQuery ? "debug" : "info",
      event: "login refused",
      connection: connection.id,
      peer: connection.peer.address,
      detail: {
        method,
        ...(attempt.method === "publickey" && { key: attempt.key.fingerprint }),
        ...(attempt.method === "unusable" && { why: attempt.why }),
      },
      username: attempt.username,
    });
    const remaining = this.#delay.remaining(attempt.username, this.#clock.now() - started);
    // Timers round down to whole milliseconds.
    await this.#clock.sleep(Math.ceil(remaining));
  }

  /** @throws Error when the handlers take too long; what they come up with later is ignored. */
  async #inTime<Value>(judging: Promise<Value>): Promise<Value> {
    const { authTime } = this.#options.limits;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`No verdict within ${authTime} s (limits.authTime).`)),
        authTime * 1000,
      );
    });
    try {
      return await Promise.race([judging, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #isTooLong(...passwords: readonly (string | undefined)[]): boolean {
    return passwords.some((password = "") => Buffer.byteLength(password) > this.#options.limits.maxPassword);
  }

  #report(connection: Connection, event: string, attempt: AuthAttempt, error: unknown): void {
    this.#log({
      level: "error",
      event,
      connection: connection.id,
      peer: connection.peer.address,
      detail: { method: attempt.method },
      error,
      username: attempt.username,
    });
  }
}

// No shell, path or log line should have to be afraid of a name: no control characters, and no option to a program.
function isUsername(username: string): boolean {
  return username !== "" && !/^-|\p{Cc}/u.test(username) && Buffer.byteLength(username) <= MAX_USERNAME;
}
