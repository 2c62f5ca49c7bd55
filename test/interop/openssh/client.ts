import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder, PASSWORD, publicKey, userKeyFile } from "../harness/index.ts";
import type { KeyKind, Subject } from "../harness/index.ts";

const folder = makeFolder();
let counter = 0;

/** Who logs in and how; what is not said is alice with her Ed25519 key. */
export interface SshLogin {
  readonly user?: string;
  /** The key to log in with; null for none. */
  readonly key?: KeyKind | null;
  /** The public keys that the client knows the server by. */
  readonly known?: readonly string[];
}

/** Arguments for `ssh` that name the server and nothing of this machine's own set-up; options come before, a command behind. */
export function sshArguments({ port }: Pick<Subject, "port">, login: SshLogin = {}): readonly string[] {
  const { user = "alice", key = "ed25519", known = [publicKey("host", "ed25519")] } = login;
  return [
    "-F",
    "none",
    "-p",
    String(port),
    "-l",
    user,
    ...config({
      UserKnownHostsFile: knownHosts(port, known),
      GlobalKnownHostsFile: "/dev/null",
      StrictHostKeyChecking: "yes",
      UpdateHostKeys: "no",
      IdentitiesOnly: "yes",
      IdentityFile: key === null ? "none" : userKeyFile(key),
      ConnectTimeout: "60",
    }),
    "127.0.0.1",
  ];
}

/** `-o` options for `ssh`. */
export function config(options: Readonly<Record<string, string>>): string[] {
  return Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

function knownHosts(port: number, keys: readonly string[]): string {
  const path = join(folder, `known_hosts-${counter++}`);
  writeFileSync(path, keys.map((key) => `[127.0.0.1]:${port} ${key}\n`).join(""));
  return path;
}

/** The environment in which `ssh` asks a program instead of a terminal: it answers each question by what it contains. */
export function askpass(answers: Readonly<Record<string, string>> = { assword: PASSWORD }): Record<string, string> {
  const path = join(
    folder,
    `askpass-${Object.keys(answers).join("-")}-${Object.values(answers).join("-")}`.replaceAll(" ", "_"),
  );
  const cases = Object.entries(answers).map(([part, answer]) => `*${part}*) echo '${answer}' ;;`);
  writeFileSync(path, `#!/bin/sh\ncase "$1" in\n${cases.join("\n")}\nesac\n`);
  chmodSync(path, 0o700);
  return { SSH_ASKPASS: path, SSH_ASKPASS_REQUIRE: "force", SSH_AUTH_SOCK: "" };
}
