import { channel } from "node:diagnostics_channel";
import type { DefaultState } from "../../server/index.ts";
import { ConfigError, ServerCore } from "../../server/index.ts";
import type { EntryHost } from "./entry.ts";
import { Entry } from "./entry.ts";
import { ModuleError } from "./error.ts";
import { findModules, modulesIn } from "./files.ts";
import type { ModuleChange, ModuleInfo } from "./info.ts";
import type { Module } from "./module.ts";
import { inOrder } from "./order.ts";
import type { CommandTable } from "./registration.ts";
import { sources } from "../../sources/index.ts";

/** What {@link Modules} work with. */
export interface ModulesOptions<State = DefaultState> {
  readonly server: ServerCore<State>;
  /** Where their commands go: a `Commands` that is mounted on the same server. */
  readonly commands: CommandTable<State>;
  /** How long the file of a module may take to be loaded, and again its `setup`, in seconds. Default 10. */
  readonly setupTime?: number;
}

/** Where `sallyport dev` hears of the modules of an app: `{ modules }`, when there are some and each time they change. */
const announcements = channel("sallyport:modules");

/**
 * The modules of a server: groups of commands and handlers in files, which come and go while users are connected.
 *
 *     const modules = new Modules({ server: ssh, commands });
 *     await modules.load(new URL("./modules/", import.meta.url));
 *     await modules.reload("greeter");          // sessions stay, and the next command runs the new code
 *
 * What changes modules is done one after the other.
 */
