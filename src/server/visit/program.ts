import type { SessionKind } from "../client/facts.ts";
import type { EventName } from "../events.ts";
import type { Program, Venue } from "./venue.ts";

/** Something to serve a shell or a command with. */
const SHELL_EVENTS: readonly EventName[] = ["connect", "preshell", "command", "type", "rawtype"];
const EXEC_EVENTS: readonly EventName[] = ["exec", "command"];

/** What a session serves. */
export interface Served {
  readonly kind: SessionKind;
  /** The command of an exec, or the name of a subsystem. */
  readonly request?: string | undefined;
}

/**
 * What is served when a client asks for a program: that, or, for a login that may run one command alone, the command in
 * place of it. Undefined when nothing would come of it: without a handler for it, a request is refused.
 */
export function servedFor<State>(venue: Venue<State>, asked: Served, forced: string | undefined): Served | undefined {
  const program: Served = forced === undefined ? asked : { kind: "exec", request: forced };
  return serves(venue, program) ? program : undefined;
}

/** Whether there is any use for a terminal. */
export function servesTerminals<State>(venue: Venue<State>): boolean {
  return serves(venue, { kind: "shell" }) || serves(venue, { kind: "exec" });
}

/** Who is registered for a command by its first word. */
export function programOf<State>(venue: Venue<State>, command: string): Program<State> | undefined {
  const [name = ""] = command.trimStart().split(/\s/, 1);
  return venue.programs.get(name);
}

function serves<State>(venue: Venue<State>, { kind, request = "" }: Served): boolean {
  const { events, middleware, subsystems } = venue;
  if (kind === "exec" && programOf(venue, request) !== undefined) return true;
  if (kind === "subsystem") return subsystems.has(request) || events.has("subsystem");
  return middleware.length > 0 || (kind === "shell" ? SHELL_EVENTS : EXEC_EVENTS).some((name) => events.has(name));
}
