/** An app with some commands, for visitors to use. */
import type { LogEntry } from "../../../src/index.ts";
import { Server } from "../../../src/index.ts";
import { choice, Commands, flag, integer, list, text } from "../../../src/commands/index.ts";
import type { CommandsOptions } from "../../../src/commands/index.ts";

/** A server with its commands, and what it has told the log. */
export interface App extends AsyncDisposable {
  readonly ssh: Server;
  readonly commands: Commands;
  readonly entries: LogEntry[];
}

/** An app with nothing but `help`. */
export function emptyApp(options: CommandsOptions = {}): App {
  const entries: LogEntry[] = [];
  const ssh = new Server({ allowAnyone: true, log: (entry) => void entries.push(entry) });
  const commands = new Commands(options);
  commands.mount(ssh);
  return { ssh, commands, entries, [Symbol.asyncDispose]: () => ssh.close() };
}

/** A shop. */
export function shopApp(options: CommandsOptions = {}): App {
  const app = emptyApp(options);
  const { commands } = app;
  commands.add({
    name: "buy",
    aliases: ["b"],
    category: "Shop",
    summary: "Buys beans",
    description: "What you buy is sent today.\n\nIt comes tomorrow.",
    examples: ["buy arabica 2 --gift"],
    arguments: {
      beans: choice(["arabica", "robusta", "earl grey"], { description: "What to buy" }),
      count: integer({ min: 1, default: 1, description: "How many bags" }),
    },
    options: { gift: flag({ short: "g", description: "Wraps it" }), note: text({ optional: true, short: "n" }) },
    run(client, values) {
      client.sendln(JSON.stringify(values));
      return values.count > 9 ? 9 : undefined;
    },
  });
  commands.add({ name: "order", category: "Shop", summary: "What was ordered" });
  commands.add({
    name: "order list",
    aliases: ["ls"],
    summary: "Lists the orders",
    run: (client) => client.sendln("none"),
  });
  commands.add({
    name: "order cancel",
    summary: "Cancels orders",
    arguments: { numbers: list(integer({ min: 1 }), { min: 1 }) },
    run: (client, { numbers }) => client.sendln(`cancelled ${numbers.join(" and ")}`),
  });
  commands.add({ name: "secret", hidden: true, summary: "Not for all", run: (client) => client.sendln("psst") });
  commands.add({
    name: "reboot",
    permission: "admin",
    summary: "Boots again",
    run: (client, _values, { elevated }) => client.sendln(`booting, ${elevated ? "elevated" : "permitted"}`),
  });
  return app;
}
