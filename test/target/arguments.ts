import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

export const USAGE = `npm run target -- --port N --host-key FILE --authorized-keys FILE [options]

  --port N                the port on 127.0.0.1; 0 takes a free one
  --host-key FILE         the host's private key; made when there is no such file. Several are given one by one
  --authorized-keys FILE  the public keys that let in, one a line as in ~/.ssh/authorized_keys, without options
  --password TEXT         a password that lets in, too
  --trusted-ca FILE       the public key of a CA whose user certificates let in, too
  --krl FILE              the certificates and keys that let in no more: ssh-keygen's KRL, or public keys
  --methods LISTS         what a login takes, as sshd's AuthenticationMethods: "publickey,password keyboard-interactive"
  --user NAME             the only user there is; by default every name is one
  --grace SECONDS         how long a login may take
  --kex NAMES             key exchange methods, first choice first, with commas between them
  --sftp-root DIR         serves this directory by SFTP and scp
  --sftp-readonly DIR     serves this one by SFTP, so that nothing can be changed; with --sftp-root it lies at /readonly
  --no-penalties          lets sources of failed logins try on`;

/** What the target was told. */
export interface TargetArguments {
  readonly port: number;
  readonly hostKeys: readonly string[];
  /** Public keys as an authorized_keys file has them, without their comments. */
  readonly authorizedKeys: ReadonlySet<string>;
  readonly password: string | undefined;
  readonly trustedCa: string | undefined;
  readonly krl: string | undefined;
  readonly methods: readonly string[] | undefined;
  readonly user: string | undefined;
  readonly grace: number | undefined;
  readonly kex: readonly string[] | undefined;
  readonly sftpRoot: string | undefined;
  readonly sftpReadOnly: string | undefined;
  readonly penalties: boolean;
}

/** What is wrong with the arguments, and what to give instead. */
export class ArgumentError extends Error {}

/** @throws ArgumentError */
export function readArguments(given: readonly string[]): TargetArguments {
  const values = parse(given);
  return {
    port: wholeNumber("--port", required("--port", values.port), 65_535),
    hostKeys: required("--host-key", values["host-key"]),
    authorizedKeys: readKeys(required("--authorized-keys", values["authorized-keys"])),
    password: values.password,
    trustedCa: values["trusted-ca"],
    krl: values.krl,
    methods: values.methods?.split(" "),
    user: values.user,
    grace: values.grace === undefined ? undefined : wholeNumber("--grace", values.grace, 3600),
    kex: values.kex?.split(","),
    sftpRoot: values["sftp-root"],
    sftpReadOnly: values["sftp-readonly"],
    penalties: !values["no-penalties"],
  };
}

function parse(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      options: {
        port: { type: "string" },
        "host-key": { type: "string", multiple: true },
        "authorized-keys": { type: "string" },
        password: { type: "string" },
        "trusted-ca": { type: "string" },
        krl: { type: "string" },
        methods: { type: "string" },
        user: { type: "string" },
        grace: { type: "string" },
        kex: { type: "string" },
        "sftp-root": { type: "string" },
        "sftp-readonly": { type: "string" },
        "no-penalties": { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function required<Value>(name: string, value: Value | undefined): Value {
  if (value === undefined) throw new ArgumentError(`${name} is missing.`);
  return value;
}

function wholeNumber(name: string, text: string, max: number): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) > max) {
    throw new ArgumentError(`${name} must be a whole number from 0 to ${max}, not ${JSON.stringify(text)}.`);
  }
  return Number(text);
}

function readKeys(path: string): ReadonlySet<string> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ArgumentError(`--authorized-keys ${path} cannot be read: ${reason}`);
  }
  const keys = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const misread = keys.find((line) => !/^[a-z0-9@.-]+ [A-Za-z0-9+/]+=*( .*)?$/.test(line));
  if (misread !== undefined) {
    throw new ArgumentError(
      `--authorized-keys ${path} has a line that is no public key: ${JSON.stringify(misread.slice(0, 60))}`,
    );
  }
  return new Set(keys.map((line) => line.split(" ", 2).join(" ")));
}
