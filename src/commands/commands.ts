import type {
  Awaitable,
  Client,
  CommandContext,
  CompletionAnswer,
  CompletionRequest,
  DefaultState,
  Log,
  ServerCore,
  Unregister,
} from "../server/index.ts";
import { ConfigError } from "../server/index.ts";
import { checkDefinition } from "./check.ts";
import { completeLine } from "./completion/complete.ts";
import type { Arguments, CommandDefinition, Options } from "./definition.ts";
import { helpCommand } from "./help/command.ts";
import type { CommandsOptions } from "./options.ts";
import { resolveOptions } from "./options.ts";
import { Registry } from "./registry.ts";
import type { AfterCommand, BeforeCommand, CommandMiddleware } from "./run/call.ts";
import type { Router } from "./run/execute.ts";
import { execute } from "./run/execute.ts";
import { Hooks } from "./run/hooks.ts";
import { Sudo } from "./sudo/sudo.ts";

/**
 * The commands of an app: what a user types is parted into words, checked, and handed to the command that it names.
 *
 *     const commands = new Commands();
 *     commands.add({
 *       name: "buy",
 *       summary: "Buys beans",
 *       arguments: { beans: choice(["arabica", "robusta"]), count: integer({ min: 1, default: 1 }) },
 *       options: { gift: flag({ short: "g" }) },
 *       run: (client, { beans, count, gift }) => client.sendln(`${count} ${beans}${gift ? ", wrapped" : ""}.`),
 *     });
 *     commands.mount(ssh);
 *
 * Commands may come and go while users are connected: the next line finds what is there then, and a command that runs goes on.
 */
export class Commands<State = DefaultState> {
  readonly #registry: Registry<State> = new Registry();
  readonly #router: Router<State>;
  readonly #mounted: WeakSet<ServerCore<State>> = new WeakSet();

  /** @throws ConfigError `UNKNOWN_OPTION` or `BAD_OPTION`. */
  constructor(options: CommandsOptions<State> = {}) {
    const resolved = resolveOptions(options);
    const sudo = resolved.sudo && new Sudo(resolved.sudo);
    this.#router = { options: resolved, root: this.#registry.root, hooks: new Hooks(), sudo };
    if (resolved.help) this.add(helpCommand(this.#router));
  }

  /**
   * Adds a command. What its handler gets is typed from its declaration.
   *
   * @returns a function that takes it away again, also for `using`.
   * @throws ConfigError `BAD_OPTION` for a declaration that makes no sense, `CONFLICT` when a name is taken.
   */
  add<const Args extends Arguments = {}, const Opts extends Options = {}>(
    definition: CommandDefinition<State, Args, Opts>,
  ): Unregister {
    const entry = definition as unknown as CommandDefinition<State>;
    checkDefinition(entry);
    const word = this.#router.sudo?.word;
    if (word !== undefined && [entry.name, ...(entry.aliases ?? [])].includes(word)) {
      throw new ConfigError(
        "CONFLICT",
        `No command can be called ${word}: that is the word of sudo. See its option word.`,
      );
    }
    return unregister(this.#registry.add(entry));
  }

  /** Every command, also those that are hidden; headings before their subcommands. */
  list(): readonly CommandDefinition<State>[] {
    return this.#registry.definitions;
  }

  /** Puts middleware around every command, inside of what is there already. Gives a function that takes it away again. */
  use(middleware: CommandMiddleware<State>): Unregister {
    return unregister(this.#router.hooks.middleware.add(middleware));
  }

  /** Has a function called before each command. Gives a function that takes it away again. */
  before(hook: BeforeCommand<State>): Unregister {
    return unregister(this.#router.hooks.before.add(hook));
  }

  /** Has a function called after each command. Gives a function that takes it away again. */
  after(hook: AfterCommand<State>): Unregister {
    return unregister(this.#router.hooks.after.add(hook));
  }

  /**
   * Serves a server's `command` events, and completes the lines of its clients, also of those who are in already. A router
   * may be mounted on several servers.
   *
   * @returns a function that takes it off again.
   * @throws ConfigError `CONFLICT` when it is mounted there already.
   */
  mount(ssh: ServerCore<State>): Unregister {
    if (this.#mounted.has(ssh)) throw new ConfigError("CONFLICT", "These commands are mounted on this server already.");
    this.#mounted.add(ssh);
    const { log, complete } = ssh.options;
    const onCommand = ssh.onUser("command", (client, line, { signal }) =>
      execute(this.#router, client, line, { signal, log }),
    );
    const assist = (client: Client<State>): void => client.setCompleter((request) => this.complete(client, request));
    const onConnect = ssh.onUser("connect", assist);
    for (const client of ssh.clients) assist(client);
    return unregister(() => {
      this.#mounted.delete(ssh);
      onCommand();
      onConnect();
      for (const client of ssh.clients) {
        client.setCompleter(typeof complete === "function" ? (request) => complete(client, request) : complete);
      }
    });
  }

  /**
   * Runs one line, for a `command` handler of the app's own.
   *
   * @param context what the handler got, and where sudo is told of: `{ ...context, log: ssh.options.log }`.
   * @returns the exit status: 2 for wrong use, 124 after the timeout, 126 for what needs sudo, 127 for an unknown command.
   * @throws what the handler throws.
   */
  run(
    client: Client<State>,
    line: string,
    context: CommandContext & { readonly log: Log },
  ): Promise<number | undefined> {
    return execute(this.#router, client, line, context);
  }

  /** What Tab finds at the cursor of a line, as the option `complete` of a server and `client.ask` take it. */
  complete(client: Client<State>, request: CompletionRequest): Awaitable<CompletionAnswer> {
    return completeLine(this.#router, client, request);
  }
}

function unregister(undo: () => void): Unregister {
  let isOver = false;
  const once = (): void => {
    if (!isOver) undo();
    isOver = true;
  };
  return Object.assign(once, { [Symbol.dispose]: once });
}
