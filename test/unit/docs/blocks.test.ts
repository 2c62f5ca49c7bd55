import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import test from "node:test";
import { blocksOf, pages, readPage, ROOT } from "./pages.ts";

/** What the blocks take for granted: a server, one of its clients, and the app around them. */
const WORLD = `
import type { Client, ConnectionControl, PublicKey, Server as SshServer, Session, SocketInfo } from "sallyport";

declare global {
  const Server: typeof import("sallyport").Server;
  const ssh: SshServer;
  const client: Client;
  const line: string;
  const aliceKey: PublicKey;
  const socket: SocketInfo;
  const control: ConnectionControl;
  const session: Session;
  function checkPassword(username: string, password: string): Promise<boolean>;
  function checkAnswers(username: string, ...answers: readonly (string | undefined)[]): Promise<boolean>;
  function queryReport(options: { signal: AbortSignal }): Promise<string[]>;
  function isClosedForLunch(): Promise<boolean>;
  function order(what: object): Promise<void>;
  function brew(size: "small" | "large", options: { signal: AbortSignal }): Promise<void>;
}
`;

test("every TypeScript block of the documentation compiles against the source", (t) => {
  const folder = `.cache/docs-${process.pid}`;
  mkdirSync(`${ROOT}/${folder}`, { recursive: true });
  t.after(() => rmSync(`${ROOT}/${folder}`, { recursive: true, force: true }));
  const blocks = pages.flatMap(blocksOf).filter(({ language }) => language === "ts");
  assert.ok(blocks.length > 20);
  for (const { page, code, line } of blocks) {
    const name = `${page.path.replaceAll(/\W/g, "_")}_${line}.ts`;
    // The lines keep their numbers, so that an error names the line of the page.
    writeFileSync(`${ROOT}/${folder}/${name}`, `${"\n".repeat(line - 2)}export {};\n${code}`);
  }
  writeFileSync(`${ROOT}/${folder}/world.d.ts`, WORLD);
  // What a reader may leave unused in a snippet is no mistake; everything else is as strict as the source.
  const compilerOptions = {
    noImplicitReturns: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
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

test("the README begins with an example that runs as it stands", () => {
  const [first] = blocksOf(readPage("README.md"));
  assert.equal(first?.code, readPage("examples/hello.ts").text);
});
