import type { TestContext } from "node:test";
import { Server } from "../../../src/index.ts";
import type { Authenticator, LogEntry, ServerOptions } from "../../../src/index.ts";
import { run, userKeyFile } from "../harness/index.ts";
import type { Finished, KeyKind } from "../harness/index.ts";
import { config, sshArguments } from "./client.ts";

/** How `ssh` knocks. What is not said is alice with her Ed25519 key. */
export interface Knock {
  readonly user?: string;
  readonly key?: KeyKind | null;
  /** The file of the certificate over that key. */
  readonly certificate?: string;
  /** `-o` options, and others in front of them. */
  readonly options?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
}

/** What came of it. */
export interface Entry extends Finished {
  readonly isIn: boolean;
  /** Why the server refused what was tried, in its log's words, in order. */
  readonly whys: readonly (string | undefined)[];
  /** The names of the restrictions that the login has. */
  readonly restrictions: string | undefined;
}

/** A server with authenticators, and an `ssh` to knock at it. */
export interface Gate {
  readonly server: Server;
  readonly port: number;
  readonly log: readonly LogEntry[];
  knock(knock?: Knock): Promise<Entry>;
}

/** Starts a server that judges logins by these alone. `ssh host COMMAND` prints what is run and what was asked for. */
export async function startGate(
  t: TestContext,
  ssh: string,
  auth: readonly Authenticator[],
  more: Omit<ServerOptions, "log" | "auth"> = {},
): Promise<Gate> {
  const log: LogEntry[] = [];
  const server = new Server({
    port: 0,
    hostKeys: userKeyFile("ecdsa-256"),
    auth,
    log: (entry) => void log.push(entry),
    limits: { maxAuthTries: 20 },
    ...more,
  });
  server.onUser("exec", (client, command) =>
    client.sendln(`${command} for ${client.env["SSH_ORIGINAL_COMMAND"] ?? "itself"}`),
  );
  const { port } = await server.run();
  t.after(() => server.close());

  async function knock({ key = "ed25519", command = ["hello"], ...other }: Knock = {}): Promise<Entry> {
    const from = log.length;
    const options = config({
      PreferredAuthentications: "publickey",
      ...(other.certificate !== undefined && { CertificateFile: other.certificate }),
      ...other.options,
    });
    const known = server.hostKeys.map(String);
    const login = sshArguments({ port }, { user: other.user ?? "alice", key, known });
    const finished = await run(ssh, [...(other.flags ?? []), ...options, ...login, ...command], {
      ...(other.env && { env: other.env }),
    });
    const entries = log.slice(from);
    const logins = entries.flatMap((entry) => (entry.event === "login" ? [entry.detail] : []));
    return {
      ...finished,
      isIn: logins.length > 0,
      whys: entries.flatMap((entry) =>
        // Newer clients say publickey-hostbound-v00@openssh.com.
        entry.event === "attempt" && entry.detail.verdict === "refuse" && entry.detail.method.startsWith("publickey")
          ? [entry.detail.why]
          : [],
      ),
      restrictions: logins[0]?.restrictions,
    };
  }
  return { server, port, log, knock };
}
