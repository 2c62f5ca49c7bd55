import type { Client } from "../../server/index.ts";
import { escapeControls } from "../../server/index.ts";
import type { CommandDefinition } from "../definition.ts";
import { command } from "../definition.ts";
import { integer, text } from "../parameters/kinds.ts";
import { flag, list } from "../parameters/many.ts";
import type { SystemHost } from "./host.ts";
import { dateOf, durationOf } from "./times.ts";

export function whoami<State>(name: string, { options }: SystemHost<State>): CommandDefinition<State> {
  return command({
    name,
    summary: "Tells who you are",
    run: async (client: Client<State>) => client.sendln(escapeControls(await options.nameOf(client))),
  });
}

export function exit<State>(name: string): CommandDefinition<State> {
  return command({
    name,
    summary: "Leaves",
    arguments: { status: integer({ min: 0, max: 255, default: 0, description: "The exit status" }) },
    run: (client: Client<State>, { status }) => client.exit(status),
  });
}

export function clear<State>(name: string): CommandDefinition<State> {
  return command({ name, summary: "Empties the screen", run: (client: Client<State>) => client.clear() });
}

export function echo<State>(name: string): CommandDefinition<State> {
  return command({
    name,
    summary: "Writes its arguments",
    arguments: { words: list(text()) },
    options: { noNewline: flag({ short: "n", description: "Without a newline at the end" }) },
    run(client: Client<State>, { words, noNewline }) {
      client.send(words.join(" ") + (noNewline ? "" : "\n"));
    },
  });
}

export function history<State>(name: string): CommandDefinition<State> {
  return command({
    name,
    summary: "Lists the lines that you have entered",
    arguments: { count: integer({ min: 1, optional: true, description: "How many of the last; all by default" }) },
    options: { clear: flag({ short: "c", description: "Forgets them all" }) },
    pager: true,
    async run(client: Client<State>, { count = Infinity, clear }) {
      if (clear) return client.clearHistory();
      const lines = [...client.history];
      const first = Math.max(0, lines.length - count);
      const width = String(lines.length).length;
      for (const [index, line] of lines.slice(first).entries()) {
        client.sendln(`${String(first + index + 1).padStart(width)}  ${escapeControls(line)}`);
      }
    },
  });
}

export function date<State>(name: string): CommandDefinition<State> {
  return command({
    name,
    summary: "Tells the time of the server",
    options: {
      utc: flag({ short: "u", description: "In UTC" }),
      iso: flag({ short: "I", description: "As 2026-11-26T04:53:18.000Z" }),
    },
    run(client: Client<State>, { utc, iso }) {
      const now = Date.now();
      client.sendln(iso ? new Date(now).toISOString() : dateOf(now, utc ? "UTC" : undefined));
    },
  });
}

export function hostname<State>(name: string, { options }: SystemHost<State>): CommandDefinition<State> {
  return command({
    name,
    summary: "Tells the name of the server",
    run: (client: Client<State>) => client.sendln(options.hostname),
  });
}

export function uptime<State>(name: string, { server }: SystemHost<State>): CommandDefinition<State> {
  return command({
    name,
    summary: "Tells how long the server has been up",
    run(client: Client<State>) {
      const { size } = server.clients;
      client.sendln(`up ${durationOf(process.uptime() * 1000)}, ${size} ${size === 1 ? "session" : "sessions"}`);
    },
  });
}
