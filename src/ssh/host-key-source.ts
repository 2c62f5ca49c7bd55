import { generatePrivateKey, KeyError, parsePrivateKey } from "../crypto/index.ts";
import type { HostKey } from "../crypto/index.ts";
import { ConfigError } from "../server/index.ts";
import type { HostKeySource, Log, Passphrase } from "../server/index.ts";
import { readPrivateKeyFile, writeKeyFile } from "./key-file.ts";
import { unlockPrivateKey } from "./unlock.ts";

/** A private key before it is parsed. */
interface Found {
  /** What to call it in an error: where it is, never what it is. */
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly passphrase?: Passphrase | undefined;
}

/** Lines of a key, the Base64 of a whole file, of OpenSSH's format, or of a PKCS#8 or PKCS#1 structure; none of it is the name of a file. */
const LOOKS_LIKE_KEY = /[\r\n]|^(?:LS0tLS1CRUdJTi|b3BlbnNzaC1rZXkt)|^M[A-Za-z0-9+/]{40,}={0,2}$/;

/**
 * Reads one host key from where it is kept. A path where there is no file yet gets a new Ed25519 key, with mode 0600, that
 * is kept; it has no passphrase, so a path with one has to be there.
 *
 * @throws {ConfigError} `BAD_HOST_KEY` when there is no usable private key; it names the place and the remedy.
 */
export async function readHostKey(source: HostKeySource, log: Log): Promise<HostKey> {
  const { name, content, passphrase } = find(source, log);
  try {
    return await unlockPrivateKey(content, passphrase);
  } catch (error) {
    if (error instanceof KeyError) {
      throw new ConfigError("BAD_HOST_KEY", `${name} is not a usable private key: ${error.message}.`, { cause: error });
    }
    throw error;
  }
}

function find(source: HostKeySource, log: Log): Found {
  if (typeof source === "string") {
    const isText = source.includes("-----BEGIN ");
    return isText ? { name: "the host key given as text", content: source } : inFile({ file: source }, log);
  }
  if ("file" in source) return inFile(source, log);
  if ("env" in source) return inEnvironment(source);
  return { name: "the host key given as key", content: source.key, passphrase: source.passphrase };
}

function inFile({ file, passphrase }: Extract<HostKeySource, { file: string }>, log: Log): Found {
  // A path is shown in errors and in the log, and a file is made of that name: a key must not get there.
  if (LOOKS_LIKE_KEY.test(file)) {
    throw new ConfigError(
      "BAD_HOST_KEY",
      "what is given as the path of a host key looks like the key itself. Give its text as it is in the file, with the line -----BEGIN …, as { key } or in an environment variable.",
    );
  }
  const name = `host key ${file}`;
  const content = readPrivateKeyFile(file);
  if (content !== undefined) return { name, content, passphrase };
  if (passphrase !== undefined) {
    throw new ConfigError(
      "BAD_HOST_KEY",
      `${name} does not exist. Make it with: sallyport keygen --passphrase -f ${file}`,
    );
  }
  const made = generatePrivateKey("ed25519");
  if (!writeKeyFile(file, made, { mode: 0o600 })) {
    // Another process was faster: its key is the one to use.
    const other = readPrivateKeyFile(file);
    if (other !== undefined) return { name, content: other };
    throw new ConfigError("BAD_HOST_KEY", `${name} is a link to a file that does not exist. Remove the link.`);
  }
  log({ level: "info", event: "host key made", detail: { file, key: parsePrivateKey(made).publicKey.describe() } });
  return { name, content: made };
}

function inEnvironment({ env, passphrase }: Extract<HostKeySource, { env: string }>): Found {
  const text = process.env[env];
  if (text === undefined || text === "") {
    throw new ConfigError(
      "BAD_HOST_KEY",
      `the environment variable ${env} is not set. Set it to the text of a private key, or take it out of hostKeys.`,
    );
  }
  // Many a place where variables are kept takes one line each.
  return { name: `the host key in ${env}`, content: text.replaceAll("\\n", "\n"), passphrase };
}
