/** The size of a terminal. */
export interface WindowSize {
  /** Columns, 1 to 65535. */
  readonly width: number;
  /** Rows, 1 to 65535. */
  readonly height: number;
  /** Pixels across, 0 when the visitor's terminal does not say. */
  readonly pixelwidth: number;
  /** Pixels down, 0 when the visitor's terminal does not say. */
  readonly pixelheight: number;
}

/** The terminal that a visitor asks for. */
export interface PtyData extends WindowSize {
  /** The name of the terminal's type, such as `xterm-256color`; at most 64 characters. */
  readonly term: string;
  /** The terminal modes by their names in RFC 4254 §8, such as `VERASE` or `ECHO`. */
  readonly modes: ReadonlyMap<string, number>;
}

/** One session of a visitor as its door brings it; the server writes to it. */
export interface Session {
  /**
   * Sends bytes. `false` asks the caller to wait for {@link SessionEvents.drained} before it writes more; what was given
   * is held until then, not copied, so it must not be changed.
   */
  write(bytes: Uint8Array, stream: "stdout" | "stderr"): boolean;
  /** The app took `bytes` of the input: the peer may send that many more. */
  consumed(bytes: number): void;
  /** No more output follows; the visitor may still send input. */
  end(): void;
  /** Tells how the program ended: a status, or the name of the signal (without SIG) that ended it. Once, before close. */
  exit(how: number | { signal: string; message?: string }): void;
  /** Ends the session once what was written has left. */
  close(): void;
  /** Ends the session now; unsent output is dropped. */
  abort(): void;
}

/** The server's side of a {@link Session}; the door calls it. A request answers whether it was granted. */
export interface SessionEvents {
  pty(data: PtyData): boolean;
  env(name: string, value: string): boolean;
  shell(): boolean;
  exec(command: string): boolean;
  subsystem(name: string): boolean;
  resized(size: WindowSize): void;
  signal(name: string): boolean;
  break(milliseconds: number): boolean;
  x11(data: X11Data): boolean;
  input(bytes: Uint8Array): void;
  /** The visitor sends no more input. */
  eof(): void;
  /** All that was written has left; the writer may go on. */
  drained(): void;
  /** The session is gone, whatever ended it. Called exactly once; nothing is called afterwards. */
  closed(): void;
}

/** What an x11-req asks for (RFC 4254 §6.3.1). */
export interface X11Data {
  readonly single: boolean;
  readonly protocol: string;
  readonly cookie: string;
  readonly screen: number;
}
