import type { DefaultState } from "../../server/index.ts";
import type { CommandDefinition } from "../definition.ts";
import type { Module } from "../modules/module.ts";
import { account } from "./account/account.ts";
import type { SystemHost } from "./host.ts";
import { modules } from "./modules.ts";
import type { ResolvedSystemOptions, SystemCommand, SystemOptions } from "./options.ts";
import { resolveSystemOptions } from "./options.ts";
import { kick, w, wall, who } from "./others.ts";
import { clear, date, echo, exit, history, hostname, uptime, whoami } from "./own-session.ts";
import { passwd } from "./account/passwd.ts";
import { Sessions } from "./sessions.ts";

/** The name of the module. */
const NAME = "system";

type Make = <State>(name: string, host: SystemHost<State>) => readonly CommandDefinition<State>[];

const COMMANDS: Readonly<Record<SystemCommand, Make>> = {
  whoami: (name, host) => [whoami(name, host)],
  who: (name, host) => [who(name, host)],
  w: (name, host) => [w(name, host)],
  uptime: (name, host) => [uptime(name, host)],
  date: (name) => [date(name)],
  hostname: (name, host) => [hostname(name, host)],
  history: (name) => [history(name)],
  echo: (name) => [echo(name)],
  clear: (name) => [clear(name)],
  exit: (name) => [exit(name)],
  passwd: (name, host) => (host.options.accounts === undefined ? [] : [passwd(name, host, host.options.accounts)]),
  kick: (name, host) => [kick(name, host)],
  wall: (name, host) => [wall(name, host)],
  account: (name, { options }) => (options.accounts === undefined ? [] : account(name, options.accounts)),
  modules: (name, { options }) => (options.modules === undefined ? [] : modules(name, options.modules, NAME)),
};

/**
 * The commands that a user of a shell looks for, as a module: `whoami`, `who`, `w`, `uptime`, `date`, `hostname`, `history`, `echo`,
 * `clear`, `exit`, and, for those who may, `kick`, `wall`, `passwd`, `account` and `modules`.
 *
 *     await modules.add(systemCommands({ may: accounts.may, accounts, modules }));
 *
 * @throws ConfigError `UNKNOWN_OPTION` or `BAD_OPTION`.
 */
export function systemCommands<State = DefaultState>(
  options: SystemOptions<State> = {},
): Module<State, SystemHost<State>> {
  const resolved = resolveSystemOptions(options);
  return {
    name: NAME,
    description: "What a user of a shell looks for",
    setup: ({ server }) => ({
      options: resolved,
      server,
      sessions: new Sessions(() => server.clients, resolved.nameOf),
    }),
    commands: (host) => commandsFor(host, resolved),
    events: ({ sessions }) => ({
      // Numbers are given in the order in which sessions begin.
      connect: (client) => void sessions.numberOf(client),
      rawtype: (client) => sessions.touch(client),
    }),
  };
}

function commandsFor<State>(
  host: SystemHost<State>,
  { names, category }: ResolvedSystemOptions<State>,
): readonly CommandDefinition<State>[] {
  return Object.entries(COMMANDS).flatMap(([command, make]) => {
    const name = names[command as SystemCommand];
    return name === false ? [] : make(name, host).map((definition) => ({ category, ...definition }));
  });
}
