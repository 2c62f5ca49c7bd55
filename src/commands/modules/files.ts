import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { ModuleError } from "./error.ts";
import { realPath } from "../../sources/index.ts";

/** What an app named: the file of a module, or a folder of modules. */
export interface Found {
  /** The folder whose modules these are; undefined when one file was named. */
  readonly folder: string | undefined;
  readonly files: readonly string[];
}

const INDEX = ["index.ts", "index.mts", "index.js", "index.mjs"];

/** Finds the files of modules. @throws ModuleError `NO_FILE`. */
export function findModules(path: string | URL): Found {
  const shown = path instanceof URL ? path.href : path;
  try {
    const real = realPath(path);
    if (!statSync(real).isDirectory()) return { folder: undefined, files: [real] };
    const index = indexOf(real);
    if (index !== undefined) return { folder: undefined, files: [index] };
    return { folder: real, files: modulesIn(real) };
  } catch (error) {
    throw new ModuleError("NO_FILE", `There is no module at ${shown}: name a file, or a folder of modules.`, {
      cause: error,
    });
  }
}

/** The files of the modules in a folder, in the order of their names; none when it is gone. */
export function modulesIn(folder: string): readonly string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (/^[._]/.test(entry.name) || entry.name === "node_modules") return [];
    if (entry.isDirectory()) return indexOf(path) ?? [];
    return entry.isFile() && isModuleFile(entry.name) ? [path] : [];
  });
}

/** What a module is called as long as its file has not said it. */
export function nameByFile(file: string): string {
  return basename(INDEX.includes(basename(file)) ? join(file, "..") : file).replace(/\.[^.]+$/, "");
}

function isModuleFile(name: string): boolean {
  return /\.m?[jt]s$/.test(name) && !/\.(?:d|test|spec)\.m?[jt]s$/.test(name);
}

function indexOf(folder: string): string | undefined {
  const names = new Set(entriesOf(folder).map(({ name }) => name));
  const index = INDEX.find((name) => names.has(name));
  return index === undefined ? undefined : join(folder, index);
}

function entriesOf(folder: string): ReturnType<typeof readFolder> {
  try {
    return readFolder(folder);
  } catch {
    // It has been removed, or is not for us to read: there is nothing to load in it.
    return [];
  }
}

function readFolder(folder: string) {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}
