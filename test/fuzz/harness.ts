import { messages, Msg } from "../../src/wire/index.ts";
import { Loopback } from "../client/index.ts";
import type { LoopbackOptions } from "../client/index.ts";
import type { Random } from "./random.ts";
import { Finding } from "./target.ts";

/** Output that may wait inside of the engine: 1 MiB of held answers, 256 KiB of data, and the packet that is too much. */
const MAX_PENDING = 3 * 2 ** 20;
/** One call of the engine that takes longer does absurdly much; a slow machine does not. */
const MAX_MILLISECONDS = 10_000;
const FAST = {
  kex: ["curve25519-sha256"],
  cipherIn: ["aes128-gcm@openssh.com"],
  cipherOut: ["aes128-gcm@openssh.com"],
};

/** One connection under attack: it writes down what is done, and looks after each step whether all is still well. */
export class Harness {
  readonly link: Loopback;
  readonly steps: string[] = [];
  /** The client has broken its own side, so that what it cannot read proves nothing. */
  deaf = false;
  /** The right password has been sent behind the handshake. */
  knocked = false;

  constructor(options: LoopbackOptions) {
    this.link = new Loopback(options);
  }

  /** Does one step and checks what must be true after every step. */
  step(name: string, act: (link: Loopback) => void): void {
    this.steps.push(name);
    this.#call(() => act(this.link));
    this.check();
  }

  /** Carries bytes both ways, cut as `random` says, until nobody has any more. */
  carry(random: Random): void {
    const { link } = this;
    for (let rounds = 0; ; rounds++) {
      const toServer = link.client.pull();
      for (let at = 0; at < toServer.length;) {
        const size = random.chance(0.7) ? toServer.length : 1 + random.below(200);
        this.#call(() => link.server.receive(toServer.subarray(at, at + size), link.now));
        at += size;
      }
      const toClient = this.#output();
      if (toServer.length + toClient.length === 0) break;
      this.#read(toClient);
      if (rounds > 1000) throw this.finding("the two sides never come to an end");
    }
    this.check();
  }

  check(): void {
    const { app, server } = this.link;
    if (server.pending > MAX_PENDING) throw this.finding(`${server.pending} bytes wait to be sent`);
    if (app.ends.length > 1) throw this.finding("the connection ended twice");
    const [end] = app.ends;
    if (end?.by === "fault") throw this.finding(`the engine failed: ${String(end.error)}`, end.error);
    if (end && server.reading) throw this.finding("the door is told to read on after the end");
    if (app.logins.length > 0 && !this.knocked)
      throw this.finding("somebody is logged in who did not give the password");
    if (app.logins.length > 1) throw this.finding("a connection was logged in twice");
    if (app.sessions.length > 0 && app.logins.length === 0) throw this.finding("a session was opened before the login");
    if (server.connection.channels > 64) throw this.finding(`${server.connection.channels} channels are open`);
    for (const session of app.sessions) {
      if (session.closes > 1) throw this.finding("a channel was closed twice");
      if (end && session.closes === 0) throw this.finding("a channel outlived its connection");
    }
  }

  /** Ends the connection, if it has not ended by itself, and looks once more. */
  finish(): void {
    const { server, app, client } = this.link;
    this.step("lost", () => server.lost());
    if (app.ends.length !== 1) throw this.finding("the connection has no end");
    const quiet = this.#output();
    client.send(messages.ping.encode({ data: new Uint8Array(0) }));
    this.#call(() => server.receive(client.pull(), this.link.now));
    this.#call(() => server.tick(this.link.now + 1e9));
    if (this.#output().length > 0) throw this.finding("the connection says something after its end");
    if (quiet.length > MAX_PENDING) throw this.finding("too much is said at the end");
  }

  finding(message: string, cause?: unknown): Finding {
    return new Finding(message, this.steps.join("\n"), cause);
  }

  #output(): Uint8Array {
    let output: Uint8Array = new Uint8Array(0);
    this.#call(() => {
      output = this.link.toClient();
    });
    return output;
  }

  #read(bytes: Uint8Array): void {
    const { client } = this.link;
    try {
      client.receive(bytes);
    } catch (error) {
      if (!this.deaf) throw this.finding(`the client cannot read the server: ${String(error)}`, error);
    }
    // What was read is of no more use, and a long case must not pile it up.
    client.unread = client.unread.filter((payload) => payload[0] === Msg.CHANNEL_OPEN_CONFIRMATION).slice(-4);
  }

  /** Nothing may be thrown out of the engine, and no call may take for ever. */
  #call(act: () => void): void {
    const started = performance.now();
    try {
      act();
    } catch (error) {
      if (error instanceof Finding) throw error;
      throw this.finding(`${String(error)} came out of the engine`, error);
    }
    const took = performance.now() - started;
    if (took > MAX_MILLISECONDS) throw this.finding(`a call took ${took} ms`);
  }
}

/** A connection that has nothing to do with the attack, and has to go on through all of it. */
export class Sentinel {
  readonly #link: Loopback = new Loopback({ client: FAST, limits: { clientAliveInterval: 0 } }).login();

  /** Asks the old connection for an answer, and logs a new one in. */
  check(): void {
    const data = Buffer.from("still there");
    this.#link.client.send(messages.ping.encode({ data }));
    this.#link.exchange();
    if (!Buffer.from(this.#link.client.expect(messages.pong).data).equals(data))
      throw new Error("the sentinel is gone");
    if (!new Loopback({ client: FAST }).login().server.loggedIn) throw new Error("nobody can log in any more");
  }
}
