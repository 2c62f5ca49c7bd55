import assert from "node:assert/strict";
import { globSync } from "node:fs";
import test from "node:test";
import * as accounts from "../../../src/accounts/index.ts";
import * as auth from "../../../src/auth/index.ts";
import * as commands from "../../../src/commands/index.ts";
import * as files from "../../../src/files/index.ts";
import * as api from "../../../src/index.ts";
import * as testing from "../../../src/testing/index.ts";
import { codeIn, guides, namesOf, readPage, ROOT, rowsOf } from "./pages.ts";

const events = readPage("docs/events.md");
const options = readPage("docs/options.md");
const logins = readPage("docs/authentication.md");
const members = readPage("docs/accounts.md");
const tests = readPage("docs/testing.md");
const shares = readPage("docs/files.md");
const routers = readPage("docs/commands.md");
const modules = readPage("docs/modules.md");
const system = readPage("docs/system-commands.md");
const allCode = guides.flatMap(({ text }) => codeIn(text)).join("\n");
/** Code blocks count too: what an example shows is documented. */
const allText = guides.map(({ text }) => text).join("\n");

function missing(names: Iterable<string>, documented: (name: string) => boolean): string[] {
  return [...names].filter((name) => !documented(name));
}

/** The members of a union of strings, or the keys of an interface, in a source file. */
function declared(path: string, start: string, pattern: RegExp): string[] {
  const { text } = readPage(path);
  const from = text.indexOf(start);
  assert.ok(from >= 0, `${path} has ${start}`);
  // A union ends with the first semicolon, an interface with the brace in the first column.
  const end = start.startsWith("export type") ? text.indexOf(";\n", from) : text.indexOf("\n}", from);
  return [...text.slice(from, end).matchAll(pattern)].map(([, name = ""]) => name);
}

const STRING = /"([\w-]+)"/g;

