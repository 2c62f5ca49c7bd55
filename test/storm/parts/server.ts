/** The server that the storm goes over, and what it looks like from inside. */
import { setImmediate as soon } from "node:timers/promises";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { hashPassword, passwords, publicKeys } from "../../../src/auth/index.ts";
import { generatePrivateKey } from "../../../src/crypto/index.ts";
import { Server } from "../../../src/index.ts";
import type { LogEntry, ServerOptions } from "../../../src/index.ts";
import { carryOut } from "../part.ts";

/** What is kept of a server, in bytes. */
export interface Memory {
  /** What its objects hold, in V8's heap and outside of it. */
  readonly held: number;
  /** What the system has given it. */
  readonly resident: number;
}

/** The most that there was at once, and how often things happened, since {@link orders.watch}. */
export interface Sight {
  connections: number;
  startups: number;
  /** Connections without a login, from the source that had most. */
  ofOneSource: number;
  /** Bytes that the system had given the process. */
  resident: number;
  arrived: number;
  refused: number;
  /** Passwords whose hash was computed, and those that found the queue full. */
  verified: number;
  turnedAway: number;
  /** Sources that have to wait, and connections that were taken from one while it had to. */
  penalised: number;
  tooEarly: number;
  /** How late the event loop was, in milliseconds. */
  lateP99: number;
  lateMost: number;
  /** Processors that it kept busy, those that hash passwords among them. */
  cpus: number;
}

const delays = monitorEventLoopDelay({ resolution: 5 });
const isIn = new Map<string, { readonly peer: string; hasLogin: boolean }>();
const bySource = new Map<string, number>();
const waiting = new Map<string, number>();
let startups = 0;
let sight = nothing();
let since = { cpu: process.cpuUsage(), at: performance.now() };

function nothing(): Sight {
  const counts = { arrived: 0, refused: 0, verified: 0, turnedAway: 0, penalised: 0, tooEarly: 0 };
  return { connections: 0, startups: 0, ofOneSource: 0, resident: 0, ...counts, lateP99: 0, lateMost: 0, cpus: 0 };
}

/** One startup more, or less, of a source. */
function count(peer: string, by: 1 | -1): void {
  startups += by;
  const ofSource = (bySource.get(peer) ?? 0) + by;
  if (ofSource === 0) bySource.delete(peer);
  else bySource.set(peer, ofSource);
  sight.startups = Math.max(sight.startups, startups);
  sight.ofOneSource = Math.max(sight.ofOneSource, ofSource);
  sight.connections = Math.max(sight.connections, isIn.size);
}

function log(entry: LogEntry): void {
  const { connection = "", peer = "" } = entry;
  switch (entry.event) {
    case "arrived":
      sight.arrived++;
      if ((waiting.get(peer) ?? 0) > performance.now()) sight.tooEarly++;
      isIn.set(connection, { peer, hasLogin: false });
      return count(peer, 1);
    case "login":
      isIn.get(connection)!.hasLogin = true;
      return count(peer, -1);
    case "left": {
      const { hasLogin } = isIn.get(connection)!;
      isIn.delete(connection);
      if (!hasLogin) count(peer, -1);
      return undefined;
    }
    case "connection refused":
      sight.refused += entry.detail.refusals;
      return undefined;
    case "attempt":
      if (/wait to be verified/.test(entry.detail.why ?? "")) sight.turnedAway++;
      return undefined;
    case "penalty":
      if (!entry.detail.enforced) return undefined;
      sight.penalised++;
      // A little less, for the time until this line.
      waiting.set(entry.detail.source, performance.now() + entry.detail.total * 1000 - 100);
      return undefined;
    default:
      if (entry.level === "error") console.error(entry);
      return undefined;
  }
}

const orders = {
  /** Starts the server; gives its port. */
  async begin({ password, options }: { readonly password: string; readonly options: ServerOptions }): Promise<number> {
    const hash = await hashPassword(password);
    const server = new Server({
      port: 0,
      hostKeys: generatePrivateKey("ed25519"),
      auth: [
        publicKeys((username) => username === "resident"),
        // Asked right before each hash.
        passwords((username) => {
          sight.verified++;
          return username === "resident" ? hash : undefined;
        }),
      ],
      log,
      ...options,
    });
    server.onUser("command", (client, command) => client.sendln(`yes, ${command}`));
    setInterval(() => {
      sight.resident = Math.max(sight.resident, process.memoryUsage.rss());
    }, 50);
    return (await server.run()).port;
  },

  /** From now on the most is looked for anew. */
  watch(): void {
    sight = { ...nothing(), connections: isIn.size, startups };
    since = { cpu: process.cpuUsage(), at: performance.now() };
    delays.reset();
    delays.enable();
  },

  sight(): Sight {
    const { user, system } = process.cpuUsage(since.cpu);
    const cpus = (user + system) / 1000 / (performance.now() - since.at);
    return { ...sight, lateP99: delays.percentile(99) / 1e6, lateMost: delays.max / 1e6, cpus };
  },

  /** How many connections there are now. */
  connections: (): number => isIn.size,

  /** What is held when all that can be freed has been. */
  async memory(): Promise<Memory> {
    // What is weakly held, or waits for a callback, takes more than one turn.
    for (let turn = 0; turn < 5; turn++) {
      globalThis.gc!();
      await soon();
    }
    const { heapUsed, external, rss } = process.memoryUsage();
    return { held: heapUsed + external, resident: rss };
  },
};

export type StormServer = typeof orders;
carryOut(orders);
