import type { TestContext } from "node:test";
import type { Client } from "../../../../src/server/index.ts";
import type { FakeSession, Subject } from "../fake-door.ts";
import { PTY, serve, settle } from "../fake-door.ts";

/** What became of the questions. */
interface Outcome {
  answer?: unknown;
  error?: unknown;
  readonly errorEvents: unknown[];
}

type State = Record<string, unknown>;

export type Asked = Subject<State> & { readonly session: FakeSession; readonly outcome: Outcome };

/** A visitor at a command that asks. */
export async function asking(
  t: TestContext,
  ask: (client: Client, signal: AbortSignal) => Promise<unknown>,
  terminal: "xterm" | "dumb" | "none" = "xterm",
): Promise<Asked> {
  const outcome: Outcome = { errorEvents: [] };
  const subject = await serve(t, (server) => {
    server.onUser("command", async (client, _command, { signal }) => {
      try {
        outcome.answer = await ask(client, signal);
      } catch (error) {
        outcome.error = error;
        throw error;
      }
    });
    server.onUser("error", (_, error) => void outcome.errorEvents.push(error));
  });
  const session = await open(subject, terminal);
  session.type("go\r\n");
  await settle();
  return { ...subject, session, outcome };
}

async function open(subject: Subject<State>, terminal: "xterm" | "dumb" | "none"): Promise<FakeSession> {
  if (terminal === "none") return subject.pipe();
  if (terminal === "xterm") return subject.terminal();
  const session = await subject.visitor();
  session.events.pty({ ...PTY, term: "dumb" });
  session.events.shell();
  await settle();
  return session;
}
