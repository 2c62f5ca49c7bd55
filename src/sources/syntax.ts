import { spawn } from "node:child_process";

/** The first fault of a file's syntax. */
export interface SyntaxFault {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** How long it may take to parse one file, in milliseconds. */
const PARSE_TIME = 10_000;

/** In a process of its own: what it takes to parse a module without running it is behind a flag of Node's. */
const PARSE = `
const [, file] = process.argv;
const text = require("node:fs").readFileSync(file, "utf8");
const code = /ts$/.test(file) ? require("node:module").stripTypeScriptTypes(text, { sourceUrl: file }) : text;
new (require("node:vm").SourceTextModule)(code, { identifier: file });
`;

/** Whether Node can read a file as an ES module at all: the first fault of its syntax, or undefined. It is not run. */
export async function syntaxFault(file: string): Promise<SyntaxFault | undefined> {
  if (!/\.[m]?[jt]s$/.test(file)) return undefined;
  const [, line, message] = /^\S.*?:(\d+)$.*?^(SyntaxError.*?: .*?)$/ms.exec(await parsedByNode(file)) ?? [];
  return line === undefined || message === undefined ? undefined : { line: Number(line), message };
}

/** What Node says of a file that it only parses: nothing when that can be done, and nothing where no process may be started. */
function parsedByNode(file: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const args = ["--no-warnings", "--experimental-vm-modules", "--eval", PARSE, file];
  try {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"], timeout: PARSE_TIME });
    let said = "";
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (text: string) => (said += text));
    child.on("error", () => resolve(""));
    child.on("close", () => resolve(said));
  } catch {
    // The permission model of Node: the line stays unknown.
    resolve("");
  }
  return promise;
}
