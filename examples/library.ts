/**
 * A prompt that helps: `ssh -p 2222 localhost`, then `op`, Tab, Tab. Commands are green once they are right, a line of the
 * last visit is suggested in grey, Ctrl-R searches, and a poem that is pasted keeps its rows.
 */
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { Server } from "sallyport";
import type { Client, CompletionRequest } from "sallyport";

const SHELF: ReadonlyMap<string, string> = new Map([
  ["alice", "Down the rabbit-hole"],
  ["dracula", "Three of May. Bistritz."],
  ["moby-dick", "Call me Ishmael."],
  ["emma", "Handsome, clever, and rich"],
]);
const COMMANDS: Readonly<Record<string, string>> = {
  open: "reads the beginning of a book",
  shelf: "lists all books",
  write: "takes a line, or a page, and counts it",
  exit: "leaves",
};

/** Who has a file of their own: whatever the name is, it is one in the folder. */
const fileOf = (client: Client): string => `history/${encodeURIComponent(client.username)}.jsonl`;

const ssh = new Server({
  allowAnyone: true,
  prompt: "\x1b[1mlibrary>\x1b[m ",
  complete: (_, { line, word }: CompletionRequest) => {
    if (line.startsWith("open ")) return [...SHELF].map(([value, description]) => ({ value, description }));
    // What follows another command is free text.
    return line === word ? Object.entries(COMMANDS).map(([value, description]) => ({ value, description })) : [];
  },
  highlight: (_, text) => text.replace(/^\S+/, (name) => `\x1b[${name in COMMANDS ? 32 : 31}m${name}\x1b[m`),
  history: {
    load: async (client) => {
      const lines = await readFile(fileOf(client), "utf8").catch(() => "");
      return lines.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as string]));
    },
    append: (client, line) => appendFile(fileOf(client), `${JSON.stringify(line)}\n`),
  },
});

ssh.onUser("command", (client, command) => {
  const [name = "", ...words] = command.split(/\s+/);
  const rest = words.join(" ").trim();
  if (name === "open") client.sendln(SHELF.get(rest) ?? "We do not have that one.");
  else if (name === "shelf") client.sendln([...SHELF.keys()].join(", "));
  else if (name === "write") client.sendln(`${command.split("\n").length} rows, ${words.length} words.`);
  else if (name === "exit") client.exit();
  else client.sendln(`Try ${Object.keys(COMMANDS).join(", ")}.`);
});

await mkdir("history", { recursive: true });
await ssh.run({ port: 2222 });
