import type { EndReason, SessionKind } from "../client/facts.ts";
import type { Departure } from "../door.ts";
import type { Offence } from "../gate/penalties.ts";

/** How much an entry matters. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** What became of a login attempt. */
export type AttemptVerdict = "accept" | "refuse" | "partial" | "prompt" | "change-password";

/** What a host proves itself with: the lines of `ssh-keygen -l`, with commas between them. */
type HostDetails = {
  readonly keys: string;
  /** With the time that each is in force. */
  readonly certificates?: string | undefined;
};

/** A file that logins are judged by, or one line of it, is not used. */
type FileFault = { readonly file: string; readonly line?: number | undefined; readonly why: string };

/** A version of a module; the file is missing where the app has handed the module over. */
type ModuleDetails = { readonly module: string; readonly version: number; readonly file?: string | undefined };

/** What went over. */
type FileTransfer = {
  readonly path: string;
  /** Of the file, -1 if it cannot be told any more. */
  readonly size: number;
  /** What was read or written. */
  readonly bytes: number;
  /** The client closed the file: it did not go away before. */
  readonly complete: boolean;
};

/**
 * Everything that is told to the log: the name of the event, and the fields of its {@link LogEntry.detail}. Sizes are in
 * bytes, times in seconds. The table of `docs/audit.md` has all of them.
 */
export interface LogDetails {
  /** A door is open. */
  listening: { readonly host?: string; readonly port?: number } & HostDetails;
  /** There was no host key yet. */
  "host key made": { readonly file: string; readonly key: string };
  /** The connections that come from now on see these. */
  "host keys reloaded": HostDetails;
  "door not closed": {};
  /** The app's own log threw. */
  "log failed": {};

  /** A connection is taken in. */
  arrived: { readonly door: string; readonly port: number };
  /** Told at most once a second: `refusals` are those since it was told before, `why` is the reason of the last. */
  "connection refused": { readonly why: string; readonly refusals: number };
  /** A connection is gone. */
  left: {
    readonly departure: Departure;
    readonly detail: string;
    readonly seconds: number;
    /** What came from the visitor and what was sent, as far as the door counts it. */
    readonly received?: number | undefined;
    readonly sent?: number | undefined;
  };
  /** A source has to wait. */
  penalty: {
    readonly offence: Offence;
    /** The block of addresses that is penalised. */
    readonly source: string;
    /** The penalty of this offence. */
    readonly seconds: number;
    /** All penalties of the source together, as far as they are not over. */
    readonly total: number;
    /** Whether the source is kept out until then. */
    readonly enforced: boolean;
  };

  /** A login attempt was judged; once for each request of the client. */
  attempt: {
    readonly method: string;
    readonly verdict: AttemptVerdict;
    /** After a partial success: what has to follow. */
    readonly next?: string | undefined;
    /** The fingerprint of the key, of a certificate that of the key that it certifies. */
    readonly key?: string | undefined;
    readonly algorithm?: string | undefined;
    /** Whether the client held the private key, and did not merely ask whether this one would do. */
    readonly proved?: boolean | undefined;
    /** The text, the number and the CA of the certificate. */
    readonly certificate?: string | undefined;
    readonly serial?: string | undefined;
    readonly ca?: string | undefined;
    /** Of a refusal: what the server knows of its reason. */
    readonly why?: string | undefined;
    /** Of a refusal: nobody of this name may log in, as far as the judge knows. */
    readonly unknownUser?: boolean | undefined;
  };
  login: {
    /** The methods of all factors, in their order. */
    readonly methods: string;
    readonly client?: string | undefined;
    readonly seconds: number;
    /** The names of the restrictions that hold. */
    readonly restrictions?: string | undefined;
  };

  "authorized keys not read": FileFault;
  "authorized key not used": FileFault;
  /** There were more of them than are told one by one. */
  "authorized keys not used": FileFault;
  "trusted CAs not read": FileFault;
  "trusted CA not used": FileFault;
  "revocation list not read": FileFault;
  "password hash not usable": {};
  "password not hashed anew": {};
  "one-time code not checked": {};
  /** Of accounts: the last login of one could not be kept. */
  "login not recorded": {};
  /** Of accounts: what other processes have changed could not be looked for. */
  "accounts not looked at": {};

