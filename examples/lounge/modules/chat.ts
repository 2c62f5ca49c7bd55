/** What is said in the lounge. The last lines stay when this module is reloaded: change a text, save, and look. */
import { escapeControls } from "sallyport";
import type { Client, ServerCore } from "sallyport";
import { command, defineModule, verbatim } from "sallyport/commands";
import type { Module } from "sallyport/commands";
import type { People } from "../people.ts";

interface Chat {
  readonly server: ServerCore;
  readonly people: People;
  readonly lines: string[];
}

const chat: Module<Record<string, unknown>, Chat> = defineModule({
  name: "chat",
  description: "Talks to everybody who is here",
  needs: ["people"],
  setup: ({ server, given }, previous): Chat => ({
    server,
    people: given("people") as People,
    lines: (previous as Chat | undefined)?.lines ?? [],
  }),
  commands: (chat) => [
    command({
      name: "say",
      summary: "Says something to all",
      category: "Chat",
      permission: "lounge.chat",
      arguments: { words: verbatim() },
      run: (client: Client, { words }) => say(chat, client, words),
    }),
    command({
      name: "heard",
      summary: "Repeats what was said last",
      category: "Chat",
      run: (client: Client) => client.sendln(chat.lines.join("\n") || "Nothing yet."),
    }),
  ],
  events: ({ server, people }) => ({
    disconnected: async (client) => {
      if (client.interactive) server.broadcast(`* ${await people.nameOf(client)} leaves`);
    },
  }),
});
export default chat;

async function say({ server, people, lines }: Chat, client: Client, words: string): Promise<void> {
  const line = `${await people.nameOf(client)}: ${escapeControls(words)}`;
  if (lines.push(line) > 10) lines.shift();
  server.broadcast(line, { except: client });
}
