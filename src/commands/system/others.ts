import type { Client } from "../../server/index.ts";
import { escapeControls } from "../../server/index.ts";
import type { CommandDefinition } from "../definition.ts";
import { command } from "../definition.ts";
import { text } from "../parameters/kinds.ts";
import { verbatim } from "../parameters/verbatim.ts";
import type { SystemHost } from "./host.ts";
import { PERMISSIONS } from "./options.ts";
import { durationOf, momentOf } from "./times.ts";

/** The longest text for others, in characters. */
const MAX_TEXT = 1000;
/** The longest command line in a list, in characters. */
const MAX_COMMAND = 200;
/** Stands for what one may not see. */
const HIDDEN = "-";

export function who<State>(name: string, host: SystemHost<State>): CommandDefinition<State> {
  return command({
    name,
    summary: "Lists who is here",
    async run(client: Client<State>) {
      const maySee = await host.options.may(client, PERMISSIONS.sessions);
      const rows = (await host.sessions.all()).map(({ client: other, number, name }) => ({
        user: name,
        session: `#${number}`,
        since: momentOf(other.since),
        ...(maySee && { from: escapeControls(other.peer.address) }),
      }));
      client.table(rows);
    },
  });
}

export function w<State>(name: string, host: SystemHost<State>): CommandDefinition<State> {
  return command({
    name,
    summary: "Lists who is here, and what they do",
    description: "Of others it shows idle times, addresses and commands to those alone who may see them.",
    async run(client: Client<State>) {
      const maySeeAll = await host.options.may(client, PERMISSIONS.sessions);
      const now = Date.now();
      const rows = (await host.sessions.all()).map(({ client: other, number, name }) => {
        const maySee = maySeeAll || other.connection === client.connection;
        return {
          user: name,
          session: `#${number}`,
          since: momentOf(other.since, now),
          idle: maySee ? durationOf(now - host.sessions.idleSince(other)) : HIDDEN,
          from: maySee ? escapeControls(other.peer.address) : HIDDEN,
          what: maySee ? doing(other) : HIDDEN,
        };
      });
      client.table(rows, {
        columns: ["user", "session", "since", "idle", "from", { key: "what", overflow: "truncate" }],
      });
    },
  });
}

export function kick<State>(name: string, host: SystemHost<State>): CommandDefinition<State> {
  const { server, sessions } = host;
  return command({
    name,
    summary: "Throws a user out, or one session",
    permission: PERMISSIONS.kick,
    arguments: {
      whom: text({
        placeholder: "user|#session",
        description: "The name of a user, or the number of a session as who shows it",
        complete: async () => (await sessions.all()).flatMap(({ name, number }) => [name, `#${number}`]),
      }),
      reason: verbatim({ optional: true, description: "What the user is told" }),
    },
    examples: ["kick alice Too loud", "kick '#3'"],
    async run(client: Client<State>, { whom, reason = "" }) {
      const by = await sessions.nameOf(client);
      const why = escapeControls(reason, { limit: MAX_TEXT });
      const told = `${by} has thrown you out${why === "" ? "." : `: ${why}`}`;
      const all = await sessions.all();
      const meant = all.filter(({ name, number }) => name === whom || `#${number}` === whom);
      const others = new Set(all.filter(({ name }) => name !== whom).map((seen) => seen.client.connection));
      let count = meant.filter((seen) => server.kick(seen.client, told)).length;
      // A connection is of the name that it logged in with, unless a session on it has become somebody else's.
      for (const connection of server.connections) {
        if (connection.username !== whom || others.has(connection)) continue;
        const isBare = all.every((seen) => seen.client.connection !== connection);
        if (server.kick(connection, told) && isBare) count += 1;
      }
      if (count === 0) {
        client.stderr.write(`Nobody here is ${escapeControls(whom, { limit: 64 })}.\n`);
        return 1;
      }
      client.sendln(`Thrown out: ${sessionsOf(count)}.`);
      return 0;
    },
  });
}

export function wall<State>(name: string, { server, sessions }: SystemHost<State>): CommandDefinition<State> {
  return command({
    name,
    summary: "Writes to everybody who is here",
    permission: PERMISSIONS.wall,
    arguments: { words: verbatim({ description: "The text, as it is typed" }) },
    examples: ["wall Lunch is ready, and it's good"],
    async run(client: Client<State>, { words }) {
      const message = escapeControls(words, { limit: MAX_TEXT });
      const count = server.broadcast(`Message from ${await sessions.nameOf(client)}: ${message}`, { except: client });
      client.sendln(`Sent to ${sessionsOf(count)}.`);
    },
  });
}

/** What a session is about. */
function doing<State>(client: Client<State>): string {
  const { commandRunning, kind, request = "" } = client;
  const running = kind === "subsystem" ? request : (commandRunning?.command ?? "");
  return escapeControls(running, { limit: MAX_COMMAND });
}

function sessionsOf(count: number): string {
  return `${count} ${count === 1 ? "session" : "sessions"}`;
}