  "session opened": {
    readonly session: string;
    readonly kind: SessionKind;
    readonly pty: boolean;
    readonly subsystem?: string | undefined;
  };
  /** The server takes no session in. */
  "session refused": { readonly why: string };
  /** A command is about to run. */
  command: {
    readonly session: string;
    readonly command: string;
    /** It is the only one that the login may run; what the client asked for is {@link original}. */
    readonly forced?: boolean | undefined;
    readonly original?: string | undefined;
  };
  /** A user asked to run a command with sudo; once more for each wrong password. */
  sudo: {
    readonly command: string;
    readonly verdict: "accept" | "refuse";
    /** Of a refusal. */
    readonly why?: string | undefined;
    /** The password was not asked for: it was typed a moment ago. */
    readonly remembered?: boolean | undefined;
  };
  "session ended": {
    readonly session: string;
    readonly kind: SessionKind;
    readonly pty: boolean;
    readonly reason: EndReason;
    readonly status?: number | undefined;
    readonly seconds: number;
  };
  /** A user is thrown out. */
  kick: { readonly session?: string | undefined; readonly reason: string };

  /** A client has written a file, and closed it, or has gone. */
  "file uploaded": FileTransfer;
  /** A client has read a file, and closed it, or has gone. */
  "file downloaded": FileTransfer;
  "file removed": { readonly path: string };
  "file renamed": { readonly path: string; readonly to: string };
  /** The attributes of a file that is not open were set; the fields are those that were. */
  "file changed": {
    readonly path: string;
    readonly size?: number | undefined;
    /** Octal. */
    readonly mode?: string | undefined;
    readonly uid?: number | undefined;
    readonly gid?: number | undefined;
  };
  "directory made": { readonly path: string };
  "directory removed": { readonly path: string };
  /** A second name for a file, which was `of`, or a symbolic link. */
  "link made": { readonly path: string; readonly of?: string | undefined };
  /**
   * A client may not do something, or has used up what is its own. `operation` is the method of the file system or of an open file. Told at most once a second
   * for each session: `refusals` are those since it was told before.
   */
  "file refused": {
    readonly operation: string;
    readonly path: string;
    readonly code: string;
    readonly refusals: number;
  };
  /** A file system threw what is no refusal; the client was told that something failed. `operation` is what it was to do. */
  "file system failed": { readonly operation: string };

  /** The commands and handlers of a module are there, or its new version is in the place of the old one. */
  "module in service": ModuleDetails;
  "module out of service": ModuleDetails;
  "module failed": {
    readonly module: string;
    readonly doing: "load" | "setup" | "reload" | "teardown";
    /** Whether a version of it serves all the same. */
    readonly serves: boolean;
    /** With file and line. */
    readonly why: string;
  };

  "connection handler failed": {};
  "authbanner handler failed": {};
  /** A handler or an authenticator; nobody was let in by it. */
  "auth handler failed": { readonly method: string };
  "handler failed": { readonly handler: string };
}

/** The name of an entry. */
export type LogEvent = keyof LogDetails;

type EntryOf<Event extends LogEvent> = {
  readonly level: LogLevel;
  /** What happened. */
  readonly event: Event;
  /** The {@link Connection.id} it is about. */
  readonly connection?: string;
  /** The address of the visitor. */
  readonly peer?: string;
  /** What a handler threw. */
  readonly error?: unknown;
  /** The name that the peer gives itself. */
  readonly username?: string | undefined;
} & ({} extends LogDetails[Event]
  ? { readonly detail?: LogDetails[Event] }
  : {
      /** More about it. The strings may come from a peer and are as they came: escape them before you print them. */
      readonly detail: LogDetails[Event];
    });

/**
 * One entry of the log; `event` tells which of the shapes it is. It never holds a password, a private key, an answer to
 * a question or the value of an environment variable. A command line is there as it was typed.
 */
export type LogEntry<Event extends LogEvent = LogEvent> = { [Name in Event]: EntryOf<Name> }[Event];
