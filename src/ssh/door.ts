import { createServer } from "node:net";
import type { Server as NetServer, Socket } from "node:net";
import type { PublicKey } from "../crypto/index.ts";
import { bufferPool, offerOf } from "../protocol/index.ts";
import type { ProtocolLimits, ProtocolOptions } from "../protocol/index.ts";
import { ConfigError } from "../server/index.ts";
import type {
  Address,
  AlgorithmOptions,
  Connection,
  Door,
  Limits,
  Log,
  Reception,
  SocketInfo,
} from "../server/index.ts";
import { SshConnection } from "./connection.ts";
import { validity } from "./host-certificates.ts";
import { loadHostIdentity } from "./host-keys.ts";
import type { HostIdentity, HostKeySources } from "./host-keys.ts";
import { randomPool } from "./random-pool.ts";

/** What the SSH door needs to open; the options of the server have all of it. */
export interface SshDoorOptions extends HostKeySources {
  readonly host: string;
  /** 0 lets the system choose; {@link SshDoor.address} tells which. */
  readonly port: number;
  /** The software version in the identification line. */
  readonly ident: string;
  readonly limits: Limits;
  readonly log: Log;
  readonly algorithms: AlgorithmOptions | undefined;
}

/** How often the clocks of all connections are looked at, in milliseconds: one timer a door, none a connection. */
const SWEEP_INTERVAL = 250;

/** The SSH door: a TCP socket that listens, and a connection for each that comes. */
export class SshDoor implements Door {
  readonly name = "ssh";
  readonly #options: SshDoorOptions;
  readonly #connections = new Set<SshConnection>();
  #server: NetServer | undefined;
  #hostKeys: readonly PublicKey[] = [];
  /** What new connections get. */
  #protocol: ProtocolOptions | undefined;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: SshDoorOptions) {
    this.#options = options;
  }

  get address(): Address | undefined {
    const address = this.#server?.address();
    return typeof address === "object" && address ? { host: address.address, port: address.port } : undefined;
  }

  /** The public keys of the host, once the door is open. */
  get hostKeys(): readonly PublicKey[] {
    return this.#hostKeys;
  }

  async open(reception: Reception): Promise<void> {
    const { host, port, ident, limits, log } = this.#options;
    const identity = await this.#loadIdentity();
    const protocol = {
      ...this.#identify(identity),
      identification: `SSH-2.0-${ident}`,
      // RFC 4252 §5.2: "none" may be tried, but is never listed.
      authMethods: reception.authMethods.filter((method) => method !== "none"),
      limits: protocolLimits(limits),
      random: randomPool(),
      buffers: bufferPool(),
    };
    this.#protocol = protocol;
    // Half-open is allowed so that what is still to be sent leaves before the socket closes.
    const server = createServer({ noDelay: true, allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
      void this.#arrived(socket, reception, this.#protocol ?? protocol);
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
      server.listen(port, host, () => resolve());
    });
    log({ level: "info", event: "listening", detail: { ...this.address, ...describe(identity) } });
    // Accepting can fail for a moment (too many open files); the connections that are in must not suffer.
    server.on("error", () => {});
    this.#sweep = setInterval(() => this.#tick(), SWEEP_INTERVAL).unref();
  }

  /**
   * Reads the host keys and certificates again, for the connections that come from now on.
   *
   * @throws {ConfigError} as {@link open}; those of before stay in use then.
   */
  async reloadHostKeys(): Promise<void> {
    const identity = await this.#loadIdentity();
    if (this.#protocol === undefined) return;
    this.#protocol = { ...this.#protocol, ...this.#identify(identity) };
    this.#options.log({ level: "info", event: "host keys reloaded", detail: describe(identity) });
  }

  close(): Promise<void> {
    // Node's callback would wait for the connections that are in; the server ends those in its own time.
    this.#server?.close();
    this.#server = undefined;
    this.#stopSweepWhenEmpty();
    return Promise.resolve();
  }

  #loadIdentity(): Promise<HostIdentity> {
    return loadHostIdentity(this.#options, this.#options.log, Date.now() / 1000);
  }

  #identify({ keys, certified }: HostIdentity): Pick<ProtocolOptions, "offer" | "hostKeys"> {
    const identified = { offer: offer([...certified, ...keys], this.#options.algorithms), hostKeys: keys };
    this.#hostKeys = keys.map((key) => key.publicKey);
    return identified;
  }

  async #arrived(socket: Socket, reception: Reception, protocol: ProtocolOptions): Promise<void> {
    // A reset at any moment is a normal end; `close` follows and tells it.
    socket.on("error", () => {});
    const arrival: { ssh?: SshConnection } = {};
    const control = { disconnect: (text: string) => (arrival.ssh ? arrival.ssh.disconnect(text) : socket.destroy()) };
    let connection: Connection | undefined;
    try {
      connection = await reception.arrive(socketInfo(socket), control, this);
    } catch {
      // The server has logged it; a connection that nobody judged does not come in.
    }
    if (!connection) {
      socket.destroy();
      return;
    }
    if (socket.destroyed) {
      reception.left(connection, "lost", "closed before a byte was exchanged");
      return;
    }
    arrival.ssh = new SshConnection(socket, connection, reception, protocol, performance.now(), (ended) => {
      this.#connections.delete(ended);
      this.#stopSweepWhenEmpty();
    });
    this.#connections.add(arrival.ssh);
    socket.resume();
  }

  #stopSweepWhenEmpty(): void {
    if (!this.#server && this.#connections.size === 0) clearInterval(this.#sweep);
  }

  #tick(): void {
    // A clock that never goes back, whatever happens to the date.
    const now = performance.now();
    for (const connection of this.#connections) connection.tick(now);
  }
}

