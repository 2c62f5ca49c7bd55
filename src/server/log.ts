import { format } from "node:util";

/** How much an entry matters. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** One line of the log. It never holds a password, a key or what a visitor typed. */
export interface LogEntry {
  readonly level: LogLevel;
  /** What happened, in a fixed word or two: `login`, `refused`, `handler failed`. */
  readonly event: string;
  /** The {@link Connection.id} it is about. */
  readonly connection?: string;
  /** The address of the visitor. */
  readonly peer?: string;
  /** More about it. The strings may come from a peer and are as they came: escape them before you print them. */
  readonly detail?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** What a handler threw. */
  readonly error?: unknown;
  /** The name that the peer gives itself. */
  readonly username?: string | undefined;
}

/** Takes the entries of the log. What it throws goes to stderr, and harms nobody. */
export type Log = (entry: LogEntry) => void;

/** The longest string of a peer in a line of the log, in characters. */
const MAX_STRING = 256;
/** The longest stack in a line of the log, in characters. */
const MAX_STACK = 8192;

/**
 * Formats an entry as one line of JSON, without its newline.
 *
 * Whatever a peer chose is cut at 256 characters, and everything that a terminal or a log reader could take for
 * something else is escaped: control characters, line separators, bidirectional overrides. The user name is the last
 * field, so that a pattern for the fields before it cannot be misled by one.
 */
export function formatEntry(entry: LogEntry, now: Date = new Date()): string {
  const line: Record<string, unknown> = { time: now.toISOString(), level: entry.level, event: entry.event };
  if (entry.connection !== undefined) line["connection"] = entry.connection;
  if (entry.peer !== undefined) line["peer"] = cut(entry.peer, MAX_STRING);
  for (const [name, value] of Object.entries(entry.detail ?? {})) {
    if (value !== undefined) line[name] = typeof value === "string" ? cut(value, MAX_STRING) : value;
  }
  if (entry.error !== undefined) line["error"] = cut(describe(entry.error), MAX_STACK);
  if (entry.username !== undefined) line["username"] = cut(entry.username, MAX_STRING);
  return escape(JSON.stringify(line));
}

/** Writes each entry of level `info` and above to the process's stderr. */
export const stderrLog: Log = (entry) => {
  if (entry.level !== "debug") process.stderr.write(`${formatEntry(entry)}\n`);
};

/** A log that never throws. */
export function guarded(log: Log): Log {
  return (entry) => {
    try {
      log(entry);
    } catch (error) {
      stderrLog({ level: "error", event: "log failed", error });
    }
  };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : format("%O", error);
}

// JSON.stringify leaves DEL, C1 controls, line separators and the Unicode format characters as they are.
function escape(json: string): string {
  return json.replaceAll(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}
