import { closeSync, fstatSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { generatePrivateKey, KeyError, parsePrivateKey } from "../crypto/index.ts";
import type { HostKey } from "../crypto/index.ts";
import { ConfigError } from "../server/index.ts";
import type { Log } from "../server/index.ts";

/** Where the key is kept that is made at the first start. */
const DEFAULT_HOST_KEY = ".sallyport/ssh_host_ed25519_key";

const MAX_FILE = 64 * 1024;

/**
 * Reads the host keys, each given as the path of its file or as the text of one. A path where there is no file yet gets a new Ed25519 key, with mode 0600, that is kept.
 *
 * @throws {ConfigError} when a file cannot be read, is open to other users or holds no key; it names the file and the remedy.
 */
export function loadHostKeys(sources: readonly string[], log: Log): HostKey[] {
  return (sources.length > 0 ? sources : [DEFAULT_HOST_KEY]).map((source) => {
    if (source.includes("-----BEGIN ")) return parsed("the host key given as text", source);
    const file = readPrivate(source);
    if (file) return parsed(`host key ${source}`, file);
    const key = parsed(`host key ${source}`, create(source));
    log({ level: "info", event: "host key made", detail: { file: source, key: key.publicKey.describe() } });
    return key;
  });
}

function parsed(what: string, content: string | Uint8Array): HostKey {
  try {
    return parsePrivateKey(content);
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    throw new ConfigError(
      "BAD_HOST_KEY",
      `${what} is not a usable private key: ${error.message}. Make one with: ssh-keygen -t ed25519 -N '' -f FILE`,
    );
  }
}

/** The file's content, or `undefined` when there is none. What is checked is the file that was opened, not its name. */
function readPrivate(path: string): Uint8Array | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw new ConfigError(
      "BAD_HOST_KEY",
      `host key ${path} cannot be read (${codeOf(error)}). Check its owner and mode.`,
    );
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > MAX_FILE) {
      throw new ConfigError("BAD_HOST_KEY", `host key ${path} is not a regular file of at most 64 KiB.`);
    }
    if (process.platform !== "win32" && stat.mode & 0o077) {
      const mode = (stat.mode & 0o777).toString(8).padStart(4, "0");
      throw new ConfigError(
        "BAD_HOST_KEY",
        `host key ${path} has mode ${mode}: other users may read it. Close it with: chmod 600 ${path}`,
      );
    }
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function create(path: string): Uint8Array {
  const content = Buffer.from(generatePrivateKey("ed25519"));
  const draft = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    try {
      writeFileSync(draft, content, { mode: 0o600, flag: "wx", flush: true });
      // A link appears whole or not at all, and never in place of the key that another process has just made.
      linkSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
    return content;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return readPrivate(path) ?? content;
    throw new ConfigError(
      "BAD_HOST_KEY",
      `host key ${path} does not exist and cannot be made (${codeOf(error)}). Give another path in hostKeys, or make the folder writable.`,
    );
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
