import type { Address, ServerCore } from "../../server/index.ts";
import { escapeControls } from "../../server/index.ts";
import { clearRealTimeout, pause, realTimeout } from "../clock.ts";
import { TestingError } from "../error.ts";
import type { Listening } from "../options.ts";
import { clientOn } from "../server-side.ts";
import type { Line, Reader, Request } from "../way.ts";
import { sshArguments } from "./command.ts";
import type { Progress } from "./door.ts";
import { VisitorDoor } from "./door.ts";
import type { SshFiles } from "./files.ts";
import { writeSshFiles } from "./files.ts";
import { Program } from "./program.ts";
import { isOnPath } from "./programs.ts";

/** The status with which `ssh` says that it was `ssh` itself that failed. */
const SSH_FAILED = 255;
/** How often to look whether a login elsewhere is done, in milliseconds. */
const GLANCE = 10;

/** Where to connect to, and what is known of the other end. */
interface Place<State> {
  readonly address: Address;
  readonly hostKey: string | undefined;
  /** The server's side, when it is in this process. */
  readonly door?: VisitorDoor<State>;
  readonly client: Line<State>["client"];
  readonly shut: () => Promise<void>;
}

/** How far it has come when it has come to something. */
type Outcome = Progress | "over" | "late";

/** Opens a session with the real `ssh`: on a terminal of its own, or with pipes. */
export async function openOverSsh<State>(request: Request<State>): Promise<Line<State>> {
  const { target, visitor, pty } = request;
  requireProgram("ssh", "OpenSSH's client");
  if (pty !== undefined) requireProgram("python3", "Python, which gives it a terminal");
  const place = "onUser" in target ? await openDoor(target, visitor) : elsewhere<State>(target);
  const { door, hostKey, address } = place;
  const { password, answers, vouched } = visitor;
  const files = await writeSshFiles({
    key: vouched === true ? door?.key : visitor.key,
    knownHost: hostKey && `${nameOf(address)} ${hostKey}\n`,
    answers: { ...answers, ...(password !== undefined && { assword: password }) },
  });
  const env = { TERM: pty?.term ?? "dumb", SSH_ASKPASS: "./askpass", SSH_ASKPASS_REQUIRE: "force" };
  const args = sshArguments(request, address, hostKey !== undefined);
  const program = new Program("ssh", args, { env, cwd: files.folder, size: pty });
  const early = new Early(program);
  const ended = program.over.then(async (code) => {
    const said = await files.log();
    if (door?.connection !== undefined) await door.gone;
    await place.shut();
    await files.remove();
    return { status: door !== undefined && door.status === undefined ? undefined : (code ?? undefined), said };
  });

  const begun =
    door?.progress ??
    loggedIn(program, files)
      .then(() => pty && early.first)
      .then(() => "begun" as const);
  const outcome = await firstOf(begun, program, visitor.timeout);
  if (outcome === "begun") return lineOf(place, program, ended, early);
  program.kill();
  const { status, said } = await ended;
  // Elsewhere, a program may have run to its end and shown nothing.
  if (door === undefined && outcome === "over" && status !== SSH_FAILED) return lineOf(place, program, ended, early);
  throw program.fault === undefined
    ? failureOf(outcome, request, nameOf(address), said)
    : new TestingError("MISSING_PROGRAM", `ssh cannot be started: ${program.fault.message}`);
}

/** What came before somebody listened. */
class Early {
  /** Resolves with the first piece. */
  readonly first: Promise<void>;
  #pieces: (readonly [Uint8Array, "stdout" | "stderr"])[] = [];
  #reader: Reader | undefined;

  constructor(program: Program) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.first = promise;
    program.listen((bytes, stream) => {
      if (this.#reader === undefined) this.#pieces.push([bytes, stream]);
      else this.#reader(bytes, stream);
      resolve();
    });
  }

