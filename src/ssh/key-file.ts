import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { ConfigError } from "../server/index.ts";

const MAX_FILE = 64 * 1024;

/** How a file of {@link writeKeyFile} is written. */
export interface WriteOptions {
  /** Its mode; 0o600 for a private key. */
  readonly mode: number;
  /** Takes the place of a file that is there. Default false. */
  readonly replace?: boolean;
}

/**
 * The content of a private key file, or `undefined` when there is none. What is checked is the file that was opened, not its
 * name.
 *
 * @throws {ConfigError} `BAD_HOST_KEY`, naming the file and the remedy, when it cannot be read, is open to other users, or
 * is no regular file of at most 64 KiB.
 */
export function readPrivateKeyFile(path: string): Uint8Array | undefined {
  return readKeyFile(path, (mode) => {
    const digits = (mode & 0o777).toString(8).padStart(4, "0");
    return bad(`key file ${path} has mode ${digits}: other users may read it. Close it with: chmod 600 ${path}`);
  });
}

/** As {@link readPrivateKeyFile}, for a file that anybody may read: a public key, a certificate. */
export function readPublicKeyFile(path: string): Uint8Array | undefined {
  return readKeyFile(path);
}

/**
 * Writes a key file, whole or not at all, and makes its folder where there is none; `false` when a file is there that is
 * not to be replaced.
 *
 * @throws {ConfigError} `BAD_HOST_KEY` when it cannot be written.
 */
export function writeKeyFile(path: string, content: string, { mode, replace = false }: WriteOptions): boolean {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    try {
      writeFileSync(draft, content, { mode, flag: "wx", flush: true });
      // A link appears whole or not at all, and never in place of the key that another process has just made.
      if (replace) renameSync(draft, path);
      else linkSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw bad(`key file ${path} cannot be written (${codeOf(error)}). Give another path, or make its folder writable.`);
  }
}

function readKeyFile(path: string, openToOthers?: (mode: number) => ConfigError): Uint8Array | undefined {
  let file: number;
  try {
    // A FIFO would be waited for until somebody writes to it.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw bad(`key file ${path} cannot be read (${codeOf(error)}). Check its owner and mode.`);
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > MAX_FILE) throw bad(`key file ${path} is not a regular file of at most 64 KiB.`);
    // Windows has no such modes.
    if (openToOthers && process.platform !== "win32" && stat.mode & 0o077) throw openToOthers(stat.mode);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function bad(message: string): ConfigError {
  return new ConfigError("BAD_HOST_KEY", message);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
