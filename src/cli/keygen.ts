import { existsSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { parseArgs } from "node:util";
import { generatePrivateKey, parsePrivateKey, parsePublicKey } from "../crypto/index.ts";
import type { GeneratedKeyType, HostKey, PublicKey } from "../crypto/index.ts";
import { loadBcrypt, readPrivateKeyFile, readPublicKeyFile, unlockPrivateKey, writeKeyFile } from "../ssh/index.ts";
import { escapeControls } from "../terminal/index.ts";
import { askNewSecret } from "./new-secret.ts";
import type { Console, Verb } from "./verb.ts";
import { Failure, UsageError } from "./verb.ts";

/** Sizes in bits that each type has, the default first. */
const SIZES: Readonly<Record<GeneratedKeyType, readonly number[]>> = {
  ed25519: [256],
  ecdsa: [256, 384, 521],
  rsa: [3072, 2048, 4096, 8192],
};

const usage = `sallyport keygen [-t ed25519|ecdsa|rsa] [-b BITS] [-f FILE] [-C COMMENT] [--passphrase]
sallyport keygen -y [-f FILE]
sallyport keygen -l [-f FILE]

Makes a key pair that ssh and ssh-keygen read, too.

  -t, --type TYPE        ed25519 (default), ecdsa or rsa
  -b, --bits BITS        ecdsa: 256 (default), 384 or 521; rsa: 2048 to 8192 (default 3072)
  -f, --file FILE        the private key; FILE.pub is the public key.
                         Default .sallyport/ssh_host_TYPE_key, where a server looks for its ed25519 key
  -C, --comment COMMENT  text beside the key. Default USER@HOST
      --passphrase       locks the private key with a passphrase: asks for it, or reads a line from a pipe
  -y, --public           prints the public key of the private key in FILE
  -l, --fingerprint      prints the fingerprint of the public or private key in FILE`;

/** `sallyport keygen`: key pairs for hosts and users, in the files that ssh-keygen makes. */
export const keygen: Verb = {
  summary: "makes a key pair, or shows one",
  usage,
  async run(args, console) {
    const options = parse(args);
    const { type, file = `.sallyport/ssh_host_${type}_key` } = options;
    if (options.verb === "public") console.print((await privateKeyIn(file, console)).publicKey.toString());
    else if (options.verb === "fingerprint") await printFingerprints(file, console);
    else await make({ ...options, file }, console);
  },
};

interface Options {
  readonly verb: "make" | "public" | "fingerprint";
  readonly type: GeneratedKeyType;
  readonly bits: number | undefined;
  readonly file: string | undefined;
  readonly comment: string | undefined;
  readonly passphrase: boolean;
}

function parse(args: readonly string[]): Options {
  // What stands on a command line is seen by every user of the machine, and kept by the shell.
  if (args.some((arg) => arg.startsWith("-N"))) {
    throw new UsageError(
      "-N would show the passphrase to everybody on this machine: use --passphrase, which asks for it.",
    );
  }
  const values = readArguments(args);
  const { type = "ed25519", public: isPublic = false, fingerprint = false, file, comment, passphrase = false } = values;
  if (!isType(type))
    throw new UsageError(`there is no type ${JSON.stringify(type)}; there are ${Object.keys(SIZES).join(", ")}.`);
  if (isPublic && fingerprint) throw new UsageError("-y and -l exclude each other.");
  const verb = isPublic ? "public" : fingerprint ? "fingerprint" : "make";
  if (verb !== "make" && (values.bits !== undefined || comment !== undefined || passphrase)) {
    throw new UsageError("-b, -C and --passphrase are for new keys, not for -y and -l.");
  }
  if (file === "") throw new UsageError("-f needs the path of a file.");
  // It becomes part of a file that is read line by line.
  if (comment !== undefined && escapeControls(comment) !== comment) {
    throw new UsageError("a comment has no control characters.");
  }
  return { verb, type, bits: bitsOf(type, values.bits), file, comment, passphrase };
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        type: { type: "string", short: "t" },
        bits: { type: "string", short: "b" },
        file: { type: "string", short: "f" },
        comment: { type: "string", short: "C" },
        passphrase: { type: "boolean" },
        public: { type: "boolean", short: "y" },
        fingerprint: { type: "boolean", short: "l" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function isType(name: string): name is GeneratedKeyType {
  return Object.hasOwn(SIZES, name);
}

function bitsOf(type: GeneratedKeyType, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const bits = Number(given);
  const [min, max] = [Math.min(...SIZES[type]), Math.max(...SIZES[type])];
  const isRight = type === "rsa" ? Number.isInteger(bits) && bits >= min && bits <= max : SIZES[type].includes(bits);
  if (isRight) return bits;
  const sizes = type === "rsa" ? `${min} to ${max}` : SIZES[type].join(", ");
  throw new UsageError(`${type} keys have ${sizes} bits, not ${JSON.stringify(given)}.`);
}

async function make(options: Options & { readonly file: string }, console: Console): Promise<void> {
  const { type, bits, file, comment = owner() } = options;
  const replace = existsSync(file) && (await mayReplace(file, console));
  const lock = options.passphrase && { passphrase: await newPassphrase(console), bcrypt: await loadBcrypt() };
  const text = generatePrivateKey(type, { comment, ...(bits !== undefined && { bits }), ...lock });
  const { publicKey } = parsePrivateKey(text, lock || {});
  if (!writeKeyFile(file, text, { mode: 0o600, replace })) throw new Failure(`${file} exists: choose another with -f.`);
  writeKeyFile(`${file}.pub`, `${publicKey.toString()} ${comment}\n`, { mode: 0o644, replace: true });
  console.print(`private key: ${file}`);
  console.print(`public key: ${file}.pub`);
  console.print(publicKey.describe(comment));
}

async function mayReplace(file: string, console: Console): Promise<boolean> {
  if (!console.interactive) {
    throw new Failure(`${file} exists, and there is nobody to ask: choose another with -f, or remove it first.`);
  }
  if (/^y(es)?$/i.test((await console.ask(`${file} exists. Overwrite it (y/n)? `)).trim())) return true;
  throw new Failure("nothing was done.");
}

function newPassphrase(console: Console): Promise<string> {
  return askNewSecret(console, "passphrase", "leave --passphrase out for a key without one");
}

function privateKeyIn(file: string, console: Console): Promise<HostKey> {
  const content = readPrivateKeyFile(file);
  if (content === undefined) throw new Failure(`${file} does not exist: name the file with -f.`);
  return unlockPrivateKey(content, () => console.askSecret(`Passphrase of ${file}: `));
}

async function printFingerprints(file: string, console: Console): Promise<void> {
  const content = readPublicKeyFile(file);
  if (content === undefined) throw new Failure(`${file} does not exist: name the file with -f.`);
  const text = Buffer.from(content).toString("utf8");
  if (text.includes("-----BEGIN ")) {
    const { publicKey } = await unlockPrivateKey(content, () => console.askSecret(`Passphrase of ${file}: `));
    return console.print(publicKey.describe(commentBeside(file, publicKey)));
  }
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  if (lines.length === 0) throw new Failure(`${file} holds no key.`);
  for (const line of lines) console.print(parsePublicKey(line).describe(commentOf(line)));
}

/** The comment of a private key as its `.pub` file has it, if that is of the same key. */
function commentBeside(file: string, key: PublicKey): string | undefined {
  const content = readPublicKeyFile(`${file}.pub`);
  const line = content && Buffer.from(content).toString("utf8");
  return line?.startsWith(`${key.toString()} `) === true ? commentOf(line) : undefined;
}

/** What stands behind type and Base64. */
function commentOf(line: string): string | undefined {
  const comment = /^\S+\s+\S+\s+(.*\S)\s*$/.exec(line.trim())?.[1];
  return comment === undefined ? undefined : escapeControls(comment);
}

function owner(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A process in a container may run under a number that has no name.
    return hostname();
  }
}
