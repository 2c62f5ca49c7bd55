import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import test from "node:test";
import { blocksOf, pages, readPage, ROOT } from "./pages.ts";

/** What the blocks take for granted: a server, one of its clients, and the app around them. */
const WORLD = `
import type {
  Client, ConnectionControl, OfferedKey, PublicKey, Server as SshServer, Session, SocketInfo,
} from "sallyport";
import type * as Members from "sallyport/accounts";
import type * as Auth from "sallyport/auth";
import type * as Router from "sallyport/commands";
import type * as Testing from "sallyport/testing";

declare global {
  const Server: typeof import("sallyport").Server;
  const Accounts: typeof Members.Accounts;
  const accounts: Members.Accounts;
  const anyone: typeof Auth.anyone;
  const authorizedKeys: typeof Auth.authorizedKeys;
  const certificates: typeof Auth.certificates;
  const firstKeyWins: typeof Auth.firstKeyWins;
  const hashPassword: typeof Auth.hashPassword;
  const passwords: typeof Auth.passwords;
  const publicKeys: typeof Auth.publicKeys;
  const totp: typeof Auth.totp;
  const Commands: typeof Router.Commands;
  const commands: Router.Commands;
  const custom: typeof Router.custom;
  const integer: typeof Router.integer;
  const list: typeof Router.list;
  const text: typeof Router.text;
  const escapeControls: typeof import("sallyport").escapeControls;
  const assert: typeof import("node:assert/strict");
  const test: typeof import("node:test").test;
  const readFileSync: typeof import("node:fs").readFileSync;
  const exec: typeof Testing.exec;
  const openPipe: typeof Testing.openPipe;
  const openTerminal: typeof Testing.openTerminal;
  const unavailable: typeof Testing.unavailable;
  const alice: Testing.Terminal<Record<string, unknown>>;
  const makeApp: () => SshServer;
  const key: string;
  const ssh: SshServer;
  const client: Client;
  const line: string;
  const aliceKey: PublicKey;
  const socket: SocketInfo;
  const control: ConnectionControl;
  const session: Session;
  const store: Auth.NameStore;
  const file: { write(text: string): void };
  const directory: { bind(username: string, password: string): Promise<boolean> };
  const db: {
    user(username: string): Promise<{ readonly passwordHash: string } | undefined>;
    key(username: string, fingerprint: string): Promise<{ readonly userId: number; readonly isBot: boolean } | undefined>;
    keyLines(username: string): Promise<string>;
    rolesOf(username: string): readonly string[];
    accountOf(fingerprint: string | undefined): Promise<number | undefined>;
    setPasswordHash(username: string, hash: string): Promise<void>;
    totpSecret(username: string): Promise<string | undefined>;
  };
  function knows(username: string, key: OfferedKey): Promise<boolean>;
  function alert(text: string): void;
  function askTheVault(name: string): Promise<string>;
  function checkPassword(username: string, password: string): Promise<boolean>;
  function checkAnswers(username: string, ...answers: readonly (string | undefined)[]): Promise<boolean>;
  function queryReport(options: { signal: AbortSignal }): Promise<string[]>;
  function isClosedForLunch(): Promise<boolean>;
  function booksOf(username: string, options: { signal: AbortSignal }): Promise<string[]>;
  function order(what: object): Promise<void>;
  function brew(size: "small" | "large", options: { signal: AbortSignal }): Promise<void>;
}
`;

/** The packages of others that a block imports. */
const PACKAGES = `
declare module "terminal-kit" {
  interface Terminal {
    green(text: string): void;
    grabInput(isOn: boolean): void;
    on(event: "key", listener: (name: string) => void): void;
  }
  const terminalKit: { createTerminal(options: object): Terminal };
  export default terminalKit;
}
declare module "@lydell/node-pty" {
  interface Shell {
    write(keys: Uint8Array): void;
    resize(columns: number, rows: number): void;
    kill(): void;
    onData(listener: (text: string) => void): void;
    onExit(listener: (exit: { exitCode: number }) => void): void;
  }
  export function spawn(file: string, args: string[], options: { name: string; cols: number; rows: number }): Shell;
}
`;

test("every TypeScript block of the documentation compiles against the source", (t) => {
  const folder = `.cache/docs-${process.pid}`;
  mkdirSync(`${ROOT}/${folder}`, { recursive: true });
  t.after(() => rmSync(`${ROOT}/${folder}`, { recursive: true, force: true }));
  const blocks = pages.flatMap(blocksOf).filter(({ language }) => language === "ts");
  assert.ok(blocks.length > 20);
  for (const { page, code, line } of blocks) {
    // A block that says what its file is called can be imported by the others.
    const [, said] = /^\/\/ (\S+\.ts)$/m.exec(code.split("\n", 1)[0] ?? "") ?? [];
    const name = said ?? `${page.path.replaceAll(/\W/g, "_")}_${line}.ts`;
    // The lines keep their numbers, so that an error names the line of the page.
    writeFileSync(`${ROOT}/${folder}/${name}`, `${"\n".repeat(line - 2)}export {};\n${code}`);
  }
  writeFileSync(`${ROOT}/${folder}/world.d.ts`, WORLD);
  writeFileSync(`${ROOT}/${folder}/packages.d.ts`, PACKAGES);
  // What a reader may leave unused in a snippet is no mistake; everything else is as strict as the source.
  const compilerOptions = {
    noImplicitReturns: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    noPropertyAccessFromIndexSignature: false,
    allowUnusedLabels: true,
    lib: ["es2024", "esnext.disposable", "esnext.decorators"],
  };
  writeFileSync(
    `${ROOT}/${folder}/tsconfig.json`,
    JSON.stringify({ extends: "../../tsconfig.json", compilerOptions, include: ["*.ts"] }),
  );
  const { status, stdout } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", folder], {
    cwd: ROOT,
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout);
});

test("the tests that the guide on testing begins with pass as they stand", (t) => {
  const folder = `${ROOT}/.cache/docs-testing-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const named = blocksOf(readPage("docs/testing.md")).filter(({ code }) => code.startsWith("// app."));
  assert.equal(named.length, 2);
  for (const { code } of named) writeFileSync(`${folder}/${code.slice(3, code.indexOf("\n"))}`, code);
  const args = ["--conditions=sallyport-source", "--test", "--test-reporter=tap", `${folder}/app.test.ts`];
  // A run within a run would report to the one around it.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8", env });
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^# pass 2$/m);
});

test("the README begins with an example that runs as it stands", () => {
  const [first] = blocksOf(readPage("README.md"));
  assert.equal(first?.code, readPage("examples/hello.ts").text);
});
