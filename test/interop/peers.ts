/**
 * The programs that tests talk to, and what happens when one is not installed.
 *
 *     test("an OpenSSH client runs a command", async (t) => {
 *       const ssh = requirePeer(t, "ssh");
 *       if (ssh === undefined) return;
 *       t.diagnostic(versionOf("ssh"));
 *       …
 *
 * A missing peer skips the test and is named in the report. With SALLYPORT_REQUIRE_PEERS=1, as in CI, it fails the test.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, globSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { stripVTControlCharacters } from "node:util";

/** How a peer is found and asked for its version. */
interface Peer {
  /** The program on the path; for a Python module, the interpreter that has it. */
  readonly find: () => string | undefined;
  /** The command that prints its version, on either stream, when it is at `path`. */
  readonly version: (path: string) => readonly [command: string, ...args: string[]];
  /** The command that installs it. */
  readonly install: string;
}

/** Where fetch-newer.sh puts the `ssh` of Debian's backports. */
const UNPACKED_SSH = new URL("../../.cache/openssh/usr/bin/ssh", import.meta.url).pathname;

const PEERS = {
  ssh: program("ssh", "openssh-client", "-V"),
  sftp: program("sftp", "openssh-client", "-V", "ssh"),
  scp: program("scp", "openssh-client", "-V", "ssh"),
  "ssh-keygen": program("ssh-keygen", "openssh-client", "-V", "ssh"),
  "ssh-keyscan": program("ssh-keyscan", "openssh-client", "-V", "ssh"),
  "ssh-agent": program("ssh-agent", "openssh-client", "-V", "ssh"),
  "ssh-add": program("ssh-add", "openssh-client", "-V", "ssh"),
  sshd: program("sshd", "openssh-server", "-V"),
  dbclient: program("dbclient", "dropbear-bin", "-V"),
  dropbearkey: program("dropbearkey", "dropbear-bin", "-V", "dbclient"),
  dropbearconvert: program("dropbearconvert", "dropbear-bin", "-V", "dbclient"),
  plink: program("plink", "putty-tools", "-V"),
  psftp: program("psftp", "putty-tools", "-V"),
  pscp: program("pscp", "putty-tools", "-V"),
  puttygen: program("puttygen", "putty-tools", "--version"),
  paramiko: pythonModule("paramiko", "python3-paramiko"),
  asyncssh: pythonModule("asyncssh", "python3-asyncssh"),
  libssh: sharedLibrary("libssh", "libssh-4"),
  libssh2: sharedLibrary("libssh2", "libssh2-1"),
  "ssh-audit": program("ssh-audit", "ssh-audit", "--help"),
  curl: program("curl", "curl", "--version"),
  lftp: program("lftp", "lftp", "--version"),
  rclone: program("rclone", "rclone", "version"),
  git: program("git", "git", "--version"),
  sshfs: program("sshfs", "sshfs", "--version"),
  "ssh2-sftp-client": npmPackage("ssh2-sftp-client"),
  rsync: program("rsync", "rsync", "--version"),
  /** Holds rsync to a directory. */
  bwrap: program("bwrap", "bubblewrap", "--version"),
  /** A terminal in a terminal, which can be read without anybody who looks at it. */
  tmux: program("tmux", "tmux", "-V"),
  /** An `ssh` that has ML-KEM. */
  "ssh-mlkem": {
    find: () =>
      [onPath("ssh"), UNPACKED_SSH].find((path) => path !== undefined && isExecutable(path) && hasMlkem(path)),
    version: (path) => [path, "-V"],
    install: "test/interop/openssh/fetch-newer.sh",
  },
  /** Debian keeps it off the path, as it keeps several versions. */
  postgres: {
    find: () =>
      [onPath("postgres"), ...globSync("/usr/lib/postgresql/*/bin/postgres").toSorted().toReversed()].find(
        (path) => path !== undefined && isExecutable(path),
      ),
    version: (path) => [path, "--version"],
    ...debianPackage("postgresql"),
  },
  /** Runs programs on a terminal, in a harness of its own. */
  python3: program("python3", "python3", "--version"),
  ssh2: npmPackage("ssh2"),
  russh: npmPackage("russh"),
} satisfies Record<string, Peer>;

