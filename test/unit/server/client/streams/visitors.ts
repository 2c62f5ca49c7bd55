/** Visitors at a command that has the streams of its session. */
import type { TestContext } from "node:test";
import type { Client, PtyData } from "../../../../../src/server/index.ts";
import type { FakeSession, Subject } from "../../fake-door.ts";
import { PTY, serve, settle } from "../../fake-door.ts";

/** What a command does; its signal is that of the event. */
type Act = (client: Client, signal: AbortSignal, command: string) => unknown;

/** A server with one command. */
export function acting(t: TestContext, act: Act): Promise<Subject<Record<string, unknown>>> {
  return serve(t, (server) => {
    server.onUser("command", async (client, command, { signal }) => {
      const status = await act(client, signal, command);
      return typeof status === "number" ? status : undefined;
    });
  });
}

/** Somebody who runs a command on a terminal, without a shell: `ssh -t host x`. */
export async function onTerminal(
  subject: Subject<Record<string, unknown>>,
  pty: Partial<PtyData> = {},
  command = "x",
): Promise<FakeSession> {
  const session = await subject.visitor();
  session.events.pty({ ...PTY, ...pty });
  session.events.exec(command);
  await settle();
  return session;
}

/** A command on a terminal that goes on until the test ends; gives its client. */
export async function staying(
  t: TestContext,
  pty: Partial<PtyData> = {},
): Promise<{ client: Client; session: FakeSession; signal: AbortSignal; subject: Subject<Record<string, unknown>> }> {
  const here: { client?: Client; signal?: AbortSignal } = {};
  const subject = await acting(t, (client, signal) => {
    Object.assign(here, { client, signal });
    return new Promise((resolve) => signal.addEventListener("abort", resolve));
  });
  const session = await onTerminal(subject, pty);
  if (here.client === undefined || here.signal === undefined) throw new Error("The command did not begin.");
  return { client: here.client, signal: here.signal, session, subject };
}