export class Modules<State = DefaultState> implements AsyncDisposable {
  readonly #host: EntryHost<State>;
  readonly #entries: Set<Entry<State>> = new Set();
  readonly #folders: Set<string> = new Set();
  /** Those that were found in a folder, and not named one by one. */
  readonly #found: Set<string> = new Set();
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /** @throws ConfigError `UNKNOWN_OPTION` or `BAD_OPTION`. */
  constructor(options: ModulesOptions<State>) {
    checkOptions(options);
    const { server, commands, setupTime = 10 } = options;
    this.#host = {
      server,
      commands,
      setupTime,
      given: (name) => this.#enabled(name).own,
      check: (entry, module) => this.#check(entry, module),
    };
    this.#announce();
  }

  /** The folders whose modules were loaded. */
  get folders(): readonly string[] {
    return [...this.#folders];
  }

  /** What there is, in the order in which it was loaded. */
  list(): readonly ModuleInfo[] {
    return [...this.#entries].map(({ info }) => info);
  }

  /**
   * Loads the module in a file, or all of a folder that are not loaded yet. Those of a folder are its `.ts`, `.mts`, `.js` and
   * `.mjs` files and its folders with an `index` file; names that begin with `_` or a dot are left out, and so are tests.
   * A folder that has an `index` file is itself one module.
   *
   * Of a folder every module is loaded that can be; the error is that of the first that cannot. Each is in the log, and in
   * {@link list}, and is tried again by {@link reload}.
   *
   * @param path an absolute path or a file URL; a relative path begins where the process was started.
   * @throws ModuleError `NO_FILE`, `NOT_LOADED`, `BAD_MODULE`, `TAKEN`, `NEEDED`, `SETUP_FAILED`, `TOO_SLOW`, `CLOSED`.
   */
  load(path: string | URL): Promise<readonly ModuleInfo[]> {
    return this.#next(async () => {
      const { folder, files } = findModules(path);
      if (folder !== undefined) {
        this.#folders.add(folder);
        for (const file of files) this.#found.add(file);
      }
      const wanted = files.filter((file) => (this.#ofFile(file)?.status ?? "failed") === "failed");
      if (folder === undefined && wanted.length === 0) {
        throw new ModuleError("TAKEN", `${files.join()} is loaded already: reload it by its name.`);
      }
      const { entries, errors } = await this.#loadFiles(wanted);
      const [error] = errors;
      if (error !== undefined) throw error;
      return entries.map(({ info }) => info);
    });
  }

  /** Takes in a module that the app has at hand. It can be disabled and unloaded, but not reloaded. @throws ModuleError. */
  add<Own>(module: Module<State, Own>): Promise<ModuleInfo> {
    return this.#next(async () => {
      // What its setup gives goes to its own functions alone.
      const entry = new Entry(this.#host, { module: module as unknown as Module<State> });
      await entry.enable();
      this.#entries.add(entry);
      return entry.info;
    });
  }

  /**
   * Loads a module again, with what it imports from its own folder as far as that has changed, and puts it in the place of
   * the version that serves. That one goes on when anything goes wrong, and what runs of it runs to its end in any case.
   *
   * @throws ModuleError `NO_MODULE`, `NO_RELOAD`, and as {@link load}.
   */
  reload(name: string): Promise<ModuleInfo> {
    return this.#next(async () => {
      const entry = this.#named(name);
      await this.#reload(entry);
      return entry.info;
    });
  }

  /**
   * Brings all modules up to their files: loads again what has changed, loads what is new in the folders, unloads what is gone
   * from them. Never rejects because of a module: what failed is among what it gives.
   */
  refresh(): Promise<readonly ModuleChange[]> {
    return this.#next(async () => {
      const changes: ModuleChange[] = [];
      const files = new Set([...this.#folders].flatMap((folder) => modulesIn(folder)));
      for (const entry of this.#entries) {
        const change = await this.#refresh(entry, files);
        if (change !== undefined) changes.push(change);
      }
      const fresh = [...files].filter((file) => this.#ofFile(file) === undefined);
      for (const file of fresh) this.#found.add(file);
      const { entries } = await this.#loadFiles(fresh);
      return [...changes, ...entries.map((entry) => changeOf(entry, "loaded"))];
    });
  }

  /** Puts a module in service that was disabled. @throws ModuleError `NO_MODULE`, and as {@link load}. */
  enable(name: string): Promise<ModuleInfo> {
    return this.#next(async () => {
      const entry = this.#named(name);
      await entry.enable();
      return entry.info;
    });
  }

  /**
   * Takes its commands and handlers away, and keeps the module for {@link enable}. What runs of it goes on; its teardown comes
   * when that has ended, and is not waited for.
   *
   * @throws ModuleError `NO_MODULE`; `NEEDED` when an enabled one needs it.
   */
  disable(name: string): Promise<ModuleInfo> {
    return this.#next(async () => {
      const entry = this.#named(name);
      this.#checkNeeded(entry);
      void entry.end("disable");
      return entry.info;
    });
  }

  /** As {@link disable}, and forgets the module. @throws as {@link disable}. */
  unload(name: string): Promise<void> {
    return this.#next(async () => {
      const entry = this.#named(name);
      this.#checkNeeded(entry);
      this.#entries.delete(entry);
      void entry.end("unload");
    });
  }

  /** Unloads all, the last first, and waits for each teardown, but for nothing that still runs. Close the server before. */
  close(): Promise<void> {
    this.#isClosed = true;
    const closed = this.#last.then(async () => {
      for (const entry of [...this.#entries].toReversed()) {
        this.#entries.delete(entry);
        await entry.end("unload", true);
      }
    });
    this.#last = closed;
    return closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Does something when all that was asked for before is done. */
  #next<Value>(act: () => Promise<Value>): Promise<Value> {
    if (this.#isClosed)
      return Promise.reject(new ModuleError("CLOSED", "The modules of this server have been closed."));
    const done = this.#last.then(act).finally(() => this.#announce());
    this.#last = done.catch(() => undefined);
    return done;
  }

  #announce(): void {
    announcements.publish({ modules: this });
  }

  async #loadFiles(
    files: readonly string[],
  ): Promise<{ readonly entries: Entry<State>[]; readonly errors: ModuleError[] }> {
    const entries: Entry<State>[] = [];
    const read: { readonly name: string; readonly needs: readonly string[]; readonly begin: () => Promise<void> }[] =
      [];
    const errors: ModuleError[] = [];
    for (const file of files) {
      const entry = this.#ofFile(file) ?? new Entry<State>(this.#host, { file });
      this.#entries.add(entry);
      entries.push(entry);
      try {
        const module = await entry.read();
        read.push({ name: module.name, needs: module.needs ?? [], begin: () => entry.begin(module) });
      } catch (error) {
        errors.push(error as ModuleError);
      }
    }
    for (const { begin } of inOrder(read)) await begin().catch((error: ModuleError) => errors.push(error));
    return { entries, errors };
  }

  async #reload(entry: Entry<State>): Promise<void> {
    const module = await entry.read();
    if (entry.status === "disabled") entry.keep(module);
    else await entry.begin(module);
  }

  async #refresh(entry: Entry<State>, files: ReadonlySet<string>): Promise<ModuleChange | undefined> {
    const { file } = entry;
    if (file === undefined) return undefined;
    if (this.#found.has(file) && !files.has(file) && this.#needing(entry) === undefined) {
      this.#entries.delete(entry);
      this.#found.delete(file);
      void entry.end("unload");
      return { name: entry.name, file, change: "unloaded" };
    }
    if (!sources.hasChanged(file)) return undefined;
    const change = entry.status === "failed" ? "loaded" : "reloaded";
    await this.#reload(entry).catch(() => undefined);
    return changeOf(entry, change);
  }

  #check(entry: Entry<State>, module: Module<State>): void {
    const other = [...this.#entries].find(
      (one) => one !== entry && one.name === module.name && one.status !== "failed",
    );
    if (other !== undefined) {
      throw new ModuleError(
        "TAKEN",
        `There is another module with the name "${module.name}", from ${other.file ?? "the app"}.`,
      );
    }
    for (const name of module.needs ?? []) {
      if (name === module.name) throw new ModuleError("NEEDED", `The module ${name} needs itself.`);
      this.#enabled(name, module.name);
    }
  }

  #checkNeeded(entry: Entry<State>): void {
    const needing = this.#needing(entry);
    if (needing === undefined) return;
    throw new ModuleError("NEEDED", `The module ${needing.name} needs ${entry.name}: disable that first.`, {
      module: entry.name,
    });
  }

  #needing(entry: Entry<State>): Entry<State> | undefined {
    return [...this.#entries].find(({ status, needs }) => status === "enabled" && needs.includes(entry.name));
  }

  #enabled(name: string, by?: string): Entry<State> {
    const entry = [...this.#entries].find((entry) => entry.name === name && entry.status === "enabled");
    if (entry !== undefined) return entry;
    throw new ModuleError(
      "NEEDED",
      `The module ${name}${by === undefined ? "" : `, which ${by} needs,`} is not enabled.`,
    );
  }

  #named(name: string): Entry<State> {
    const entry = [...this.#entries].find((entry) => entry.name === name);
    if (entry !== undefined) return entry;
    const names = [...this.#entries].map((entry) => entry.name).join(", ");
    throw new ModuleError("NO_MODULE", `There is no module ${JSON.stringify(name)}; there is ${names || "none"}.`, {
      module: name,
    });
  }

  #ofFile(file: string): Entry<State> | undefined {
    return [...this.#entries].find((entry) => entry.file === file);
  }
}

