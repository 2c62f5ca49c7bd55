import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import type { LogDetails, LogEntry, LogEvent } from "../../../../src/server/index.ts";

/** Every entry and its fields; the compiler holds this table to the types. */
const ENTRIES: { readonly [Event in LogEvent]: { readonly [Field in keyof Required<LogDetails[Event]>]: true } } = {
  arrived: { door: true, port: true },
  "connection refused": { why: true, refusals: true },
  left: { departure: true, detail: true, seconds: true, received: true, sent: true },
  penalty: { offence: true, source: true, seconds: true, total: true, enforced: true },
  attempt: {
    method: true,
    verdict: true,
    next: true,
    key: true,
    algorithm: true,
    proved: true,
    certificate: true,
    serial: true,
    ca: true,
    why: true,
    unknownUser: true,
  },
  login: { methods: true, client: true, seconds: true, restrictions: true },
  "session opened": { session: true, kind: true, pty: true, subsystem: true },
  "session refused": { why: true },
  command: { session: true, command: true, forced: true, original: true },
  sudo: { command: true, verdict: true, why: true, remembered: true },
  "session ended": { session: true, kind: true, pty: true, reason: true, status: true, seconds: true },
  kick: { session: true, reason: true },
  listening: { host: true, port: true, keys: true, certificates: true },
  "host keys reloaded": { keys: true, certificates: true },
  "host key made": { file: true, key: true },
  "door not closed": {},
  "log failed": {},
  "authorized key not used": { file: true, line: true, why: true },
  "authorized keys not used": { file: true, line: true, why: true },
  "authorized keys not read": { file: true, line: true, why: true },
  "trusted CA not used": { file: true, line: true, why: true },
  "trusted CAs not read": { file: true, line: true, why: true },
  "revocation list not read": { file: true, line: true, why: true },
  "password hash not usable": {},
  "password not hashed anew": {},
  "one-time code not checked": {},
  "module in service": { module: true, version: true, file: true },
  "module out of service": { module: true, version: true, file: true },
  "module failed": { module: true, doing: true, serves: true, why: true },
  "login not recorded": {},
  "accounts not looked at": {},
  "handler failed": { handler: true },
  "auth handler failed": { method: true },
  "file uploaded": { path: true, size: true, bytes: true, complete: true },
  "file downloaded": { path: true, size: true, bytes: true, complete: true },
  "file removed": { path: true },
  "file renamed": { path: true, to: true },
  "file changed": { path: true, size: true, mode: true, uid: true, gid: true },
  "directory made": { path: true },
  "directory removed": { path: true },
  "link made": { path: true, of: true },
  "file refused": { operation: true, path: true, code: true, refusals: true },
  "file system failed": { operation: true },
  "connection handler failed": {},
  "authbanner handler failed": {},
};

/** The fields that any entry may have; `time` is what a line has besides. */
const COMMON: Readonly<Record<Exclude<keyof LogEntry, "detail"> | "time", true>> = {
  time: true,
  level: true,
  event: true,
  connection: true,
  peer: true,
  error: true,
  username: true,
};

const page = readFileSync(new URL("../../../../docs/audit.md", import.meta.url), "utf8");

/** The names in the first column of the tables of a piece of the page. */
function fieldsIn(text: string): string[] {
  return [...text.matchAll(/^\| `([^`]+)`/gm)].map(([, name = ""]) => name);
}

test("the page documents every entry and every field of it, and no others", () => {
  const sections = page.split(/^##+ /m).map((section) => section.match(/^`([^`]+)`\n([^]*)$/));
  const documented = sections.flatMap((match) =>
    match === null ? [] : [[match[1] ?? "", fieldsIn(match[2] ?? "").toSorted()] as const],
  );
  const expected = Object.entries(ENTRIES).map(([event, fields]) => [event, Object.keys(fields).toSorted()] as const);
  assert.deepEqual(Object.fromEntries(documented), Object.fromEntries(expected));
  assert.equal(documented.length, expected.length);
});

test("the page documents the fields that all entries share", () => {
  const [, common = ""] = page.match(/^## Fields of all entries\n([^]*?)^## /m) ?? [];
  assert.deepEqual(fieldsIn(common).toSorted(), Object.keys(COMMON).toSorted());
});

test("no entry has a field with the name of one that all entries share", () => {
  const clashes = Object.entries(ENTRIES).flatMap(([event, fields]) =>
    Object.keys(fields)
      .filter((field) => field in COMMON || field === "err")
      .map((field) => `${event}: ${field}`),
  );
  assert.deepEqual(clashes, []);
});
