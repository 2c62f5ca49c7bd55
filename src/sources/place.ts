import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { linesOf } from "./content.ts";
import { withoutVersions } from "./sources.ts";
import { syntaxFault } from "./syntax.ts";

/** Where in the app's files an error comes from. */
export interface ErrorPlace {
  readonly file: string;
  /** From 1; undefined when it is not known. */
  readonly line: number | undefined;
}

/**
 * Finds out where an error comes from that Node gave when it loaded some files.
 *
 * @param files those that it may be in, the likeliest first.
 */
export async function placeOf(error: unknown, files: Iterable<string>): Promise<ErrorPlace | undefined> {
  if (!(error instanceof Error)) return undefined;
  const stack = withoutVersions(error.stack ?? "");
  return headOf(stack) ?? importerOf(error) ?? (await syntaxFaultIn(error, files)) ?? frameIn(stack, new Set(files));
}

/** What Node puts above the stack of a fault that it found while it read: the address, the line, the text. */
function headOf(stack: string): ErrorPlace | undefined {
  const [, file, line] = /^(file:\/\/\S+?|\/\S.*?):(\d+)\n/.exec(stack) ?? [];
  return file === undefined ? undefined : { file: pathOf(file), line: Number(line) };
}

/** Of an import that leads nowhere, who wanted it. */
function importerOf(error: Error): ErrorPlace | undefined {
  const [, wanted, file] = /^Cannot find (?:module|package) '([^']+)' imported from (\S.*)$/m.exec(error.message) ?? [];
  if (wanted === undefined || file === undefined) return undefined;
  const path = pathOf(withoutVersions(file));
  const name = wanted.startsWith("/") ? basename(wanted) : wanted;
  const at = linesOf(path).findIndex((line) => line.includes(name) && /\b(?:import|from)\b/.test(line));
  return { file: path, line: at < 0 ? undefined : at + 1 };
}

/** JavaScript that cannot be read: V8 keeps the place to itself, so that it is asked again, file by file. */
async function syntaxFaultIn(error: Error, files: Iterable<string>): Promise<ErrorPlace | undefined> {
  if (!(error instanceof SyntaxError)) return undefined;
  for (const file of files) {
    const fault = await syntaxFault(file);
    if (fault !== undefined) return { file, line: fault.line };
  }
  return undefined;
}

/** The first frame that is in one of these files: those of whoever called them say nothing. */
function frameIn(stack: string, files: ReadonlySet<string>): ErrorPlace | undefined {
  const frames = stack.matchAll(/^ +at .*?(file:\/\/[^\s)]+?|\/[^\s():]+):(\d+):\d+\)?$/gm);
  for (const [, address = "", line] of frames) {
    const file = pathOf(address);
    if (files.has(file)) return { file, line: Number(line) };
  }
  return undefined;
}

function pathOf(address: string): string {
  return address.startsWith("file:") ? fileURLToPath(address) : address;
}
