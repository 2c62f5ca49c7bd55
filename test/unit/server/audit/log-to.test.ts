import assert from "node:assert/strict";
import test from "node:test";
import { logTo } from "../../../../src/server/index.ts";
import type { LogEntry, ObjectLogger } from "../../../../src/server/index.ts";

/** Writes down what a logger of the pino family is told. */
function collect(entry: LogEntry): readonly [level: string, fields: object, message: string] {
  const lines: (readonly [string, object, string])[] = [];
  const method = (level: string) => (fields: object, message: string) => void lines.push([level, fields, message]);
  const logger: ObjectLogger = {
    debug: method("debug"),
    info: method("info"),
    warn: method("warn"),
    error: method("error"),
  };
  logTo(logger)(entry);
  const [line] = lines;
  assert.ok(line !== undefined && lines.length === 1);
  return line;
}

test("an entry becomes one line of the logger at its level: its fields, then its event as the text", () => {
  const [level, fields, message] = collect({
    level: "warn",
    event: "session ended",
    connection: "7",
    peer: "192.0.2.7",
    detail: { session: "9", kind: "shell", pty: true, reason: "overflow", status: undefined, seconds: 1.5 },
    username: "alice",
  });
  assert.deepEqual([level, message], ["warn", "session ended"]);
  assert.deepEqual(Object.entries(fields), [
    ["connection", "7"],
    ["peer", "192.0.2.7"],
    ["session", "9"],
    ["kind", "shell"],
    ["pty", true],
    ["reason", "overflow"],
    ["seconds", 1.5],
    ["username", "alice"],
  ]);
});

test("what was thrown is in err, with its stack", () => {
  const error = new TypeError("x".repeat(1000));
  const [, fields] = collect({ level: "error", event: "handler failed", detail: { handler: "command" }, error });
  const { message, stack } = error;
  assert.deepEqual(fields, { handler: "command", err: { type: "TypeError", message, stack } });
  const [, others] = collect({ level: "error", event: "connection handler failed", error: { code: 5 } });
  assert.deepEqual(others, { err: { type: "object", message: "{ code: 5 }" } });
});

test("an error that quotes a peer is as harmless as every other field, and no longer than a stack", () => {
  const error = new Error(`no such file \x1b]0;x\x07\u009b2J\u202e${"x".repeat(200_000)}`);
  const [, fields] = collect({ level: "error", event: "connection handler failed", error });
  const { err } = fields as { err: Readonly<Record<string, string>> };
  for (const [name, value] of Object.entries(err)) {
    // The lines of a stack are its own.
    assert.doesNotMatch(value, /[\p{Cf}\u2028\u2029]|(?!\n)\p{Cc}/u, name);
    assert.ok(value.length <= 8192, name);
  }
  assert.match(err["message"] ?? "", /^no such file /);
});

test("what a peer chose is cut, and harmless whatever the logger does about it", () => {
  const hostile = `\x1b]0;x\x07\r\n{"level":"info"}\u009b2J\u202e${"x".repeat(1000)}`;
  const [, fields] = collect({
    level: "info",
    event: "command",
    peer: hostile,
    detail: { session: "1", command: hostile },
    username: hostile,
  });
  for (const [name, value] of Object.entries(fields)) {
    if (name === "session") continue;
    assert.doesNotMatch(String(value), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    assert.ok(String(value).length <= 256);
  }
});