/** What each option has to be, in words for the error and as a test. */
const OPTIONS: Readonly<Record<keyof ModulesOptions, readonly [expected: string, check: (given: unknown) => boolean]>> =
  {
    server: ["a server", (given) => given instanceof ServerCore],
    commands: [
      "a Commands",
      (given) => typeof given === "object" && given !== null && "add" in given && typeof given.add === "function",
    ],
    setupTime: [
      "a number of seconds above 0, up to a day",
      (given) => given === undefined || (typeof given === "number" && given > 0 && given <= 86_400),
    ],
  };

function checkOptions(given: object): void {
  const options = given as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(OPTIONS, name)) continue;
    const names = Object.keys(OPTIONS).join(", ");
    throw new ConfigError("UNKNOWN_OPTION", `There is no option ${name} in new Modules({ … }). There is ${names}.`);
  }
  for (const [name, [expected, check]] of Object.entries(OPTIONS)) {
    if (check(options[name])) continue;
    throw new ConfigError("BAD_OPTION", `The option ${name} of new Modules({ … }) must be ${expected}.`);
  }
}

function changeOf<State>(entry: Entry<State>, done: "loaded" | "reloaded"): ModuleChange {
  const { error } = entry.info;
  const { name, file = "" } = entry;
  return error === undefined ? { name, file, change: done } : { name, file, change: "failed", error };
}
