import type { Client, Log } from "../../server/index.ts";
import { Access } from "../access.ts";
import type { CommandDefinition } from "../definition.ts";
import { helpFor } from "../help/page.ts";
import { usageOf } from "../help/usage.ts";
import type { SplitLine, Word } from "../line/split.ts";
import { checkClosed, scan } from "../line/split.ts";
import { verbatimWords } from "../line/verbatim.ts";
import { nearest } from "../nearest.ts";
import type { ResolvedCommandsOptions } from "../options.ts";
import { asksForHelp, isVerbatim, readValues } from "../parse/values.ts";
import { UsageError } from "../parse/usage-error.ts";
import { shown } from "../parameters/parameter.ts";
import type { Entry } from "../registry.ts";
import { reach } from "../registry.ts";
import type { Sudo } from "../sudo/sudo.ts";
import type { CommandCall } from "./call.ts";
import type { Hooks } from "./hooks.ts";
import { leadsToPager, paged } from "./pager.ts";
import { supervise } from "./supervise.ts";

/** What a router has to run commands with. */
export interface Router<State> {
  readonly options: ResolvedCommandsOptions<State>;
  readonly root: Entry<State>;
  readonly hooks: Hooks<State>;
  readonly sudo: Sudo<State> | undefined;
}

/** What comes along with a line. */
export interface LineContext {
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** The exit status of a command that was used wrongly, as the shells' builtins have it. */
const MISUSED = 2;
const FAILED = 1;
const TIMED_OUT = 124;
const NOT_ALLOWED = 126;
const UNKNOWN = 127;
const INTERRUPTED = 130;

/** Runs a line. @returns the exit status; undefined where the server knows it. @throws what the handler throws. */
export function execute<State>(
  router: Router<State>,
  client: Client<State>,
  line: string,
  context: LineContext,
): Promise<number | undefined> {
  return new Execution(router, client, line, context).run();
}

/** One line of one client, from its words to its exit status. */
class Execution<State> {
  readonly #router: Router<State>;
  readonly #client: Client<State>;
  readonly #line: string;
  readonly #split: SplitLine;
  readonly #context: LineContext;

  constructor(router: Router<State>, client: Client<State>, line: string, context: LineContext) {
    this.#router = router;
    this.#client = client;
    this.#line = line;
    this.#split = scan(line, router.options.pipes);
    this.#context = context;
  }

  async run(): Promise<number | undefined> {
    try {
      return await this.#elevated();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return this.#complain(error.message, MISUSED);
    }
  }

