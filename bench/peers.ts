import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { userInfo } from "node:os";
import { join } from "node:path";

import { buildGo } from "./go.ts";
import type { Workspace } from "./workspace.ts";

/** A server under measurement: one column of the tables. */
export interface Peer {
  readonly name: string;
  readonly version: string;
  /** The user that may log in. */
  readonly user: string;
  readonly environment?: Record<string, string>;
  /** A peer that can serve a line editor: with this in its environment, and what its editor is called without a network. */
  readonly editor?: {
    readonly environment: Record<string, string>;
    readonly alone: string;
    /** It is there for nothing else. */
    readonly only?: true;
  };
  /** The most idle shells it is asked to hold, and why. */
  readonly idleLimit?: { readonly shells: number; readonly reason: string };
  /** It serves SFTP too, with this in its environment: the folder that {@link Workspace.files} names. */
  readonly files?: { readonly environment: Record<string, string> };
  command(port: number, workspace: Workspace): readonly string[];
}

/** The column that the ratios are of. */
export const subject = "sallyport";

const servers = join(import.meta.dirname, "servers");
const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

/** Which peers are asked for. */
export interface Wanted {
  /** Undefined: every peer that is installed. */
  readonly peers: readonly string[] | undefined;
  /** Other Node binaries to run Sallyport on, one column each. */
  readonly nodes: readonly string[];
  /** A folder whose node_modules has an ssh2 with its native addon. */
  readonly ssh2: string | undefined;
}

/** The peers that are installed, Sallyport first, and those that are not, with the reason. */
export function findPeers(options: Wanted, workspace: Workspace): { peers: Peer[]; leftOut: string[] } {
  const found: Record<string, () => Peer | string> = {
    [subject]: () => sallyport(subject, process.execPath),
    ...Object.fromEntries(options.nodes.map((node) => [`sallyport@${node}`, () => sallyport(nameOn(node), node)])),
    ssh2: () => ssh2(),
    "ssh2+": () => ssh2Native(options.ssh2),
    "ssh2-readline": () => ssh2Readline(),
    asyncssh: () => pythonPeer("asyncssh"),
    paramiko: () => pythonPeer("paramiko"),
    gliderlabs: () => gliderlabs(workspace),
    sshd: () => sshd(),
  };
  const wanted = Object.entries(found).filter(([name]) => options.peers?.includes(name.replace(/@.*/, "")) ?? true);
  const results = wanted.map(([name, find]) => [name, find()] as const);
  return {
    peers: results.flatMap(([, peer]) => (typeof peer === "string" ? [] : [peer])),
    leftOut: results.flatMap(([name, reason]) => (typeof reason === "string" ? [`${name}: ${reason}`] : [])),
  };
}