function describe({ keys, certified }: HostIdentity): { readonly keys: string; readonly certificates?: string } {
  const certificates = certified.map(({ publicKey }) => `${publicKey.describe()} ${validity(publicKey.certificate!)}`);
  return {
    keys: keys.map(({ publicKey }) => publicKey.describe()).join(", "),
    ...(certificates.length > 0 && { certificates: certificates.join(", ") }),
  };
}

function offer(hostKeys: HostIdentity["keys"], algorithms: AlgorithmOptions | undefined): ProtocolOptions["offer"] {
  try {
    return offerOf(hostKeys, algorithms);
  } catch (error) {
    throw new ConfigError(
      "BAD_OPTION",
      `The option algorithms: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

/** The server's limits in the engine's milliseconds. */
function protocolLimits(limits: Limits): ProtocolLimits {
  return {
    ...limits,
    loginGraceTime: limits.loginGraceTime * 1000,
    identificationTime: limits.identificationTime * 1000,
    handshakeTime: limits.handshakeTime * 1000,
    rekeyTime: limits.rekeyTime * 1000,
    unusedConnectionTime: limits.unusedConnectionTime * 1000,
    clientAliveInterval: limits.clientAliveInterval * 1000,
    rekeyLimit: { bytes: limits.rekeyLimit.bytes, milliseconds: limits.rekeyLimit.seconds * 1000 || Infinity },
  };
}

function socketInfo(socket: Socket): SocketInfo {
  return {
    remoteAddress: socket.remoteAddress ?? "",
    remotePort: socket.remotePort ?? 0,
    localAddress: socket.localAddress ?? "",
    localPort: socket.localPort ?? 0,
  };
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): ConfigError {
  const remedies: Record<string, string> = {
    EADDRINUSE: "another program listens there: stop it or choose another port",
    EACCES: "ports below 1024 need a privilege: choose a higher one",
    EADDRNOTAVAIL: "this machine has no such address: choose another host",
    ENOTFOUND: "the name does not resolve: choose another host",
  };
  const remedy = remedies[error.code ?? ""] ?? error.message;
  return new ConfigError("CANNOT_LISTEN", `cannot listen on ${host} port ${port} (${error.code}): ${remedy}.`);
}
