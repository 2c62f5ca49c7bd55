import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The files that one run of `ssh` needs, and nothing of this machine's own set-up. */
export interface SshFiles {
  readonly folder: string;
  /** Whether `ssh` has logged in. */
  isIn(): boolean;
  /** What `ssh` has said itself. */
  log(): Promise<string>;
  remove(): Promise<void>;
}

/** Writes `key`, the private key, `known_hosts`, and `askpass`, a program that answers questions; `ssh` itself writes `log` and `in`. */
export async function writeSshFiles(contents: {
  readonly key?: string | undefined;
  readonly knownHost?: string | undefined;
  readonly answers?: Readonly<Record<string, string>> | undefined;
}): Promise<SshFiles> {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-testing-"));
  const path = (name: string): string => join(folder, name);
  const { key, knownHost, answers } = contents;
  if (key !== undefined) await writeFile(path("key"), key.endsWith("\n") ? key : `${key}\n`, { mode: 0o600 });
  if (knownHost !== undefined) await writeFile(path("known_hosts"), knownHost);
  if (answers !== undefined) await writeFile(path("askpass"), askpass(answers), { mode: 0o700 });
  const log = (): Promise<string> => readFile(path("log"), "utf8").catch(() => ""); // it is there when something was said
  const isIn = (): boolean => existsSync(path("in"));
  return { folder, isIn, log, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A program that `ssh` runs in place of asking on a terminal: it answers each question by a part of it. */
function askpass(answers: Readonly<Record<string, string>>): string {
  const cases = Object.entries(answers).map(([part, answer]) => `*${quote(part)}*) printf '%s\\n' ${quote(answer)} ;;`);
  return `#!/bin/sh\ncase "$1" in\n${cases.join("\n")}\n*) echo ;;\nesac\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
