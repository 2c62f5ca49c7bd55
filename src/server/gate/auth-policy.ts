import { setTimeout as sleep } from "node:timers/promises";
import type { AuthAnswer, AuthAttempt } from "../auth.ts";
import type { Connection, Identity, Login } from "../connection.ts";
import type { Dispatcher } from "../dispatcher.ts";
import type { AuthPrompter, InteractiveAuthData } from "../events.ts";
import type { Log } from "../log.ts";
import { clearanceOf } from "../login/clearance.ts";
import { Factors } from "../login/factors.ts";
import { hideSecrets } from "../login/hide-secrets.ts";
import { Judges } from "../login/judges.ts";
import { UNRESTRICTED } from "../login/restrictions.ts";
import type { ResolvedOptions } from "../options.ts";
import { attemptEntry } from "./attempt-entry.ts";
import { RefusalDelay } from "./delay.ts";
import { Dialogue, DialogueAborted } from "./dialogue.ts";
import { keyIdentity, newProgress } from "./progress.ts";
import type { Progress } from "./progress.ts";
import type { Judgement } from "./verdict.ts";
import { judgementOf, refusal } from "./verdict.ts";

/** What the policy needs of the world; tests replace it. */
export interface AuthClock {
  /** Milliseconds on a clock that does not go back. */
  now(): number;
  sleep(milliseconds: number): Promise<unknown>;
}

/** What is known of a connection that did not get as far as a login. */
export interface Tally {
  readonly failures: number;
  /** Attempts that nobody could judge. */
  readonly excused: number;
  readonly attempts: number;
  /** Some attempt was under the name of nobody who may log in. */
  readonly isUnknownUser: boolean;
}

type InteractiveAttempt = AuthAttempt & { readonly method: "keyboard-interactive" };

const ACCEPTED: Judgement = { answer: { type: "accept" } };
const MAX_USERNAME = 255;
const realClock: AuthClock = {
  now: () => performance.now(),
  // A timer counts from the millisecond that has begun, and would end up to a whole one too early.
  sleep: (milliseconds) => sleep(milliseconds + 1),
};

/**
 * Judges login attempts: by the authenticators of the option `auth`, then by the `auth` and `authinteractive` handlers;
 * and by the option `authenticationMethods` and the restrictions of all factors, whoever has judged them.
 */