  handTo(reader: Reader): void {
    for (const [bytes, stream] of this.#pieces) reader(bytes, stream);
    this.#pieces = [];
    this.#reader = reader;
  }
}

async function firstOf(begun: Promise<Progress>, program: Program, timeout: number): Promise<Outcome> {
  const late = Promise.withResolvers<"late">();
  const timer = realTimeout(() => late.resolve("late"), timeout);
  const outcome = await Promise.race([begun, program.over.then(() => "over" as const), late.promise]);
  clearRealTimeout(timer);
  return outcome;
}

/** Resolves when the login is done, and not when there is none: then the program ends, which says more. */
function loggedIn(program: Program, files: SshFiles): Promise<void> {
  return new Promise((resolve) => {
    const watch = { isOver: false };
    void program.over.then(() => (watch.isOver = true));
    void (async () => {
      while (!watch.isOver && !files.isIn()) await pause(GLANCE);
      if (!watch.isOver) resolve();
    })();
  });
}

function failureOf<State>(outcome: Outcome, { visitor }: Request<State>, where: string, said: string): TestingError {
  if (outcome === "turned away") {
    return new TestingError("CONNECTION_REFUSED", "The server did not take the connection.");
  }
  if (typeof outcome === "object") {
    return new TestingError("SESSION_REFUSED", `The server refused ${outcome.refused}.`);
  }
  const says = said === "" ? "" : ` ssh says: ${escapeControls(said.trim().replaceAll(/\r?\n/g, "; "))}`;
  if (outcome === "late") {
    return new TestingError("TIMEOUT", `Waited ${visitor.timeout} ms in vain for a session on ${where}.${says}`);
  }
  return said.includes("Permission denied")
    ? new TestingError("LOGIN_REFUSED", `The server did not let ${visitor.username} in.${says}`)
    : new TestingError("CONNECTION_REFUSED", `ssh ended before it had a session on ${where}.${says}`);
}

function lineOf<State>(
  { door, client }: Place<State>,
  program: Program,
  ended: Promise<{ readonly status: number | undefined }>,
  early: Early,
): Line<State> {
  let sent = 0;
  return {
    banner: door?.banner,
    over: ended.then(({ status }) => status),
    listen: (reader) => early.handTo(reader),
    client,
    send(bytes) {
      program.send(bytes);
      sent += bytes.length;
      return door?.hasArrived(sent) ?? Promise.resolve();
    },
    end: () => program.end(),
    resize(columns, rows) {
      program.resize(columns, rows);
      return door?.hasSize(columns, rows) ?? Promise.resolve();
    },
    read: (isOn) => program.read(isOn),
    hangUp: () => program.kill(),
  };
}

async function openDoor<State>(server: ServerCore<State>, visitor: Request<State>["visitor"]): Promise<Place<State>> {
  const door = new VisitorDoor(server, visitor);
  const shut = await server.open(door);
  const { address } = door;
  if (address === undefined) throw new TestingError("CONNECTION_REFUSED", "The server has been closed.");
  return {
    address,
    hostKey: door.hostKey,
    door,
    client: () => door.connection && clientOn(server, door.connection),
    shut,
  };
}

function elsewhere<State>({ host, port, hostKey }: Listening): Place<State> {
  if (hostKey === undefined && !/^(?:localhost|127\.[\d.]+|::1)$/.test(host)) {
    throw new TestingError(
      "BAD_ARGUMENT",
      `${host} is another machine: say its hostKey, or a password might go to somebody else.`,
    );
  }
  return { address: { host, port }, hostKey, client: () => undefined, shut: () => Promise.resolve() };
}

function requireProgram(name: string, what: string): void {
  if (isOnPath(name)) return;
  throw new TestingError("MISSING_PROGRAM", `${name} is not installed: over: "ssh" needs ${what}.`);
}

/** As a line of a known_hosts file begins. */
function nameOf({ host, port }: Address): string {
  return port === 22 ? host : `[${host}]:${port}`;
}
