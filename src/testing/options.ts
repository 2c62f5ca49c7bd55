import type { Identity } from "../server/index.ts";
import type { TerminalProfile } from "./screen/profile.ts";

/** A server that listens somewhere: in another process, on another machine. Only by `over: "ssh"`. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  /** Its host key, as a line of an authorized_keys file has it. Without it only this machine is trusted to be what it seems. */
  readonly hostKey?: string;
}

/** The ways in: `memory` without a network, `ssh` with the real OpenSSH client. */
export type Way = "memory" | "ssh";

/** Who comes, how, and from where. */
export interface VisitorOptions {
  /** The way in. Default: what the environment variable `SALLYPORT_TESTING_OVER` says, or else `memory`. */
  readonly over?: Way;
  /** The name of the login. Default `alice`. */
  readonly username?: string;
  /** What `client.user` is; for a visitor who is let in without a login. */
  readonly user?: Identity;
  /** The password to log in with. */
  readonly password?: string;
  /** The private key to log in with: the text of its file. */
  readonly key?: string;
  /** What to answer questions of keyboard-interactive, by a part of each question. */
  readonly answers?: Readonly<Record<string, string>>;
  /**
   * Whether the visitor is let in without a login, as whoever `username` says, and no `auth` handler or authenticator is asked.
   * Default: yes, unless there is a password, a key or answers. With `false` and none of them, the login is tried all the same.
   */
  readonly vouched?: boolean;
  /** The address that the visitor seems to come from. Default 127.0.0.1. */
  readonly address?: string;
  /** Environment variables that the visitor's client sends; the server takes those that `acceptEnv` says. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until something that is waited for has not come. Default 4000, and 30,000 over SSH. */
  readonly timeout?: number;
}

/** The terminal that a visitor sits at. */
export interface TerminalOptions extends VisitorOptions {
  /** Columns that it claims, 0 to 65,535; the screen has at most 500. Default 80. */
  readonly columns?: number;
  /** Rows, as {@link columns}. Default 24. */
  readonly rows?: number;
  /** The type that it says it is. Default `xterm-256color`. */
  readonly term?: string;
  /** What it tells of itself when the server asks; false for a terminal that answers nothing. */
  readonly profile?: TerminalProfile | false;
  /** A command to run on the terminal, as `ssh -t host command` does; a shell by default. */
  readonly command?: string;
  /** What stands before the line that `run` types. Default the server's option `prompt`; for an app that sets another, that. */
  readonly prompt?: string | RegExp;
}
