/** The programs that move files, and the arguments that they are started with. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder, PASSWORD, publicKey, run, userKeyFile } from "../harness/index.ts";
import type { Finished } from "../harness/index.ts";
import { config } from "../openssh/client.ts";
import { peer } from "../peers.ts";
import type { PeerName } from "../peers.ts";
import type { Ground } from "./ground.ts";

type Place = Pick<Ground, "port" | "server">;

/** Runs a program that has to end well. */
export async function succeed(
  name: PeerName,
  args: readonly string[],
  options: Parameters<typeof run>[2] = {},
): Promise<Finished> {
  const ended = await run(peer(name) ?? name, args, { timeout: 170, ...options });
  assert.equal(
    ended.status,
    0,
    `${name} ${args.join(" ")}\n${ended.stdout.slice(-2000)}\n${ended.stderr.slice(-2000)}`,
  );
  return ended;
}

/** What `sftp`, `scp`, and the `ssh` that others start are told: the server and its key, and nothing of this machine's own. */
export function openSshOptions(place: Place): string[] {
  return ["-F", "none", ...config(openSshConfig(place))];
}

/** The same for programs that hand on options of their own to `ssh`. */
export function openSshConfig({ port }: Place): Record<string, string> {
  return {
    Port: String(port),
    User: "alice",
    UserKnownHostsFile: knownHosts(port),
    GlobalKnownHostsFile: "/dev/null",
    StrictHostKeyChecking: "yes",
    UpdateHostKeys: "no",
    IdentitiesOnly: "yes",
    IdentityFile: userKeyFile("ed25519"),
    BatchMode: "yes",
    LogLevel: "ERROR",
  };
}

/** Runs commands of `sftp`; a path with spaces is to be quoted. */
export function sftp(place: Place, commands: readonly string[], args: readonly string[] = []): Promise<Finished> {
  return succeed("sftp", [...openSshOptions(place), ...args, "-b", "-", "127.0.0.1"], {
    input: `${commands.join("\n")}\n`,
  });
}

export function scp(place: Place, ...args: readonly string[]): Promise<Finished> {
  return succeed("scp", [...openSshOptions(place), ...args]);
}

/** What `psftp` and `pscp` are told. */
export function puttyOptions({ port, server }: Place): { readonly args: string[]; readonly env: { HOME: string } } {
  const fingerprint = server.hostKeys[0]?.fingerprint ?? "";
  return {
    args: ["-batch", "-P", String(port), "-l", "alice", "-pw", PASSWORD, "-hostkey", fingerprint],
    env: { HOME: makeFolder() },
  };
}

export function psftp(place: Place, commands: readonly string[]): Promise<Finished> {
  const { args, env } = puttyOptions(place);
  const script = join(env.HOME, "script");
  writeFileSync(script, `${commands.join("\n")}\n`);
  return succeed("psftp", [...args, "-b", script, "127.0.0.1"], { env });
}

export function lftp(place: Place, commands: readonly string[]): Promise<Finished> {
  // What it starts is an `ssh`, by a line that it splits as a shell does.
  const program = ["ssh", "-a", "-x", ...openSshOptions(place)].join(" ");
  const script = [
    `set sftp:connect-program "${program}"`,
    "set cmd:fail-exit yes",
    "set net:max-retries 1",
    `open -u alice, sftp://127.0.0.1:${place.port}`,
    ...commands,
  ];
  const home = makeFolder();
  return succeed("lftp", ["-c", script.join("\n")], { env: { HOME: home, LFTP_HOME: home } });
}

export function curl({ server }: Place, ...args: readonly string[]): Promise<Finished> {
  const fingerprint = server.hostKeys[0]?.fingerprint.replace("SHA256:", "") ?? "";
  return succeed("curl", ["-sS", "--hostpubsha256", fingerprint, "--user", `alice:${PASSWORD}`, ...args]);
}

/** Where curl finds a file. */
export function url({ port }: Place, remote: string): string {
  return `sftp://127.0.0.1:${port}${remote}`;
}

export function rclone({ port }: Place, ...args: readonly string[]): Promise<Finished> {
  const remote = ["--sftp-host", "127.0.0.1", "--sftp-port", String(port), "--sftp-user", "alice"];
  const keys = ["--sftp-key-file", userKeyFile("ed25519"), "--sftp-known-hosts-file", knownHosts(port)];
  // It would ask for checksums by commands of a shell, and there is none.
  return succeed("rclone", [...args, ...remote, ...keys, "--sftp-disable-hashcheck", "--retries", "1"], {
    env: { RCLONE_CONFIG: join(makeFolder(), "rclone.conf") },
  });
}

/** Plays a scenario of a Python library: python/NAME_files.py PORT HOST_KEY KEY_FILE SCENARIO ARGUMENT... */
export function python(name: "paramiko" | "asyncssh", { port }: Place, ...scenario: string[]): Promise<Finished> {
  const script = new URL(`../python/${name}_files.py`, import.meta.url).pathname;
  const args = [script, String(port), publicKey("host", "ed25519"), userKeyFile("ed25519"), ...scenario];
  return succeed(name, args);
}

let folders = 0;
const folder = makeFolder();

function knownHosts(port: number): string {
  const path = join(folder, `${folders++}`);
  mkdirSync(path);
  const file = join(path, "known_hosts");
  writeFileSync(file, `[127.0.0.1]:${port} ${publicKey("host", "ed25519")}\n`);
  return file;
}