  /** With or without sudo. */
  async #elevated(): Promise<number | undefined> {
    const { sudo, root } = this.#router;
    const { words } = this.#split;
    const [word = "", ...behind] = words.map(({ text }) => text);
    // As a shell has it, a line of blanks is none.
    if (words.length === 0 && this.#line.trim() === "") return 0;
    if (sudo === undefined || word !== sudo.word) return this.#find(words, false);
    if (behind.length === 0) {
      return this.#complain(`Usage: ${word} <command>, or ${word} -k to be asked for the password again.`, MISUSED);
    }
    if (behind.length === 1 && behind[0] === "-k") {
      sudo.forget(this.#client);
      return 0;
    }
    // Nobody types a password for a line that cannot be read; who may not use it learns nothing of what there is.
    if ((await sudo.isFor(this.#client)) && !isVerbatim(reach(root, behind).definition)) this.#checked();
    const request = { client: this.#client, line: this.#line, ...this.#context };
    return (await sudo.elevate(request)) ? this.#find(words.slice(1), true) : FAILED;
  }

  async #find(words: readonly Word[], elevated: boolean): Promise<number | undefined> {
    const { root, options, sudo } = this.#router;
    const access = new Access(this.#client, options.may, elevated);
    const texts = words.map(({ text }) => text);
    const { place, depth, barred } = await access.find(root, texts);
    const { definition } = place;
    if (barred !== undefined && sudo !== undefined && (await sudo.isFor(this.#client))) {
      const name = barred.path.join(" ");
      return this.#complain(`${name}: not allowed. Try ${sudo.word} ${name}`, NOT_ALLOWED);
    }
    if (depth === 0) return this.#unknown(texts[0] ?? "", access);
    const isWhole = isVerbatim(definition);
    const isPaged = isWhole ? false : this.#checked();
    if (options.help && asksForHelp(definition, texts.slice(depth))) {
      await this.#client.page(await helpFor(this.#client, place, access), { signal: this.#context.signal });
      return 0;
    }
    if (definition?.run === undefined) return this.#heading(place, texts, depth, access);
    try {
      const rest = isWhole ? this.#verbatim(definition, words[depth - 1]) : texts.slice(depth);
      return await this.#supervised(definition, rest, isPaged || definition.pager === true, elevated);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return this.#complain(`${definition.name}: ${error.message}\nUsage: ${usageOf(definition)}`, MISUSED);
    }
  }

  /** Whether the line leads to the pager. @throws UsageError when it cannot be parted into words. */
  #checked(): boolean {
    checkClosed(this.#split);
    return leadsToPager(this.#split);
  }

  #verbatim(definition: CommandDefinition<State>, name: Word | undefined): readonly string[] {
    return verbatimWords(this.#line.slice(name?.end), Object.keys(definition.arguments ?? {}).length - 1);
  }

  /** There is no such command. */
  async #unknown(word: string, access: Access<State>): Promise<number | undefined> {
    const { root, options } = this.#router;
    if (options.unknown !== undefined && !access.elevated) {
      return (await options.unknown(this.#client, this.#line, { signal: this.#context.signal })) ?? undefined;
    }
    this.#checked();
    const meant = nearest(word, namesOf(await access.visible(root)));
    const hint = meant === undefined ? "" : ` Did you mean ${meant}?`;
    const help = options.help ? ' "help" lists what there is.' : "";
    return this.#complain(`There is no command ${shown(word)}.${hint}${help}`, UNKNOWN);
  }

  /** There is nothing to run, but what stands below it. */
  async #heading(
    place: Entry<State>,
    words: readonly string[],
    depth: number,
    access: Access<State>,
  ): Promise<number | undefined> {
    const name = place.path.join(" ");
    const children = await access.visible(place);
    // Whoever may run nothing of it is not told that it is there.
    if (children.length === 0) return this.#unknown(words[0] ?? "", access);
    const names = namesOf(children);
    const word = words[depth];
    const list = `One of these has to follow: ${names.join(", ")}.`;
    if (word === undefined) return this.#complain(`${name}: a command is missing. ${list}`, MISUSED);
    const meant = nearest(word, names);
    const hint = meant === undefined ? list : `Did you mean ${meant}?`;
    return this.#complain(`${name}: There is no command ${shown(word)} here. ${hint}`, MISUSED);
  }

  async #supervised(
    definition: CommandDefinition<State>,
    words: readonly string[],
    isPaged: boolean,
    elevated: boolean,
  ): Promise<number> {
    const { options, hooks } = this.#router;
    const client = this.#client;
    const { signal: outer } = this.#context;
    const { name, timeout = options.timeout } = definition;
    const values = await readValues(definition, words, { client, signal: outer });
    let call: CommandCall<State> = { client, definition, values, name, line: this.#line, elevated, signal: outer };
    const work = async (within: AbortSignal): Promise<number> => {
      const run = (signal: AbortSignal): Promise<number> => {
        call = { ...call, signal };
        return hooks.around(call, () => invoke(call, outer));
      };
      const done = await supervise(within, timeout, run, (error) => this.#late(name, error));
      if (!done.timedOut) return done.value;
      return this.#complain(`${name}: stopped, as it took longer than ${timeout} seconds.`, TIMED_OUT);
    };
    const since = Date.now();
    const tell = (status: number, failure: object = {}): Promise<void> =>
      hooks.tell(call, { status, duration: Date.now() - since, ...failure });
    let status: number;
    try {
      // Who leaves the pager has seen what he wanted.
      status = isPaged && client.pty !== undefined ? ((await paged(client, outer, work)) ?? 0) : await work(outer);
    } catch (error) {
      const failed = outer.aborted ? INTERRUPTED : error instanceof UsageError ? MISUSED : FAILED;
      // What the hook has to say against it must not hide what went wrong first.
      await tell(failed, { error }).catch((fault: unknown) => this.#late("after", fault));
      throw error;
    }
    await tell(status);
    return status;
  }

  /** What fails too late for its user to be told. */
  #late(name: string, error: unknown): void {
    const { connection, username } = this.#client;
    const { id, peer } = connection;
    this.#context.log({
      level: "error",
      event: "handler failed",
      connection: id,
      peer: peer.address,
      detail: { handler: name },
      error,
      username,
    });
  }

  #complain(text: string, status: number): number {
    this.#client.stderr.write(`${text}\n`);
    return status;
  }
}

/** @param outer aborted when the user has called the command off. */
async function invoke<State>(call: CommandCall<State>, outer: AbortSignal): Promise<number> {
  const { definition, client, values, signal, name, line, elevated } = call;
  const returned = await definition.run?.(client, values, { signal, name, line, elevated });
  if (typeof returned !== "number") return outer.aborted ? INTERRUPTED : 0;
  // What does not fit into an exit status must not turn into success.
  return Number.isInteger(returned) && returned >= 0 && returned <= 255 ? returned : FAILED;
}

/** The words that lead to places, aliases too. */
function namesOf<State>(places: readonly Entry<State>[]): string[] {
  return places
    .filter(({ definition }) => definition?.hidden !== true)
    .flatMap(({ path, definition }) => [path.at(-1) ?? "", ...(definition?.aliases ?? [])]);
}
