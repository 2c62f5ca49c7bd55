import type { PublicKey } from "../../crypto/index.ts";
import { generatePrivateKey, parsePrivateKey } from "../../crypto/index.ts";
import type { Address, Connection, Door, Reception, ServerCore, Session, SessionEvents } from "../../server/index.ts";
import { SshDoor } from "../../ssh/index.ts";
import type { Request } from "../way.ts";

/** How far a visitor has got. */
export type Progress =
  /** The server did not take the connection. */
  | "turned away"
  /** The server refused the session, the terminal or the program. */
  | { readonly refused: string }
  /** The program has been granted. */
  | "begun";

/**
 * An SSH door for one visitor, on a port of its own, with a host key of its own. A visitor who is vouched for logs in with a key
 * that is made for this once, and the server is not asked.
 */
export class VisitorDoor<State> implements Door {
  readonly name = "ssh";
  /** The private key that a visitor who is vouched for logs in with. */
  readonly key: string;
  /** How far the visitor has got, once it has got somewhere. */
  readonly progress: Promise<Progress>;
  /** Resolves when the server's side of the session is gone. */
  readonly gone: Promise<void>;
  banner: string | undefined;
  connection: Connection | undefined;
  /** The exit status that the server has told. */
  status: number | undefined;
  readonly #visitor: Request<State>["visitor"];
  readonly #publicKey: PublicKey;
  readonly #ssh: SshDoor;
  readonly #settle: (progress: Progress) => void;
  readonly #end: () => void;
  /** Bytes that have arrived, and who waits for more of them. */
  #arrived = 0;
  #size = "";
  #waiting: { readonly isThere: () => boolean; readonly resolve: () => void }[] = [];

  constructor({ options }: ServerCore<State>, visitor: Request<State>["visitor"]) {
    this.#visitor = visitor;
    this.key = generatePrivateKey("ed25519");
    this.#publicKey = parsePrivateKey(this.key).publicKey;
    const hostKeys = [{ key: generatePrivateKey("ed25519") }];
    this.#ssh = new SshDoor({ ...options, host: "127.0.0.1", port: 0, hostKeys, hostCertificates: [] });
    const progress = Promise.withResolvers<Progress>();
    this.progress = progress.promise;
    this.#settle = progress.resolve;
    const gone = Promise.withResolvers<void>();
    this.gone = gone.promise;
    this.#end = () => {
      gone.resolve();
      this.#look(true);
    };
  }

  get address(): Address | undefined {
    return this.#ssh.address;
  }

  /** The host key, as a line of an authorized_keys file has it. */
  get hostKey(): string {
    return this.#ssh.hostKeys.join("\n");
  }

  open(reception: Reception): Promise<void> {
    return this.#ssh.open(this.#watch(reception));
  }

  close(): Promise<void> {
    return this.#ssh.close();
  }

  /** Resolves when the server has got so many bytes of input in all, or never will. */
  hasArrived(bytes: number): Promise<void> {
    return this.#until(() => this.#arrived >= bytes);
  }

  /** Resolves when the server knows of a size, or never will. */
  hasSize(columns: number, rows: number): Promise<void> {
    return this.#until(() => this.#size === `${columns} ${rows}`);
  }

  #until(isThere: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ isThere, resolve });
      this.#look(false);
    });
  }

  #look(isOver: boolean): void {
    const done = this.#waiting;
    const rest: typeof done = [];
    this.#waiting = rest;
    for (const waiter of done) {
      if (isOver || waiter.isThere()) waiter.resolve();
      else rest.push(waiter);
    }
  }

  #watch(reception: Reception): Reception {
    const { username, user, vouched = false, address } = this.#visitor;
    return {
      ...reception,
      authMethods: vouched ? ["publickey"] : reception.authMethods,
      arrive: async (socket, control) => {
        const from = address === undefined ? socket : { ...socket, remoteAddress: address };
        this.connection = await reception.arrive(from, control, this);
        if (this.connection === undefined) this.#settle("turned away");
        return this.connection;
      },
      banner: async (connection, name) => (this.banner = await reception.banner(connection, name)),
      judge: (connection, attempt) => {
        if (!vouched) return reception.judge(connection, attempt);
        const isKnown = attempt.method === "publickey" && attempt.key.fingerprint === this.#publicKey.fingerprint;
        return Promise.resolve({ type: isKnown && attempt.username === username ? "accept" : "refuse" });
      },
      admitted: (connection, name, method) => {
        if (vouched) reception.vouched(connection, name, user);
        else reception.admitted(connection, name, method);
      },
      openSession: (connection, session) => {
        const events = reception.openSession(connection, this.#watchSession(session));
        if (events === undefined) this.#settle({ refused: "the session" });
        return events && this.#watchEvents(events);
      },
      left: (...departed) => {
        reception.left(...departed);
        this.#end();
      },
    };
  }

  #watchSession(session: Session): Session {
    return {
      write: (bytes, stream) => session.write(bytes, stream),
      consumed: (bytes) => session.consumed(bytes),
      end: () => session.end(),
      exit: (how) => {
        if (typeof how === "number") this.status = how;
        session.exit(how);
      },
      close: () => session.close(),
      abort: () => session.abort(),
    };
  }

  #watchEvents(events: SessionEvents): SessionEvents {
    const granted = (isGranted: boolean, what: string): boolean => {
      this.#settle(isGranted ? "begun" : { refused: what });
      return isGranted;
    };
    return {
      pty: (data) => {
        this.#size = `${data.width} ${data.height}`;
        return events.pty(data) || granted(false, "a terminal");
      },
      env: (name, value) => events.env(name, value),
      shell: () => granted(events.shell(), "a shell"),
      exec: (command) => granted(events.exec(command), "the exec"),
      subsystem: (name) => granted(events.subsystem(name), "the subsystem"),
      resized: (size) => {
        events.resized(size);
        this.#size = `${size.width} ${size.height}`;
        this.#look(false);
      },
      signal: (name) => events.signal(name),
      break: (milliseconds) => events.break(milliseconds),
      x11: (data) => events.x11(data),
      input: (bytes) => {
        this.#arrived += bytes.length;
        events.input(bytes);
        this.#look(false);
      },
      eof: () => events.eof(),
      drained: () => events.drained(),
      closed: () => {
        events.closed();
        this.#end();
      },
    };
  }
}
