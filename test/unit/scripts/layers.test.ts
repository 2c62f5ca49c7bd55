import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { LAYERS } from "../../../scripts/layers.ts";

/** The linter is run over a small tree in which everything that the layers forbid has been planted. */
const root = mkdtempSync(join(tmpdir(), "sallyport-layers-"));
const findings = new Map<string, string[]>();

const INDEX = "/** What this folder is for. */\nexport const value: number = 1;\n";
const long = (lines: number): string => "export const value: number = 1;\n" + "// a line\n".repeat(lines - 1);

/** What is planted: the file, its text, and what the linter must say of it (nothing: it must be content). */
const PLANTED: Readonly<Record<string, readonly [text: string, finding?: RegExp]>> = {
  "src/wire/index.ts": [INDEX],
  "src/wire/reader.ts": [INDEX],
  "src/terminal/index.ts": [INDEX],
  "src/terminal/keys/decoder.ts": ['export { value } from "../../wire/index.ts";', /terminal may not import wire/],
  "src/server/index.ts": ["export const value: number = 1;\n", /Begin with a docstring/],
  "src/server/downward.ts": ['export { value } from "../terminal/index.ts";'],
  "src/crypto/downward.ts": ['import "node:crypto";\nexport { value } from "../wire/index.ts";'],
  "src/crypto/inside.ts": ['export { value } from "../wire/reader.ts";', /Import wire through its index\.ts/],
  "src/crypto/dotted.ts": ['export { value } from "./../server/index.ts";', /crypto may not import server/],
  "src/wire/upward.ts": ['import { value } from "../server/index.ts";\nvoid value;', /wire may not import server/],
  "src/wire/upward-type.ts": [
    'import type { value } from "../server/index.ts";\nexport type V = typeof value;',
    /server/,
  ],
  "src/wire/upward-inline.ts": [
    'export type V = typeof import("../server/index.ts").value;',
    /wire may not import server/,
  ],
  "src/wire/upward-star.ts": ['export * from "../server/index.ts";', /wire may not import server/],
  "src/wire/upward-lazy.ts": ['export const v: unknown = import("../server/index.ts");', /wire may not import server/],
  "src/wire/computed.ts": ["export const load = (path: string): unknown => import(path);", /Write the path out/],
  "src/transport/sibling.ts": ['export { value } from "../userauth/index.ts";', /transport may not import userauth/],
  "src/files/sibling.ts": ['export { value } from "../recording/index.ts";', /files may not import recording/],
  "src/cli/anything.ts": ['export { value } from "../files/index.ts";\nconsole.log("fine");'],
  "src/elsewhere/file.ts": ['export { value } from "../wire/index.ts";', /elsewhere has no row/],
  "src/server/outside.ts": ['export { value } from "../../test/fake.ts";', /Nothing outside src/],
  "src/connection/net.ts": ['import "node:net";', /does no I\/O: connection may import node:buffer, not node:net/],
  "src/connection/crypto.ts": ['import "node:crypto";', /not node:crypto/],
  "src/protocol/timers.ts": ['import "node:timers/promises";', /not node:timers\/promises/],
  "src/userauth/fs.ts": ['export const f: unknown = import("node:fs");', /not node:fs/],
  "src/ssh/net.ts": ['import "node:net";'],
  "src/wire/package.ts": ['import "ws";', /not ws/],
  "src/doors/package.ts": ['import "ws";', /no runtime dependency: load ws on use/],
  "src/doors/package-lazy.ts": ['export const ws: unknown = import("ws");'],
  "src/transport/clock.ts": ["export const now: number = Date.now();", /reads no clock/],
  "src/transport/stopwatch.ts": ["export const now: number = performance.now();", /reads no clock/],
  "src/transport/timer.ts": ["setTimeout(() => undefined, 1);", /sets no timer/],
  "src/transport/environment.ts": ['export const home: unknown = process.env["HOME"];', /touches no process/],
  "src/transport/behind.ts": ["export const now: unknown = globalThis.performance;", /touches no process/],
  "src/server/clock.ts": ["export const now: number = Date.now();"],
  "src/server/console.ts": ['console.log("x");', /no-console/],
  "src/server/any.ts": ["export const x: any = 1;", /no-explicit-any/],
  "src/server/floating.ts": ["async function f(): Promise<void> {\n  await f();\n}\nf();", /no-floating-promises/],
  "src/server/misused.ts": ["[1].forEach(async (n) => {\n  await n;\n});", /no-misused-promises/],
  "src/server/circle-a.ts": ['import { b } from "./circle-b.ts";\nexport const a = (): unknown => b;', /no-cycle/],
  "src/server/circle-b.ts": ['import { a } from "./circle-a.ts";\nexport const b = (): unknown => a;', /no-cycle/],
  "src/accounts/types-a.ts": ['import type { B } from "./types-b.ts";\nexport type A = B | 1;', /no-cycle/],
  "src/accounts/types-b.ts": ['import type { A } from "./types-a.ts";\nexport interface B {\n  a: A;\n}', /no-cycle/],
  "src/auth/at-the-limit.ts": [long(500), /Warning.*max-lines/],
  "src/auth/over-the-limit.ts": [long(501), /More than 500 lines/],
  "src/commands/f00.ts": [INDEX],
  "src/process/f00.ts": [INDEX, /13 files in this folder/],
};

/** Files that fill a folder up to the limit, and one over it. */
const FILLING: readonly (readonly [path: string, planted: readonly [text: string]])[] = [
  ...Array.from({ length: 11 }, (_, n) => [`src/commands/f${n + 10}.ts`, [INDEX]] as const),
  ...Array.from({ length: 12 }, (_, n) => [`src/process/f${n + 10}.ts`, [INDEX]] as const),
];

before(() => {
  for (const [path, [text]] of [...Object.entries(PLANTED), ...FILLING]) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const path of ["oxlint.config.ts", "scripts/layers.ts", "tsconfig.json", "package.json"]) {
    cpSync(path, join(root, path), { recursive: true });
  }
  symlinkSync(resolve("node_modules"), join(root, "node_modules"));
  const args = [resolve("node_modules/oxlint/bin/oxlint"), "--format=unix", "src"];
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  assert.equal(status, 1, stdout);
  for (const line of stdout.split("\n")) {
    const [file = ""] = line.split(":", 1);
    findings.set(file, [...(findings.get(file) ?? []), line]);
  }
});

after(() => rmSync(root, { recursive: true, force: true }));

for (const [path, [, finding]] of Object.entries(PLANTED)) {
  test(finding === undefined ? `${path} passes` : `${path} is caught`, () => {
    const found = findings.get(path) ?? [];
    if (finding === undefined) assert.deepEqual(found, []);
    else assert.match(found.join("\n"), finding);
  });
}

test("each row of the table names rows that stand below it, so that imports only go downward", () => {
  const order = Object.keys(LAYERS).filter((name) => name !== "index.ts");
  for (const [name, { from }] of Object.entries(LAYERS)) {
    for (const lower of from) {
      if (lower !== "*") assert.ok(order.indexOf(lower) > order.indexOf(name), `${name} imports ${lower}`);
    }
  }
});
