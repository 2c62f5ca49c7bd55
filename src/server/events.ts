import type { AuthPrompt, KeyTouch, OfferedKey } from "./auth.ts";
import type { Client } from "./client/client.ts";
import type { CommandResult } from "./client/command.ts";
import type { Connection, Endpoint, Identity, SocketInfo } from "./connection.ts";
import type { Restrictions } from "./login/restrictions.ts";
import type { PtyData, WindowSize } from "./session.ts";

/** The bag of a client when the server does not say what is in it. */
export type DefaultState = Record<string, unknown>;

/** A value now or later. */
export type Awaitable<Value> = Value | Promise<Value>;

/** A handler that answers nothing. */
type Done = Awaitable<void>;

/**
 * Every event: its name and the handler it takes. `onUser` is typed from it.
 *
 * Several handlers may listen to one event. They run one after the other in the order of registration, and an async one
 * is awaited before the next. What a handler throws becomes the event `error` and harms nobody else.
 *
 * Of one client, `connectpty` comes first, then `connect` (or `connectsftp`), then all others, and `disconnected` last.
 */
export interface EventMap<State = DefaultState> {
  /** A user connected and authenticated, and a shell (or the command of `ssh host command`) is about to start. */
  connect: (client: Client<State>) => Done;
  /** A user connected, authenticated and opened SFTP. Raised instead of `connect`. */
  connectsftp: (client: Client<State>) => Done;
  /**
   * A login attempt is to be judged; only with `useExternalAuth: true`. The first handler that gives a verdict decides.
   * No verdict at all, a throw, or none in time (`limits.authTime`) is a refusal.
   */
  auth: (data: AuthData) => Awaitable<AuthVerdict | undefined | void>;
  /** A terminal was requested. Comes before `connect`. */
  connectpty: (client: Client<State>, data: PtyData) => Done;
  /** The user resized the terminal. `client.window` has the new size already. */
  resized: (client: Client<State>, data: WindowSize) => Done;
  /**
   * The user entered a command line, or gave one to `ssh host command`; `client.interactive` tells them apart.
   * A number returned is the exit status; a throw is status 1 and the event `error`. Ctrl-C aborts `context.signal`.
   * An empty line raises nothing.
   */
  command: (client: Client<State>, command: string, context: CommandContext) => Awaitable<number | undefined | void>;
  /** A key was pressed that is text: one whole character as a reader sees it. Only with a terminal, and not for a password. */
  type: (client: Client<State>, key: string) => Done;
  /** Any key was pressed: the bytes exactly as they came. `false` swallows them. */
  rawtype: (client: Client<State>, key: Uint8Array) => Awaitable<boolean | undefined | void>;
  /** A handler of this client threw or rejected. With no handler of this event the user sees one generic line. */
  error: (client: Client<State>, error: unknown) => Done;
  /** The user is gone; `client.endReason` says why. Exactly once for each client that got as far as `connect`. */
  disconnected: (client: Client<State>) => Done;
  /** The user was idle at the prompt for `idleTimeout`. `true` keeps the session until the next idle time. */
  timeout: (client: Client<State>) => Awaitable<boolean | undefined | void>;

  /**
   * A login is complete, and no session is open yet. `connection.settings` can be set for those that will be; it has to be
   * at once, as nothing waits for an async handler.
   */
  login: (connection: Connection) => Done;
  /** Before any byte is exchanged. `false` refuses the connection. */
  connection: (socket: SocketInfo) => Awaitable<boolean | undefined | void>;
  /** The text to show before the login; the first handler that gives one decides. Default the option `banner`. */
  authbanner: (data: BannerData) => Awaitable<string | undefined | void>;
  /**
   * Asks the questions of keyboard-interactive and judges the answers; only with `useExternalAuth: true`. The verdict
   * counts as that of `auth`, which is not raised for this method when this event has a handler.
   */
  authinteractive: (data: InteractiveAuthData, prompt: AuthPrompter) => Awaitable<AuthVerdict | undefined | void>;
  /** A shell starts: after `connect`, before the first prompt. */
  preshell: (client: Client<State>) => Done;
  /** A command given to `ssh host command`. With a handler of this event, `command` does not get these. */
  exec: (client: Client<State>, command: string, context: CommandContext) => Awaitable<number | undefined | void>;
  /** A command is about to run. Awaited before it does. */
  beforecommand: (client: Client<State>, command: string) => Done;
  /** A command has ended. Awaited before the next prompt. */
  aftercommand: (client: Client<State>, command: string, result: CommandResult) => Done;
  /** The client sent a signal: its name without SIG, one of those of RFC 4254 §6.10, or `BREAK` (RFC 4335). */
  signal: (client: Client<State>, name: string) => Done;
  /** The client set an environment variable that the option `acceptEnv` takes. Raised right after `connect`. */
  env: (client: Client<State>, name: string, value: string) => Done;
  /** The client asks for a subsystem. The handler serves it on `client.stdin` and `client.stdout`; `false` leaves it to others. */
  subsystem: (client: Client<State>, name: string) => Awaitable<boolean | number | undefined | void>;
  /** The client is about to be thrown out by `kick`, `kickUser` or `kickAll`. */
  kicked: (client: Client<State>, reason: string) => Done;
}

