import { messages, Reader } from "../wire/index.ts";
import { readPtyModes } from "./pty-modes.ts";

/** The size of a terminal: columns and rows are 1…65535, pixels 0…65535 with 0 for "not told". */
export interface TerminalSize {
  readonly width: number;
  readonly height: number;
  readonly pixelWidth: number;
  readonly pixelHeight: number;
}

/** What a client asks of a session channel (RFC 4254 §6), decoded and within the limits. */
export type SessionRequest =
  /** `modes` by the names of RFC 4254 §8: "VERASE", "ECHO", … `term` is printable US-ASCII without a slash; may be "". */
  | ({ readonly type: "pty-req"; readonly term: string; readonly modes: ReadonlyMap<string, number> } & TerminalSize)
  | ({ readonly type: "window-change" } & TerminalSize)
  /** `name` has the form of a variable's name. Whether the variable may be set at all is the receiver's decision. */
  | { readonly type: "env"; readonly name: string; readonly value: string }
  | { readonly type: "shell" }
  /** `raw` is what came, `command` the same read as UTF-8 with U+FFFD for what is none. */
  | { readonly type: "exec"; readonly command: string; readonly raw: Uint8Array }
  | { readonly type: "subsystem"; readonly name: string }
  /** `signal` is one of {@link SIGNALS}, without "SIG". */
  | { readonly type: "signal"; readonly signal: string }
  /** RFC 4335. `milliseconds` is the client's wish, unchecked. */
  | { readonly type: "break"; readonly milliseconds: number }
  | {
      readonly type: "x11-req";
      readonly singleConnection: boolean;
      readonly protocol: string;
      readonly cookie: string;
      readonly screen: number;
    }
  | { readonly type: "auth-agent-req@openssh.com" };

/** The signals of RFC 4254 §6.10, and the one that OpenSSH adds. */
export const SIGNALS: ReadonlySet<string> = new Set([
  "ABRT",
  "ALRM",
  "FPE",
  "HUP",
  "ILL",
  "INT",
  "KILL",
  "PIPE",
  "QUIT",
  "SEGV",
  "TERM",
  "USR1",
  "USR2",
  "INFO@openssh.com",
]);

/** Variables that a client may set on one channel. */
const MAX_ENV = 64;
const MAX_ENV_NAME = 64;
const MAX_ENV_VALUE = 4096;
const MAX_COMMAND = 32 * 1024;
const MAX_TERM = 64;
const MAX_MODES = 1024;
const MAX_DIMENSION = 0xffff;

const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
// A slash would turn a terminal's name into a path in the terminfo database.
const TERM = /^[!-.0-~]*$/;
// RFC 4254 §6.3.1: the cookie is hexadecimal. Anything else has been a command to xauth (CVE-2016-3115).
const X11_PROTOCOL = /^[A-Za-z0-9.-]{1,64}$/;
const X11_COOKIE = /^(?:[0-9A-Fa-f]{2}){0,128}$/;

/** A client that has no terminal of its own says 0×0: the size that everything is written for. */
const UNTOLD: TerminalSize = { width: 80, height: 24, pixelWidth: 0, pixelHeight: 0 };

/** What becomes of a request: the receiver decides on the decoded one, or it is answered here. */
export type Reading = SessionRequest | "accepted" | "refused";

/** Reads the requests on one session channel, and remembers what has been granted. */
export class SessionRequests {
  #program: "none" | "command" | "subsystem" = "none";
  #size: TerminalSize | undefined;
  #variables = 0;

  /** Unknown, untimely or over a limit: "refused". Throws ProtocolError when the fields are not what the type says. */
  read(type: string, data: Uint8Array): Reading {
    const row = rows.get(type);
    if (row === undefined) return "refused";
    const request = row.decode(data, this.#size ?? UNTOLD);
    return request !== "refused" && this.#timely(row.when) ? request : "refused";
  }

  /** The receiver said yes. */
  granted(request: SessionRequest): void {
    if (request.type === "pty-req" || request.type === "window-change") this.#size = sizeOf(request);
    else if (request.type === "shell" || request.type === "exec") this.#program = "command";
    else if (request.type === "subsystem") this.#program = "subsystem";
    else if (request.type === "env") this.#variables++;
  }

  #timely(when: When): boolean {
    switch (when) {
      case "always":
        return true;
      case "before the program":
        return this.#program === "none";
      case "before the program, once":
        return this.#program === "none" && this.#size === undefined;
      case "before the program, a few times":
        return this.#program === "none" && this.#variables < MAX_ENV;
      case "with a terminal":
        return this.#size !== undefined;
      case "while a command runs":
        return this.#program === "command";
    }
  }
}