export class AuthPolicy<State> {
  readonly #options: ResolvedOptions<State>;
  readonly #events: Dispatcher<State>;
  readonly #judges: Judges<State>;
  readonly #factors: Factors | undefined;
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
    this.#judges = new Judges(options.auth, events);
    const { authenticationMethods } = options;
    this.#factors = authenticationMethods && new Factors(authenticationMethods);
    this.#log = options.log;
    this.#clock = clock;
    this.#delay = delay;
  }

  /** The methods to offer at first. */
  get methods(): readonly string[] {
    const { authMethods, allowAnyone, auth, useExternalAuth } = this.#options;
    if (this.#factors !== undefined) return this.#factors.next([]);
    if (authMethods !== undefined) return authMethods;
    if (allowAnyone) return ["none", "publickey", "password"];
    const isAskingHandlers = auth.length === 0 || useExternalAuth;
    const judged = new Set([...this.#judges.methods, ...(isAskingHandlers ? ["publickey", "password"] : [])]);
    if (this.#events.has("authinteractive")) judged.add("keyboard-interactive");
    return ["none", "publickey", "password", "keyboard-interactive"].filter((method) => judged.has(method));
  }

  /** The methods that have to be passed, and that nobody judges. */
  get unjudged(): readonly string[] {
    return (this.#factors?.methods ?? []).filter((method) => !this.#judges.canJudge(method));
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
      judgement = this.#settle(connection, progress, attempt, await this.#decide(connection, progress, attempt));
    } catch (error) {
      this.#report(connection, attempt, error);
      judgement = refusal("the judge failed");
    }
    const isListing = attempt.method === "none" && !this.methods.includes("none");
    this.#log(attemptEntry(connection, attempt, judgement, isListing));
    // The first `none` only asks for the list of methods: every client sends it, and no handler has seen it.
    if (judgement.answer.type === "refuse" && !isListing) {
      if (judgement.unavailable === true) progress.excused++;
      else progress.failures++;
      progress.isUnknownUser ||= judgement.unknownUser === true;
      const remaining = this.#delay.remaining(attempt.username, this.#clock.now() - started);
      // Timers round down to whole milliseconds.
      await this.#clock.sleep(Math.ceil(remaining));
    }
    return judgement.answer;
  }

  /**
   * The login is complete: what it amounts to.
   *
   * @throws Error when nobody has accepted it, which is a fault of the door's.
   */
  admitted(connection: Connection, username: string, method: string): Login {
    const { passed, user, grant, goesBy = username } = this.#of(connection, username);
    if (grant !== undefined) return { username: goesBy, user, methods: passed, grant };
    if (!this.#options.allowAnyone) throw new Error("A login is complete that nobody has accepted.");
    return { username, user, methods: [method], grant: UNRESTRICTED };
  }

  /**
   * The login of a user whom the door knows without an attempt.
   *
   * @throws Error when nobody can have the name.
   */
  vouched(username: string, user: Identity | undefined): Login {
    if (!isUsername(username)) throw new Error("A door vouches for a name that nobody can have.");
    return { username, user, methods: ["vouched"], grant: UNRESTRICTED };
  }

  /** What came of the attempts; the first `none` that every client sends is not one. */
  tally(connection: Connection): Tally {
    const { failures = 0, excused = 0, attempts = 0, isUnknownUser = false } = this.#progress.get(connection) ?? {};
    return { failures, excused, attempts, isUnknownUser };
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
    const progress = newProgress(username, known);
    this.#progress.set(connection, progress);
    return progress;
  }

  #abandon(progress: Progress, why: string): void {
    progress.dialogue?.abort(why);
    progress.dialogue = undefined;
    progress.question = undefined;
  }

  async #decide(connection: Connection, progress: Progress, attempt: AuthAttempt): Promise<Judgement> {
    if (attempt.method === "unusable") return refusal(attempt.why);
    if (!isUsername(attempt.username)) return refusal("nobody can have this name", true);
    if (!(progress.allowed ?? this.methods).includes(attempt.method)) return refusal("the method is not asked for");
    if (this.#options.allowAnyone) return ACCEPTED;
    if (attempt.method === "password" && this.#isTooLong(attempt.password, attempt.newPassword)) {
      return refusal("the password is too long");
    }
    // sshd_config(5), AuthenticationMethods: "publickey,publickey" asks for two keys.
    if (attempt.method === "publickey" && progress.keys.has(keyIdentity(attempt.key))) {
      return refusal("the key was used for an earlier factor");
    }

    const common = { username: attempt.username, peer: connection.peer, connection, passed: progress.passed };
    if (attempt.method === "keyboard-interactive") return this.#converse(progress, attempt, common);
    const { username: _, ...particular } = attempt;
    const ruling = await this.#inTime(this.#judges.rule(hideSecrets({ ...common, ...particular })));
    return ruling === undefined ? refusal("nobody gave a verdict") : judgementOf(ruling.verdict, attempt.method);
  }

  async #converse(progress: Progress, attempt: InteractiveAttempt, data: InteractiveAuthData): Promise<Judgement> {
    const { round, responses } = attempt;
    const { question } = progress;
    progress.question = undefined;
    progress.hasAnswered = round > 0 && (progress.hasAnswered || responses.length > 0);
    if (round === 0 || (question !== undefined && responses.length === question.count)) {
      progress.dialogue = new Dialogue(
        (prompt) => this.#interview(data, attempt, prompt, question?.asker),
        this.#options.limits.authPromptTime * 1000,
      );
    } else if (progress.dialogue?.reply(responses) !== true) {
      return refusal("it answers what was not asked");
    }
    const { dialogue } = progress;
    if (dialogue === undefined) return refusal("it answers what was not asked");
    let turn: Awaited<ReturnType<Dialogue["next"]>> | undefined;
    try {
      turn = await this.#inTime(dialogue.next());
    } finally {
      const isAsking = turn !== undefined && "ask" in turn;
      if (!isAsking && progress.dialogue === dialogue) this.#abandon(progress, "The login took too long.");
    }
    if ("ask" in turn) return { answer: turn.ask };
    const { answer, judge } = turn.judgement;
    if (answer.type === "prompt") progress.question = { count: answer.prompts.length, asker: judge };
    const isPassed = answer.type === "accept" || answer.type === "partial";
    // A list of right answers that is empty must not be taken for a right list of answers.
    if (isPassed && judge?.hasToAsk === true && !progress.hasAnswered) {
      throw new TypeError("An authenticator accepted keyboard-interactive without an answer to any question.");
    }
    return turn.judgement;
  }

  /** Runs those who may ask. Never rejects. */
  async #interview(
    data: InteractiveAuthData,
    attempt: InteractiveAttempt,
    prompt: AuthPrompter,
    asker: Judgement["judge"],
  ): Promise<Judgement> {
    const { method, round, responses } = attempt;
    try {
      const ruling = await this.#judges.rule(hideSecrets({ ...data, method, prompt, round, responses }), asker);
      if (ruling === undefined) return refusal("nobody gave a verdict");
      return { ...judgementOf(ruling.verdict, method), judge: ruling.judge };
    } catch (error) {
      // The user went away or was too slow: no fault of the handler's.
      if (error instanceof DialogueAborted) return refusal("the question was not answered");
      this.#report(data.connection, attempt, error);
      return refusal("the judge failed");
    }
  }

  /**
   * What a verdict means for the login: whether a step is done, what has to follow, and whether the restrictions of all
   * steps together let it be. They are looked at for a key that is only offered too, as sshd does.
   */
  #settle(connection: Connection, progress: Progress, attempt: AuthAttempt, judgement: Judgement): Judgement {
    const { answer } = judgement;
    if (answer.type !== "accept" && answer.type !== "partial") return judgement;
    const { restrictions: more, username: goesBy = progress.goesBy } = judgement;
    if (goesBy !== undefined && (!isUsername(goesBy) || goesBy !== (progress.goesBy ?? goesBy))) {
      return refusal("its factors name two users, or one that nobody can be");
    }
    const restrictions = more === undefined ? progress.restrictions : [...progress.restrictions, more];
    const clearance = clearanceOf(restrictions, connection.peer.address, Date.now());
    if ("why" in clearance) return refusal(clearance.why);
    // A key that would do counts as accepted, whatever is to follow it once it is proved.
    if (attempt.method === "publickey" && !attempt.proved) return ACCEPTED;

    progress.passed = [...progress.passed, attempt.method];
    progress.restrictions = restrictions;
    progress.goesBy = goesBy;
    if (attempt.method === "publickey") progress.keys.add(keyIdentity(attempt.key));
    if (judgement.user !== undefined) progress.user = { ...progress.user, ...judgement.user };
    const following = answer.type === "partial" ? answer.methods : (this.#factors?.next(progress.passed) ?? []);
    if (following.length > 0) {
      progress.allowed = following;
      return { answer: { type: "partial", methods: following } };
    }
    progress.grant = clearance.grant;
    return ACCEPTED;
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

  #report(connection: Connection, attempt: AuthAttempt, error: unknown): void {
    this.#log({
      level: "error",
      event: "auth handler failed",
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