test("every event has a row that says when it comes", () => {
  const names = declared("src/server/events.ts", "export interface EventMap", /^ {2}(\w+): \(/gm);
  assert.ok(names.length >= 20);
  assert.deepEqual(
    missing(names, (name) => namesOf(events).has(name)),
    [],
  );
});

test("every option, limit and penalty has a row", () => {
  const { limits, penalties, ...rest } = api.resolveOptions({});
  const names = [...Object.keys(rest), "limits", "penalties", ...Object.keys(limits), ...Object.keys(penalties ?? {})];
  assert.deepEqual(
    missing(names, (name) => namesOf(options).has(name)),
    [],
  );
});

test("every option and every setting of accounts has a row, and what signs up and comes as a guest is told of", () => {
  const FIELD = /^ {2}readonly (\w+)\??:/gm;
  const names = [
    ...declared("src/accounts/options.ts", "export interface AccountsOptions", FIELD),
    ...declared("src/accounts/account/settings.ts", "export interface AccountSettings", FIELD),
  ];
  assert.ok(names.length >= 25);
  assert.deepEqual(
    missing(names, (name) => namesOf(members).has(name)),
    [],
  );
  const told = codeIn(members.text).join("\n");
  assert.deepEqual(
    missing(declared("src/accounts/options.ts", "export interface SignUpOptions", FIELD), (name) =>
      told.includes(name),
    ),
    [],
  );
});

test("the defaults that the tables tell are those of the code", () => {
  const told = new Map(rowsOf(options).map(([first = "", second = ""]) => [codeIn(first)[0] ?? "", second]));
  const { limits, penalties } = api.resolveOptions({});
  const numbers = Object.entries({ ...limits, ...penalties }).filter(([, value]) => typeof value === "number");
  assert.ok(numbers.length > 30);
  assert.deepEqual(
    numbers.map(([name]) => [name, quantity(told.get(name) ?? "")]),
    numbers,
  );
  const groups = {
    maxStartups: limits.maxStartups,
    perSourceNetBlock: limits.perSourceNetBlock,
    rekeyLimit: limits.rekeyLimit,
  };
  for (const [name, group] of Object.entries(groups)) {
    const pairs = [...(told.get(name) ?? "").matchAll(/(\w+): ([\d.]+(?: \w+)?)/g)];
    assert.deepEqual(Object.fromEntries(pairs.map(([, key, text = ""]) => [key, quantity(text)])), group);
  }
});

test("every code of an error, and every reason of an end, has a row", () => {
  const codes = [
    ...declared("src/server/config-error.ts", "export type ConfigErrorCode", STRING),
    ...declared("src/crypto/key/error.ts", "export type KeyErrorCode", STRING),
  ];
  assert.ok(codes.length >= 17);
  assert.deepEqual(
    missing(codes, (code) => namesOf(options).has(code)),
    [],
  );
  const faults = declared("src/auth/error.ts", "export type AuthErrorCode", STRING);
  assert.ok(faults.length >= 9);
  assert.deepEqual(
    missing(faults, (code) => namesOf(logins).has(code)),
    [],
  );
  const refusals = declared("src/accounts/error.ts", "export type AccountErrorCode", STRING);
  assert.ok(refusals.length >= 11);
  assert.deepEqual(
    missing(refusals, (code) => namesOf(members).has(code)),
    [],
  );
  const noes = declared("src/files/error.ts", "export type FileErrorCode", STRING);
  assert.ok(noes.length >= 13);
  assert.deepEqual(
    missing(noes, (code) => namesOf(shares).has(code)),
    [],
  );
  const failures = declared("src/testing/error.ts", "export type TestingErrorCode", STRING);
  assert.ok(failures.length >= 9);
  assert.deepEqual(
    missing(failures, (code) => namesOf(tests).has(code)),
    [],
  );
  const misuses = declared("src/commands/parse/usage-error.ts", "export type UsageErrorCode", STRING);
  assert.ok(misuses.length >= 9);
  assert.deepEqual(
    missing(misuses, (code) => namesOf(routers).has(code)),
    [],
  );
  const refused = declared("src/commands/modules/error.ts", "export type ModuleErrorCode", STRING);
  assert.ok(refused.length >= 10);
  assert.deepEqual(
    missing(refused, (code) => namesOf(modules).has(code)),
    [],
  );
  const reasons = declared("src/server/client/facts.ts", "export type EndReason", STRING);
  assert.deepEqual(
    missing(reasons, (reason) => namesOf(events).has(reason)),
    [],
  );
  const causes = declared("src/server/client/abort-error.ts", "export type AbortCause", STRING);
  assert.deepEqual(
    missing(causes, (cause) => allCode.includes(cause)),
    [],
  );
});

test("every system command, its options and the fields of a module have a row", () => {
  const commandsOfSystem = declared("src/commands/system/options.ts", "export type SystemCommand", STRING);
  const options = declared(
    "src/commands/system/options.ts",
    "export interface SystemOptions",
    /^ {2}readonly (\w+)\?/gm,
  );
  assert.ok(commandsOfSystem.length >= 15 && options.length >= 7);
  // Of those that have others below them, the row says so: `account …`.
  const rows = new Set([...namesOf(system)].map((name) => name.replace(/ …$/, "")));
  assert.deepEqual(
    missing([...commandsOfSystem, ...options], (name) => rows.has(name)),
    [],
  );
  const fields = declared(
    "src/commands/modules/module.ts",
    "export interface Module<",
    /^ {2}(?:readonly )?(\w+)\??[:(]/gm,
  );
  assert.ok(fields.length >= 7);
  assert.deepEqual(
    missing(fields, (name) => namesOf(modules).has(name)),
    [],
  );
});

test("everything that the package exports is told of in a guide", () => {
  const sources = ["", "server/", "auth/", "accounts/", "commands/", "files/", "testing/"]
    .map((folder) => `src/${folder}index.ts`)
    .map((path) => readPage(path).text)
    .join("\n");
  const names = sources.matchAll(/^export (?:type )?\{([^}]+)\}/gm);
  const libraries = globSync("src/libraries/*.ts", { cwd: ROOT }).map((path) => readPage(path).text);
  const named = libraries.join("\n").matchAll(/^export (?:interface|function) (\w+)/gm);
  const exported = new Set(
    [...names, ...named]
      .flatMap(([, list = ""]) => list.split(",").map((name) => name.trim()))
      .filter((name) => name !== ""),
  );
  assert.deepEqual(
    missing(
      Object.keys({ ...api, ...auth, ...accounts, ...commands, ...files, ...testing }),
      (name) => exported.has(name) || name === "Server",
    ),
    [],
  );
  assert.deepEqual(
    missing(exported, (name) => new RegExp(`\\b${name}\\b`).test(allText)),
    [],
  );
});

test("everything that a client, a connection, a server or `ansi` can do is told of in a guide", () => {
  assert.deepEqual(
    missing(Object.keys(api.ansi), (name) => allCode.includes(name)),
    [],
  );
  const { Terminal, Pipe } = testing;
  const { Commands, Modules } = commands;
  for (const { prototype } of [
    api.Client,
    api.Connection,
    api.Server,
    api.ServerCore,
    Terminal,
    Pipe,
    Commands,
    Modules,
    accounts.Accounts,
  ]) {
    const members = membersOf(prototype).filter((name) => !INTERNAL.has(name));
    assert.deepEqual(
      missing(members, (name) => new RegExp(`\\b${name}\\b`).test(allText)),
      [],
    );
  }
});

/** What is for doors, or within the package: the docstrings say so. */
const INTERNAL: ReadonlySet<string> = new Set([
  "constructor",
  "makeDoors",
  "admit",
  "end",
  "describe",
  "enqueue",
  "changed",
  "waitUntil",
]);

/** The names of a class and of those that it builds on. */
function membersOf(prototype: object | null): string[] {
  if (prototype === null || prototype === Object.prototype) return [];
  return [...Object.getOwnPropertyNames(prototype), ...membersOf(Object.getPrototypeOf(prototype) as object | null)];
}

/** A number with its unit, as the tables write it. */
function quantity(text: string): number {
  const [, number = "", unit = ""] = /([\d.]+)(?: (\w+))?/.exec(text) ?? [];
  return Number(number) * ({ KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }[unit] ?? 1);
}
