/**
 * A PostgreSQL of the machine, started for one file of tests: its data are in a temporary folder, and it listens on a Unix
 * socket there. It is gone with the process, however that ends.
 */
import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";

/** The one who may do everything in it. */
const OWNER = "owner";
/** A user who is let in by a password alone. */
export const LOCKED = { user: "locked", password: "p%ss/w@rd" } as const;

const HBA = `local all ${LOCKED.user} scram-sha-256
local all all trust
hostssl all all 127.0.0.1/32 trust
`;

/**
 * Ends the server when the pipe is closed, or a line comes over it, and clears up behind it, unless the line says `keep`:
 * so nothing stays when the process of the tests is killed.
 */
const KEEPER = `folder=$1; shift; "$@" & read -r word; kill -QUIT $!; wait $!; [ "$word" = keep ] || rm -rf "$folder"`;

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "",
  // On a Unix socket it is a part of the name.
  port: "5432",
  // The machine does not crash here; processes do.
  fsync: "off",
  shared_buffers: "16MB",
  max_connections: "50",
  deadlock_timeout: "20ms",
};

export class Cluster {
  /** Where its socket is. */
  readonly folder: string;
  readonly #program: string;
  readonly #user: { readonly uid: number; readonly gid: number } | undefined;
  #settings: Readonly<Record<string, string>> = SETTINGS;
  #keeper: ChildProcess | undefined;
  #count = 0;

  private constructor(program: string, folder: string, user: { uid: number; gid: number } | undefined) {
    this.#program = program;
    this.folder = folder;
    this.#user = user;
  }

  /** @param program `postgres`, with `initdb` beside it. */
  static async start(program: string): Promise<Cluster> {
    // The path of a socket has 107 bytes at most, so that TMPDIR will not do.
    const folder = mkdtempSync("/tmp/sallyport-pg-");
    // It does not run as root.
    const user = userInfo().uid === 0 ? await unprivileged() : undefined;
    if (user !== undefined) chownSync(folder, user.uid, user.gid);
    const data = join(folder, "data");
    const options = ["-D", data, "-U", OWNER, "-E", "UTF8", "--no-sync", "--no-instructions"];
    // Sorts as people do, not as computers do: what depends on it shows.
    const language = ["--locale=C", "--locale-provider=icu", "--icu-locale=en"];
    await promisify(execFile)(join(dirname(program), "initdb"), [...options, ...language], { ...user, cwd: folder });
    writeFileSync(join(data, "pg_hba.conf"), HBA);
    const cluster = new Cluster(program, folder, user);
    await cluster.start();
    await cluster.query("postgres", `create role ${LOCKED.user} login password '${LOCKED.password}'`);
    return cluster;
  }

  /** Starts it again. */
  async start(): Promise<void> {
    const settings = Object.entries(this.#settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const args = ["-D", join(this.folder, "data"), "-k", this.folder, ...settings];
    const keeper = spawn("sh", ["-c", KEEPER, "sh", this.folder, this.#program, ...args], {
      ...this.#user,
      cwd: this.folder,
      stdio: ["pipe", "ignore", "pipe"],
    });
    this.#keeper = keeper;
    let log = "";
    keeper.stderr.on("data", (bytes: Buffer) => (log += bytes.toString()));
    for (const end = Date.now() + 30_000; ; await delay(20)) {
      try {
        await this.query("postgres", "select 1");
        // Nothing of this process waits for it.
        keeper.unref();
        (keeper.stdin as unknown as { unref(): void }).unref();
        (keeper.stderr as unknown as { unref(): void }).unref();
        return;
      } catch (error) {
        if (Date.now() > end) throw new Error(`PostgreSQL does not start:\n${log}`, { cause: error });
      }
    }
  }

  /** Ends it at once, as `pg_ctl stop -m immediate` does: connections break, and nothing is put in order. */
  async kill(): Promise<void> {
    await this.#end((keeper) => keeper.stdin?.write("keep\n"));
  }

  /** Ends it and removes all that it had. */
  async remove(): Promise<void> {
    await this.#end((keeper) => keeper.stdin?.end());
  }

  /**
   * Starts it again, and lets it listen on a port of this machine with TLS, too.
   *
   * @returns the host with its port, and the file of the certificate, which vouches for itself.
   */
  async listen(): Promise<{ readonly host: string; readonly certificate: string }> {
    const [key, certificate] = [join(this.folder, "key.pem"), join(this.folder, "certificate.pem")];
    const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    const names = ["-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1"];
    const files = ["-keyout", key, "-out", certificate];
    await promisify(execFile)("openssl", ["req", ...kind, ...names, ...files], { ...this.#user, cwd: this.folder });
    const port = String(await freePort());
    await this.kill();
    const tls = { ssl: "on", ssl_key_file: key, ssl_cert_file: certificate };
    this.#settings = { ...SETTINGS, listen_addresses: "127.0.0.1", port, ...tls };
    await this.start();
    return { host: `127.0.0.1:${port}`, certificate };
  }

  /** A new database, as the URL of its owner. */
  async database(): Promise<string> {
    const name = `test${this.#count++}`;
    await this.query("postgres", `create database ${name}`);
    return this.url(name);
  }

  /** The URL of a database, for a user. */
  url(database: string, user: string = OWNER, folder: string = this.folder): string {
    return `postgres://${user}@/${database}?host=${folder}&port=${this.#settings["port"]}`;
  }

  /** Runs SQL as the owner, in the database of that name or URL. */
  async query(database: string, text: string): Promise<readonly Record<string, unknown>[]> {
    const connectionString = database.startsWith("postgres://") ? database : this.url(database);
    const client = new Client({ connectionString });
    // A connection that breaks rejects what waits for it; nobody else asks.
    client.on("error", () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<Record<string, unknown>>(text);
      return rows;
    } finally {
      await client.end();
    }
  }

  async #end(tell: (keeper: ChildProcess) => void): Promise<void> {
    const keeper = this.#keeper;
    if (keeper === undefined) return;
    this.#keeper = undefined;
    keeper.ref();
    const exited = once(keeper, "exit");
    tell(keeper);
    await exited;
  }
}

/** Debian's user for it, or the user that owns nothing. */
async function unprivileged(): Promise<{ uid: number; gid: number }> {
  const name = await number("-u", "postgres").then(
    () => "postgres",
    () => "nobody",
  );
  return { uid: await number("-u", name), gid: await number("-g", name) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function number(flag: string, name: string): Promise<number> {
  return Number((await promisify(execFile)("id", [flag, name])).stdout);
}