/** The name of an event. */
export type EventName = keyof EventMap;

/** What a running command gets along. */
export interface CommandContext {
  /** Aborted by Ctrl-C, by the signal INT, and when the session ends. */
  readonly signal: AbortSignal;
}

interface AuthDataOfAll {
  /** At most 255 bytes without control characters; never empty. */
  readonly username: string;
  readonly peer: Endpoint;
  readonly connection: Connection;
  /** The methods that this login has passed already, when one was not enough. */
  readonly passed: readonly string[];
}

/**
 * What an `auth` handler is told; `method` says which of the shapes it is. Passwords and answers
 * are hidden where the data are printed, or written as JSON.
 */
export type AuthData =
  | (AuthDataOfAll & {
      readonly method: "password";
      /** At most `limits.maxPassword` bytes. May be empty: an empty password proves nothing. */
      readonly password: string;
      /** The password to change to, after a verdict of `changePassword`. */
      readonly newPassword?: string;
      readonly key?: undefined;
    })
  | (AuthDataOfAll & {
      readonly method: "publickey";
      readonly key: OfferedKey;
      /** The signature algorithm, such as `ssh-ed25519` or `rsa-sha2-512`. */
      readonly algorithm: string;
      /**
       * False: the client asks whether this key would do, and `true` lets it prove the key. True: it has proved it, by
       * a signature that the engine has verified. Judge by the key alone; the user is let in only with a proof.
       */
      readonly proved: boolean;
      /**
       * Of a FIDO key that is proved, and of no other. Without `present` nobody was there to touch it: that is refused,
       * and only an authenticator is asked, which may know better.
       */
      readonly touch?: KeyTouch;
      readonly password?: undefined;
    })
  | (AuthDataOfAll & {
      readonly method: "keyboard-interactive";
      /** Asks the user, and waits for the answer: the easy way. */
      readonly prompt: AuthPrompter;
      /** The other way, by verdicts of `prompt`: 0 at first, then the number of the round that is answered. */
      readonly round: number;
      /** The answers to the questions of the last `prompt` verdict. */
      readonly responses: readonly string[];
      readonly password?: undefined;
      readonly key?: undefined;
    })
  | (AuthDataOfAll & {
      /** Only when the option `authMethods` has `none`. */
      readonly method: "none";
      readonly password?: undefined;
      readonly key?: undefined;
    });

/** What an `authinteractive` handler is told. */
export type InteractiveAuthData = AuthDataOfAll;

/** What the `authbanner` handler is told. The name is only claimed, and may be empty when the door does not know it yet. */
export interface BannerData {
  readonly username: string;
  readonly peer: Endpoint;
  readonly connection: Connection;
}

/** Asks the user, in the client's own login dialogue. Rejects when the user goes away or takes too long. */
export interface AuthPrompter {
  /** One question. With `echo: false`, the default, the client does not show the answer. */
  (question: string, options?: AuthPromptOptions): Promise<string>;
  /** Several questions at once, at most 16. */
  (questions: readonly AuthPrompt[], options?: Omit<AuthPromptOptions, "echo">): Promise<readonly string[]>;
}

/** How a question of the login dialogue is shown. */
export interface AuthPromptOptions {
  readonly echo?: boolean;
  /** A heading. */
  readonly name?: string;
  /** A text above the questions. */
  readonly instruction?: string;
}

/** The judgement of a login attempt: yes or no, or more to it. */
export type AuthVerdict =
  | boolean
  | {
      readonly accept: boolean;
      /** Attached to `client.user`. What earlier factors of the same login attached stays, unless it has the same name. */
      readonly user?: Identity;
      /** The name that the user goes by from here on, where the one that was typed is another way to write it. */
      readonly username?: string;
      /** What the login may do. They add up with those of the other factors, and no factor can take one away. */
      readonly restrictions?: Restrictions;
      /** Of a refusal: its reason, for the log alone. Keep secrets out of it. */
      readonly why?: string;
      /** Of a refusal: nobody of this name may log in. For the log and the penalties; the client is not told. */
      readonly unknownUser?: boolean;
      /** Of a refusal: it could not be judged at present, which is nobody's fault. It costs no penalty. */
      readonly unavailable?: boolean;
    }
  /** This factor is done, and one of these methods has to follow. */
  | {
      readonly partial: readonly string[];
      readonly user?: Identity;
      readonly username?: string;
      readonly restrictions?: Restrictions;
    }
  /** Ask more; only for keyboard-interactive. The answers come back as `responses`. */
  | {
      readonly prompt: {
        readonly name?: string;
        readonly instruction?: string;
        readonly prompts: readonly AuthPrompt[];
      };
    }
  /** The password is right but must be changed; only for `password`. The text asks for the new one. */
  | { readonly changePassword: string };
