import type { Client, ServerCore } from "../server/index.ts";
import type { Listening, VisitorOptions } from "./options.ts";

/** What a session is asked for. */
export type Program =
  | { readonly type: "shell" }
  | { readonly type: "exec"; readonly command: string }
  | { readonly type: "subsystem"; readonly name: string };

/** A session that somebody wants. */
export interface Request<State> {
  readonly target: ServerCore<State> | Listening;
  readonly visitor: VisitorOptions & { readonly username: string; readonly timeout: number };
  readonly program: Program;
  /** The terminal to ask for; without one there are pipes. */
  readonly pty: { readonly term: string; readonly columns: number; readonly rows: number } | undefined;
}

/** Who reads what the server sends. It may be called until the session is over. */
export type Reader = (bytes: Uint8Array, stream: "stdout" | "stderr") => void;

/** The visitor's end of a session, whatever the way in. */
export interface Line<State> {
  /** What the server showed before the login. */
  readonly banner: string | undefined;
  /** The exit status, or undefined when the session ended without one; all output has been read by then. Never rejects. */
  readonly over: Promise<number | undefined>;
  /** Begins to read; what came before is read at once. */
  listen(reader: Reader): void;
  /** The server's side of it, between `connect` and `disconnected`. */
  readonly client: () => Client<State> | undefined;
  /** Sends input. Resolves when the server has it all, or never will. */
  send(bytes: Uint8Array): Promise<void>;
  /** Sends no more input. */
  end(): void;
  /** Tells that the terminal has another size. Resolves when the server knows, or never will. */
  resize(columns: number, rows: number): Promise<void>;
  /** Sends a signal; its name is without SIG. Missing where the way in has none. */
  readonly signal?: (name: string) => void;
  /** Reads no more, so that the server has to wait; or reads on. */
  read(isOn: boolean): void;
  /** Breaks the connection, as when a laptop is shut. */
  hangUp(): void;
}

/** Opens a session. @throws TestingError when it is refused. */
export type OpenLine = <State>(request: Request<State>) => Promise<Line<State>>;