function sallyport(name: string, node: string): Peer | string {
  if (!existsSync(join(import.meta.dirname, "../src/index.ts"))) return "src/index.ts is missing";
  return {
    name,
    version: `Node ${versionOf(node).slice(1)}`,
    user: "bench",
    files: { environment: {} },
    editor: { environment: { BENCH_EDITOR: "1" }, alone: "sallyport" },
    command(port, workspace) {
      const profiling = workspace.profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${workspace.profiles}`];
      return [node, ...profiling, join(servers, "sallyport.ts"), ...serverArguments(port, workspace)];
    },
  };
}

function nameOn(node: string): string {
  return `${subject}, Node ${versionOf(node).slice(1).split(".")[0]}`;
}

function versionOf(node: string): string {
  return spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim();
}

function ssh2(): Peer | string {
  const version = packageVersion(import.meta.url);
  if (version === undefined) return "npm install ssh2";
  return {
    name: "ssh2",
    version,
    user: "bench",
    // Small files would wait for Nagle's algorithm and for nothing else.
    files: { environment: { BENCH_SSH2_NODELAY: "1" } },
    command: (port, workspace) => [process.execPath, join(servers, "ssh2.ts"), ...serverArguments(port, workspace)],
  };
}

/** node:readline on ssh2, with TCP_NODELAY: what an app on ssh2 has for a line editor. */
function ssh2Readline(): Peer | string {
  const peer = ssh2();
  if (typeof peer === "string") return peer;
  const environment = { BENCH_EDITOR: "1", BENCH_SSH2_NODELAY: "1" };
  const { files: _, ...rest } = peer;
  return { ...rest, name: "ssh2-readline", editor: { environment, alone: "readline", only: true } };
}

/** ssh2 at its best: the native addon built, Nagle's algorithm switched off behind its back. */
function ssh2Native(folder: string | undefined): Peer | string {
  if (folder === undefined) return "needs --ssh2 FOLDER";
  const version = packageVersion(join(folder, "package.json"));
  if (version === undefined) return `no ssh2 in ${folder}`;
  const addon = "ssh2/lib/protocol/crypto/build/Release/sshcrypto.node";
  const load = spawnSync(process.execPath, ["-e", `require(${JSON.stringify(join(folder, "node_modules", addon))})`]);
  if (load.status !== 0) return `its native addon does not load on Node ${process.versions.node}`;
  return {
    name: "ssh2+",
    version: `${version}, native addon, TCP_NODELAY`,
    user: "bench",
    files: { environment: {} },
    environment: { BENCH_SSH2: folder, BENCH_SSH2_NODELAY: "1" },
    command: (port, workspace) => [process.execPath, join(servers, "ssh2.ts"), ...serverArguments(port, workspace)],
  };
}

function packageVersion(from: string): string | undefined {
  try {
    return (createRequire(from)("ssh2/package.json") as { version: string }).version;
  } catch {
    // Not installed there.
    return undefined;
  }
}

function pythonPeer(library: "asyncssh" | "paramiko"): Peer | string {
  const asked = spawnSync(python, ["-W", "ignore", "-c", `import ${library}; print(${library}.__version__)`], {
    encoding: "utf8",
  });
  if (asked.status !== 0) return `apt-get install python3-${library}`;
  const threads = { shells: 1000, reason: "two threads a shell" };
  return {
    name: library,
    version: asked.stdout.trim(),
    user: "bench",
    ...(library === "paramiko" ? { idleLimit: threads } : { files: { environment: {} } }),
    command: (port, workspace) => [
      python,
      "-B",
      "-Wignore",
      join(servers, `${library}_server.py`),
      ...serverArguments(port, workspace),
    ],
  };
}

function gliderlabs(workspace: Workspace): Peer | string {
  const program = join(workspace.folder, "gliderlabs");
  const complaint = buildGo(join(servers, "gliderlabs"), program);
  if (complaint !== undefined) return `apt-get install golang-go golang-github-gliderlabs-ssh-dev (${complaint})`;
  const go = spawnSync("go", ["version"], { encoding: "utf8" }).stdout.split(" ")[2] ?? "go";
  return {
    name: "gliderlabs",
    version: [
      debianVersion("golang-github-gliderlabs-ssh-dev"),
      `x/crypto ${debianVersion("golang-golang-x-crypto-dev")}`,
      go,
    ].join(", "),
    user: "bench",
    command: (port, workspace) => [program, ...serverArguments(port, workspace)],
  };
}

function debianVersion(name: string): string {
  const asked = spawnSync("dpkg-query", ["--show", "--showformat=${Version}", name], { encoding: "utf8" });
  return asked.stdout?.trim() || "?";
}

function sshd(): Peer | string {
  const program = "/usr/sbin/sshd";
  if (!existsSync(program)) return "apt-get install openssh-server";
  const user = userInfo();
  if (user.uid === 0) mkdirSync("/run/sshd", { recursive: true });
  return {
    name: "sshd",
    version: spawnSync("ssh", ["-V"], { encoding: "utf8" }).stderr.split(",")[0] ?? "",
    user: user.username,
    files: { environment: {} },
    idleLimit: { shells: 1000, reason: "two processes and a PTY a shell, kernel.pty.max is 4096" },
    command: (port, workspace) => [program, "-D", "-e", "-f", writeSshdConfig(port, workspace)],
  };
}

function writeSshdConfig(port: number, workspace: Workspace): string {
  const file = join(workspace.folder, "sshd_config");
  const command = join(servers, "sshd-command.sh");
  chmodSync(command, 0o755);
  writeFileSync(
    file,
    `ListenAddress 127.0.0.1:${port}
HostKey ${workspace.hostKey}
AuthorizedKeysFile ${workspace.userPublicKey}
ForceCommand ${command}
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
UseDNS no
PrintMotd no
PrintLastLog no
PidFile none
LogLevel ERROR
Subsystem sftp /usr/lib/openssh/sftp-server
MaxStartups 10000
PerSourceMaxStartups none
`,
  );
  return file;
}

function serverArguments(port: number, workspace: Workspace): string[] {
  return [String(port), workspace.hostKey, workspace.userPublicKey, workspace.files ?? ""];
}
