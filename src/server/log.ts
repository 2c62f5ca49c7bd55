import { format } from "node:util";
import { escapeControls } from "../terminal/index.ts";
import type { LogEntry, LogLevel } from "./audit/entries.ts";

/** What {@link formatEntry} takes: an entry of the log, or one of the app's own in the same shape. */
export interface LogLine {
  readonly level: LogLevel;
  readonly event: string;
  readonly connection?: string | undefined;
  readonly peer?: string | undefined;
  /** Fields with texts, numbers and truth values. */
  readonly detail?: object | undefined;
  readonly error?: unknown;
  readonly username?: string | undefined;
}

/** Takes the entries of the log. What it throws goes to stderr, and harms nobody. */
export type Log = (entry: LogEntry) => void;

/** A logger that takes an object and a text, as pino, bunyan and their kin do. */
export type ObjectLogger = Readonly<Record<LogLevel, (fields: object, message: string) => void>>;

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
export function formatEntry(entry: LogLine, now: Date = new Date()): string {
  const { level, event, error } = entry;
  const told = error === undefined ? {} : { error: cut(describe(error), MAX_STACK) };
  const fields = fieldsOf(entry, told, (text) => cut(text, MAX_STRING));
  return escape(JSON.stringify({ time: now.toISOString(), level, event, ...fields }));
}

/**
 * Hands the entries to a logger that the app has already, each with its fields as an object and its event as the text:
 *
 *     new Server({ log: logTo(pino()) });
 *
 * What a peer chose is cut at 256 characters, and what a terminal would take for something else is spelled out, whatever
 * the logger does about it. An error is in the field `err`, as its `type`, `message` and `stack`.
 */
export function logTo(logger: ObjectLogger): Log {
  return (entry) => {
    const { level, event, error } = entry;
    const told = error === undefined ? {} : { err: tamed(error) };
    logger[level](
      fieldsOf(entry, told, (text) => escapeControls(text, { limit: MAX_STRING })),
      event,
    );
  };
}

/** Writes each entry of level `info` and above to the process's stderr. Where nobody reads that any more, it is lost. */
export const stderrLog: Log = (entry) => {
  if (entry.level === "debug") return;
  // Without a listener the first line behind a `| head` would end the process.
  if (!process.stderr.listeners("error").includes(ignore)) process.stderr.on("error", ignore);
  process.stderr.write(`${formatEntry(entry)}\n`);
};

function ignore(): void {}

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

/** The fields of an entry, those that are known, in the order of a line: the user name last. */
function fieldsOf(
  { connection, peer, detail, username }: LogLine,
  error: object,
  tame: (text: string) => string,
): object {
  const tameAll = (fields: object): object =>
    Object.fromEntries(
      Object.entries(fields)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]: [string, unknown]) => [name, typeof value === "string" ? tame(value) : value]),
    );
  return { ...tameAll({ connection, peer, ...detail }), ...error, ...tameAll({ username }) };
}

/** What an error tells, as loggers show it. A handler's error may quote a peer, as any other field. */
function tamed(error: unknown): object {
  const { name, message, stack } =
    error instanceof Error ? error : { name: typeof error, message: format("%O", error), stack: undefined };
  return {
    type: escapeControls(name, { limit: MAX_STRING }),
    message: escapeControls(message, { limit: MAX_STACK }),
    ...(stack !== undefined && {
      stack: stack
        .split("\n")
        .map((line) => escapeControls(line, { limit: MAX_STACK }))
        .join("\n")
        .slice(0, MAX_STACK),
    }),
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
