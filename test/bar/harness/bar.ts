import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { generatePrivateKey } from "../../../src/crypto/index.ts";
import { Server } from "../../../src/index.ts";
import type { AuthData, EventMap, LimitOptions, LogEntry, ServerOptions } from "../../../src/index.ts";
import { clientKey } from "../../client/index.ts";
import type { ClientKey, ClientOptions } from "../../client/index.ts";
import { until } from "../../interop/harness/until.ts";
import { install } from "../../target/programs.ts";
import { channelData } from "./payloads.ts";
import { Peer } from "./peer.ts";

/** Lets every user in but `nobody`, also as the answer to the one question of keyboard-interactive. */
export const PASSWORD = "right";
/** Lets every user in but `nobody`. */
export const USER_KEY: ClientKey = clientKey("ssh-ed25519");

const HOST_KEY = generatePrivateKey("ed25519");

/** A test is one source, and may open many connections at once. */
const ROOMY: LimitOptions = { maxStartups: { start: 200, full: 400 }, perSourceMaxStartups: 400 };

/** What a test may want to be otherwise in the server. */
export type BarOptions = Omit<ServerOptions, "host" | "port" | "log"> & {
  /** Replaces the handler that knows {@link PASSWORD} and {@link USER_KEY}. */
  readonly judge?: EventMap["auth"];
  /** Gives the server what it runs, in place of the target's programs; the sentinel needs a `cat`. */
  readonly app?: (server: Server) => void;
  /** How a good user logs in, where not as ada by password. The peer has been through the handshake. */
  readonly logIn?: (peer: Peer) => ReturnType<Peer["verdict"]>;
};

/** How far a peer has come when a test takes it over. */
export type Stage = "connected" | "keys exchanged" | "handshake done" | "logged in";

/**
 * A server on a free port, until the test ends, and a sentinel: a session that was there before, and that has to answer
 * after each {@link closes} and when the test ends.
 *
 * It runs the programs of the target (`cat`, `down`, `up`, `exit`, `fail`, …) by exec, and echoes lines in a shell.
 */
export class Bar {
  readonly server: Server;
  readonly log: LogEntry[] = [];
  /** What reached the app, in order: `login ada by password`, `exec cat`, `command hello`, `env A=B`, `signal INT`. */
  readonly seen: string[] = [];
  readonly #logIn: (peer: Peer) => ReturnType<Peer["verdict"]>;
  readonly #peers: Peer[] = [];
  #port = 0;
  #sentinel: Peer | undefined;
  #asked = 0;

  private constructor({ judge = isKnown, logIn = byPassword, app = install, limits, ...options }: BarOptions) {
    this.#logIn = logIn;
    this.server = new Server({
      port: 0,
      hostKeys: HOST_KEY,
      useExternalAuth: true,
      log: (entry) => void this.log.push(entry),
      limits: { ...ROOMY, ...limits },
      ...options,
    });
    this.server.onUser("auth", judge);
    this.server.onUser("authinteractive", async ({ username }, prompt) => {
      const answer = await prompt("Password: ");
      return answer === PASSWORD && username !== "nobody";
    });
    this.#watch();
    app(this.server);
  }

  static async open(t: TestContext, options: BarOptions = {}): Promise<Bar> {
    const bar = new Bar(options);
    t.after(() => bar.#close());
    bar.#port = (await bar.server.run()).port;
    const sentinel = await bar.peer("logged in");
    await sentinel.exec("cat");
    bar.#sentinel = sentinel;
    bar.seen.length = 0;
    return bar;
  }

  /** The server's port on 127.0.0.1. */
  get port(): number {
    return this.#port;
  }

  /** A new peer that has come so far. */
  async peer(stage: Stage = "connected", options: ClientOptions = {}): Promise<Peer> {
    const peer = await Peer.connect(this.#port, options);
    this.#peers.push(peer);
    if (stage === "keys exchanged") await peer.exchangeKeys();
    if (stage === "handshake done" || stage === "logged in") await peer.handshake();
    if (stage === "logged in") assert.equal(await this.#logIn(peer), "success");
    return peer;
  }

  /**
   * What the bar means by "close": after `act` a new peer gets a DISCONNECT or the end of the connection, and nobody else
   * suffers. Gives the peer, and the reason of the DISCONNECT, if one came.
   */
  async closes(
    stage: Stage,
    act: (peer: Peer) => unknown,
    options: ClientOptions = {},
  ): Promise<{ readonly peer: Peer; readonly reason: number | undefined }> {
    const peer = await this.peer(stage, options);
    await act(peer);
    const reason = await peer.flush().closed();
    await this.othersAreWell();
    this.#assertNoDeadline(peer);
    return { peer, reason };
  }

  /** The sentinel's command answers, and so does its connection. */
  async othersAreWell(): Promise<void> {
    const sentinel = this.#sentinel!;
    const line = `still here ${++this.#asked}\n`;
    sentinel.send(channelData(0, line));
    await sentinel.prints(new RegExp(`^${line}$`));
    await sentinel.settled();
  }

  /** Waits until the server has forgotten every connection but the sentinel's. */
  gone(): Promise<void> {
    return until("the connections to be gone", () => [...this.server.connections].length === 1);
  }

  /** For a test that ends every session: the sentinel need not answer when the test ends. */
  dismiss(): void {
    this.#sentinel = undefined;
  }

  /** A server that merely waits until a time is up would look like one that refuses. */
  #assertNoDeadline({ port }: Peer): void {
    const arrival = this.log.findLast((entry) => entry.event === "arrived" && entry.detail.port === port);
    for (const entry of this.log) {
      if (entry.event !== "left" || entry.connection !== arrival?.connection) continue;
      assert.doesNotMatch(entry.detail.detail, /^deadline/, "time ended the connection, and nothing that the peer did");
    }
  }

  #watch(): void {
    const { server, seen } = this;
    server.onUser("connect", ({ username, connection }) => {
      seen.push(`login ${username} by ${connection.methods.join("+")}`);
    });
    server.onUser("connectpty", (_, { term, width, height }) => void seen.push(`pty ${term} ${width}x${height}`));
    server.onUser("preshell", () => void seen.push("shell"));
    server.onUser("exec", (_, command) => void seen.push(`exec ${command}`));
    server.onUser("command", (_, command) => void seen.push(`command ${command}`));
    server.onUser("env", (_, name, value) => void seen.push(`env ${name}=${value}`));
    server.onUser("signal", (_, name) => void seen.push(`signal ${name}`));
  }

  async #close(): Promise<void> {
    try {
      if (this.#sentinel) await this.othersAreWell();
    } finally {
      for (const { socket } of this.#peers) socket.destroy();
      await this.server.close();
    }
  }
}

function isKnown(data: AuthData): boolean {
  if (data.username === "nobody") return false;
  if (data.method === "publickey") return Buffer.compare(data.key.blob, USER_KEY.blob) === 0;
  return data.method === "password" && data.password === PASSWORD;
}

function byPassword(peer: Peer): ReturnType<Peer["verdict"]> {
  return peer.tryPassword("ada", PASSWORD);
}
