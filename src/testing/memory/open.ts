import type { Connection, Door, Reception, ServerCore, SessionEvents, SocketInfo } from "../../server/index.ts";
import { TestingError } from "../error.ts";
import { clientOn } from "../server-side.ts";
import type { Line, Request } from "../way.ts";
import { logIn } from "./login.ts";
import { MemorySession } from "./session.ts";

/** A door for one visitor, who is in the same process. */
class MemoryDoor implements Door {
  readonly name = "memory";
  reception!: Reception;

  open(reception: Reception): Promise<void> {
    this.reception = reception;
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Opens a session on a server of this process, without a network. */
export async function openInMemory<State>(request: Request<State>): Promise<Line<State>> {
  const { target, visitor } = request;
  if (!("onUser" in target)) {
    throw new TestingError("NOT_POSSIBLE", 'A server that listens elsewhere is reached by over: "ssh" alone.');
  }
  const door = new MemoryDoor();
  const shut = await target.open(door);
  const { reception } = door;
  const session = new MemorySession(target.options.limits.window);
  const socket: SocketInfo = {
    remoteAddress: visitor.address ?? "127.0.0.1",
    remotePort: 50_000,
    localAddress: "127.0.0.1",
    localPort: 22,
  };
  const connection = await reception.arrive(socket, { disconnect: () => session.abort() }, door);
  if (connection === undefined) {
    await shut();
    throw new TestingError(
      "CONNECTION_REFUSED",
      `The server did not take the connection from ${socket.remoteAddress}: its limits or its connection handlers refuse it (limits.maxStartups drops some of those that log in at once).`,
    );
  }
  void session.over.then(async () => {
    const isLost = connection.username !== undefined && !session.isClosed;
    reception.left(connection, isLost ? "lost" : "closed", "");
    await shut();
  });
  try {
    const banner = await reception.banner(connection, visitor.username);
    await comeIn(reception, connection, visitor);
    const events = reception.openSession(connection, session);
    if (events === undefined) throw refused("the session");
    session.attach(events);
    begin(events, request);
    return lineOf(target, connection, session, events, banner);
  } catch (error) {
    session.hangUp();
    throw error;
  }
}

async function comeIn<State>(
  reception: Reception,
  connection: Connection,
  visitor: Request<State>["visitor"],
): Promise<void> {
  if (visitor.vouched === true) {
    reception.vouched(connection, visitor.username, visitor.user);
    return;
  }
  const tried = await logIn(reception, connection, visitor);
  if (tried === undefined) return;
  throw new TestingError(
    "LOGIN_REFUSED",
    `The server did not let ${visitor.username} in, by ${tried.join(", ")}; it offers ${reception.authMethods.join(", ")}.`,
  );
}

/** Asks for what `ssh` asks for, in its order. */
function begin<State>(events: SessionEvents, { visitor, program, pty }: Request<State>): void {
  if (pty !== undefined) {
    const { term, columns: width, rows: height } = pty;
    if (!events.pty({ term, width, height, pixelwidth: 0, pixelheight: 0, modes: new Map() })) {
      throw refused("a terminal");
    }
  }
  for (const [name, value] of Object.entries(visitor.env ?? {})) events.env(name, value);
  const isGranted =
    program.type === "shell"
      ? events.shell()
      : program.type === "exec"
        ? events.exec(program.command)
        : events.subsystem(program.name);
  if (!isGranted) throw refused(program.type === "shell" ? "a shell" : `the ${program.type}`);
}

function lineOf<State>(
  server: ServerCore<State>,
  connection: Connection,
  session: MemorySession,
  events: SessionEvents,
  banner: string | undefined,
): Line<State> {
  return {
    banner,
    over: session.over,
    listen: (reader) => session.listen(reader),
    client: () => clientOn(server, connection),
    send: (bytes) => session.send(bytes),
    end: () => void session.send(new Uint8Array()).then(() => session.isOver || events.eof()),
    resize(width, height) {
      if (!session.isOver) events.resized({ width, height, pixelwidth: 0, pixelheight: 0 });
      return Promise.resolve();
    },
    signal: (name) => void (session.isOver || events.signal(name)),
    read: (isOn) => session.read(isOn),
    hangUp: () => session.hangUp(),
  };
}

function refused(what: string): TestingError {
  return new TestingError("SESSION_REFUSED", `The server refused ${what}.`);
}