/** The name of a program that interop tests can ask for. */
export type PeerName = keyof typeof PEERS;

/** Every {@link PeerName}. */
export const peerNames: readonly PeerName[] = Object.keys(PEERS).filter((name): name is PeerName => name in PEERS);

const found = new Map<PeerName, string | undefined>();

/** Where the peer is: the path of the program, or of the Python that has the module; undefined when it is not installed. */
export function peer(name: PeerName): string | undefined {
  // To look for a Python module is to start Python: once is enough.
  if (!found.has(name)) found.set(name, PEERS[name].find());
  return found.get(name);
}

/**
 * Like {@link peer}, and when it is not installed: marks the test as skipped, by name, and returns undefined.
 *
 * @throws Error instead of the skip when SALLYPORT_REQUIRE_PEERS is 1.
 */
export function requirePeer(t: TestContext, name: PeerName): string | undefined {
  const path = peer(name);
  if (path !== undefined) return path;
  const message = `${name} is not installed (${PEERS[name].install})`;
  if (process.env["SALLYPORT_REQUIRE_PEERS"] === "1") throw new Error(message);
  t.skip(message);
  return undefined;
}

/** The first line that the peer prints of itself, e.g. `OpenSSH_9.2p1 …`; "not installed" when it is not. */
export function versionOf(name: PeerName): string {
  const path = peer(name);
  if (path === undefined) return "not installed";
  const [command, ...args] = PEERS[name].version(path);
  const { stdout, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: 10_000 });
  const lines = stripVTControlCharacters(`${stdout}${stderr}`).split("\n");
  const line = lines.find((text) => text.trim() !== "");
  return line?.trim() ?? "unknown";
}

/** `asked` is the program beside it that knows the version, where it does not know itself. */
function program(name: string, debian: string, flag: string, asked: string = name): Peer {
  return { find: () => onPath(name), version: (path) => [join(dirname(path), asked), flag], ...debianPackage(debian) };
}

function pythonModule(module: string, debian: string): Peer {
  return {
    // Debian's modules belong to Debian's Python; another python3 may stand before it on the path.
    find: () =>
      ["/usr/bin/python3", onPath("python3")].find((python) => python !== undefined && hasModule(python, module)),
    version: (python) => [python, "-c", `import ${module}; print("${module}", ${module}.__version__)`],
    ...debianPackage(debian),
  };
}

/** A library in C, called from Python by python/NAME_peer.py. */
function sharedLibrary(name: string, debian: string): Peer {
  const script = new URL(`python/${name}_peer.py`, import.meta.url).pathname;
  return {
    find: () => {
      const python = PEERS.python3.find();
      return python !== undefined && spawnSync(python, [script, "version"]).status === 0 ? python : undefined;
    },
    version: (python) => [python, script, "version"],
    ...debianPackage(debian),
  };
}

/** A package of npm that a test imports. */
function npmPackage(name: string): Peer {
  const folder = new URL(`../../node_modules/${name}/`, import.meta.url).pathname;
  const print = `const { name, version } = require("${folder}package.json"); console.log(name, version)`;
  return {
    find: () => (existsSync(folder) ? folder : undefined),
    version: () => [process.execPath, "-e", print],
    install: "npm install",
  };
}

function debianPackage(name: string): Pick<Peer, "install"> {
  return { install: `Debian: apt-get install ${name}` };
}

function hasMlkem(ssh: string): boolean {
  return spawnSync(ssh, ["-Q", "kex"], { encoding: "utf8" }).stdout.includes("mlkem768x25519-sha256");
}

function hasModule(python: string, module: string): boolean {
  return spawnSync(python, ["-c", `import ${module}`], { stdio: "ignore" }).status === 0;
}

/** Daemons live in sbin, which is on root's path alone. */
function onPath(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not for us: the next folder may have it
  }
}