type When =
  | "always"
  | "before the program"
  | "before the program, once"
  | "before the program, a few times"
  | "with a terminal"
  | "while a command runs";

interface Row {
  readonly when: When;
  decode(data: Uint8Array, size: TerminalSize): Reading;
}

/** RFC 4254 §6.5: of shell, exec and subsystem one can succeed on a channel. */
const rows: ReadonlyMap<string, Row> = new Map<string, Row>([
  ["pty-req", { when: "before the program, once", decode: decodePty }],
  ["window-change", { when: "with a terminal", decode: decodeWindowChange }],
  ["env", { when: "before the program, a few times", decode: decodeEnv }],
  ["shell", { when: "before the program", decode: (data) => nothing(data, { type: "shell" }) }],
  ["exec", { when: "before the program", decode: decodeExec }],
  ["subsystem", { when: "before the program", decode: decodeSubsystem }],
  ["signal", { when: "while a command runs", decode: decodeSignal }],
  ["break", { when: "while a command runs", decode: decodeBreak }],
  ["x11-req", { when: "before the program", decode: decodeX11 }],
  [
    "auth-agent-req@openssh.com",
    { when: "before the program", decode: (data) => nothing(data, { type: "auth-agent-req@openssh.com" }) },
  ],
  // OpenSSH PROTOCOL 2.1: a hint that our output is not wanted any more; nothing has to follow from it.
  ["eow@openssh.com", { when: "always", decode: (data) => nothing(data, "accepted") }],
]);

function decodePty(data: Uint8Array): Reading {
  const { term, modes, ...size } = messages.ptyRequest.decode(data);
  if (term.length > MAX_TERM || !TERM.test(term) || modes.length > MAX_MODES) return "refused";
  return { type: "pty-req", term, modes: readPtyModes(modes), ...clamp(size, UNTOLD) };
}

function decodeWindowChange(data: Uint8Array, before: TerminalSize): Reading {
  return { type: "window-change", ...clamp(messages.windowChangeRequest.decode(data), before) };
}

/** RFC 4254 §6.2: a dimension of zero must be ignored. */
function clamp(size: TerminalSize, untold: TerminalSize): TerminalSize {
  return {
    width: Math.min(size.width, MAX_DIMENSION) || untold.width,
    height: Math.min(size.height, MAX_DIMENSION) || untold.height,
    pixelWidth: Math.min(size.pixelWidth, MAX_DIMENSION),
    pixelHeight: Math.min(size.pixelHeight, MAX_DIMENSION),
  };
}

/** A size of its own: the modes of a pty-req are not kept for as long as the channel lives. */
function sizeOf({ width, height, pixelWidth, pixelHeight }: TerminalSize): TerminalSize {
  return { width, height, pixelWidth, pixelHeight };
}

function decodeEnv(data: Uint8Array): Reading {
  const { name, value } = messages.envRequest.decode(data);
  if (name.length > MAX_ENV_NAME || !ENV_NAME.test(name)) return "refused";
  if (Buffer.byteLength(value) > MAX_ENV_VALUE || value.includes("\0")) return "refused";
  return { type: "env", name, value };
}

function decodeExec(data: Uint8Array): Reading {
  const { command } = messages.execRequest.decode(data);
  if (command.length > MAX_COMMAND) return "refused";
  const text = Buffer.from(command.buffer, command.byteOffset, command.length).toString("utf8");
  return { type: "exec", command: text, raw: command };
}

function decodeSubsystem(data: Uint8Array): Reading {
  const { name } = messages.subsystemRequest.decode(data);
  return name === "" ? "refused" : { type: "subsystem", name };
}

function decodeSignal(data: Uint8Array): Reading {
  const { signal } = messages.signalRequest.decode(data);
  return SIGNALS.has(signal) ? { type: "signal", signal } : "refused";
}

function decodeBreak(data: Uint8Array): Reading {
  return { type: "break", ...messages.breakRequest.decode(data) };
}

/** RFC 4254 §6.3.1 */
function decodeX11(data: Uint8Array): Reading {
  const from = new Reader(data);
  const singleConnection = from.boolean();
  const protocol = from.text();
  const cookie = from.text();
  const screen = from.uint32();
  from.end();
  if (!X11_PROTOCOL.test(protocol) || !X11_COOKIE.test(cookie)) return "refused";
  return { type: "x11-req", singleConnection, protocol, cookie, screen };
}

function nothing(data: Uint8Array, reading: Reading): Reading {
  new Reader(data).end();
  return reading;
}
