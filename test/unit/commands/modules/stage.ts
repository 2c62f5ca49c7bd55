import type { TestContext } from "node:test";
import { Commands, Modules } from "../../../../src/commands/index.ts";
import type { LogEntry } from "../../../../src/index.ts";
import { Server } from "../../../../src/index.ts";
import type { Terminal } from "../../../../src/testing/index.ts";
import { openTerminal } from "../../../../src/testing/index.ts";
import type { CodeFolder } from "../../code-folder.ts";
import { makeCodeFolder } from "../../code-folder.ts";

/** A server with commands and modules, and a folder for their files. */
export interface Stage extends CodeFolder {
  readonly server: Server;
  readonly commands: Commands;
  readonly modules: Modules;
  readonly log: LogEntry[];
  /** A visitor at the prompt. */
  readonly visit: (username?: string) => Promise<Terminal<Record<string, unknown>>>;
}

export function makeStage(t: TestContext, setupTime?: number): Stage {
  const log: LogEntry[] = [];
  const server = new Server({ allowAnyone: true, log: (entry) => void log.push(entry) });
  const commands = new Commands();
  commands.mount(server);
  const modules = new Modules({ server, commands, ...(setupTime !== undefined && { setupTime }) });
  t.after(async () => {
    await server.close();
    await modules.close();
  });
  const visit = (username = "alice"): ReturnType<Stage["visit"]> => openTerminal(server, { username, timeout: 20_000 });
  return { ...makeCodeFolder(t), server, commands, modules, log, visit };
}

/** The code of a module with one command that says something. */
export function saying(text: string, name = "greeter", command = "hello"): string {
  return `export default {
  name: "${name}",
  commands: [{ name: "${command}", run: (client) => client.sendln("${text}") }],
};
`;
}
