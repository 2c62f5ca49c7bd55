import type { Client } from "../../server/index.ts";
import { escapeControls } from "../../server/index.ts";
import type { CommandDefinition } from "../definition.ts";
import { command } from "../definition.ts";
import type { ModuleChange, ModuleInfo } from "../modules/info.ts";
import type { Modules } from "../modules/modules.ts";
import { text } from "../parameters/kinds.ts";
import { PERMISSIONS } from "./options.ts";
import { orSay, refuse } from "./refusal.ts";
import { momentOf } from "./times.ts";

/** `modules …`: what is loaded, for those who may change it. @param own the name of the module with these commands. */
export function modules<State>(prefix: string, all: Modules<State>, own: string): readonly CommandDefinition<State>[] {
  const module = text({
    description: "The name of a module",
    complete: () => all.list().map(({ name, description = "" }) => ({ value: name, description })),
  });
  const changing = (
    verb: string,
    summary: string,
    done: string,
    change: (name: string) => Promise<unknown>,
  ): CommandDefinition<State> =>
    command({
      name: `${prefix} ${verb}`,
      summary,
      permission: PERMISSIONS.modules,
      arguments: { module },
      run: (client: Client<State>, values) =>
        orSay(client, "ModuleError", async () => {
          if (values.module === own && verb !== "enable") {
            return refuse(client, `${own} has the commands to undo this: it stays.`);
          }
          await change(values.module);
          return client.sendln(`${escapeControls(values.module)} is ${done}.`);
        }),
    }) as CommandDefinition<State>;
  const define = command<{}, {}, State>;
  return [
    define({ name: prefix, summary: "Reloads, enables and disables modules", permission: PERMISSIONS.modules }),
    define({
      name: `${prefix} list`,
      summary: "Lists the modules",
      permission: PERMISSIONS.modules,
      pager: true,
      run(client) {
        client.table(all.list().map(rowOf));
      },
    }),
    command({
      name: `${prefix} reload`,
      summary: "Loads a module again, or all that have changed",
      permission: PERMISSIONS.modules,
      arguments: {
        module: text({
          optional: true,
          description: "The name of a module; without it whatever has changed, come or gone",
          complete: module.complete ?? [],
        }),
      },
      run: (client: Client<State>, values) =>
        orSay(client, "ModuleError", async () => {
          if (values.module === undefined) return report(client, await all.refresh());
          const { name, version, status } = await all.reload(values.module);
          const state = status === "enabled" ? "" : `, and is ${status}`;
          return client.sendln(`${escapeControls(name)} is loaded again${state}; version ${version}.`);
        }),
    }) as CommandDefinition<State>,
    changing("enable", "Puts a module in service", "enabled", (name) => all.enable(name)),
    changing("disable", "Takes a module out of service", "disabled", (name) => all.disable(name)),
    changing("unload", "Takes a module out of service, and forgets it", "unloaded", (name) => all.unload(name)),
  ];
}

function report<State>(client: Client<State>, changes: readonly ModuleChange[]): number {
  if (changes.length === 0) client.sendln("Nothing has changed.");
  for (const { name, change, error } of changes) {
    if (error === undefined) client.sendln(`${escapeControls(name)} is ${change}.`);
    else refuse(client, error.message);
  }
  return changes.some(({ change }) => change === "failed") ? 1 : 0;
}

function rowOf({ name, status, version, since, commands, error, description = "" }: ModuleInfo) {
  return {
    module: name,
    status: error === undefined || status === "failed" ? status : `${status}, reload failed`,
    version,
    since: since === undefined ? "" : momentOf(since),
    // Those below one are not listed: they are found by it.
    commands: [...new Set(commands.map((command) => command.split(" ", 1).join()))].join(", "),
    about: escapeControls(error?.message ?? description),
  };
}
