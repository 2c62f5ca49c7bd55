import type { ServerCore } from "../../server/index.ts";
import { ConfigError } from "../../server/index.ts";
import { sources } from "../../sources/index.ts";
import { ModuleError } from "./error.ts";
import { nameByFile } from "./files.ts";
import type { ModuleInfo, ModuleStatus } from "./info.ts";
import { loadModule, located } from "./load.ts";
import type { Module, TeardownReason } from "./module.ts";
import type { CommandTable } from "./registration.ts";
import { Registration } from "./registration.ts";
import { Service, textOf } from "./service.ts";

/** What all modules of a server share. */
export interface EntryHost<State> {
  readonly server: ServerCore<State>;
  readonly commands: CommandTable<State>;
  /** How long a module may take to be loaded, and again to be set up, in seconds. */
  readonly setupTime: number;
  /** What the setup of a module gave. @throws ModuleError `NEEDED`. */
  given(name: string): unknown;
  /** Whether it can be set up: throws a ModuleError when not. */
  check(entry: Entry<State>, module: Module<State>): void;
}

/** One module among those of a server, through all its versions. */
export class Entry<State> {
  /** Undefined for one that the app has handed over. */
  readonly file: string | undefined;
  readonly #host: EntryHost<State>;
  readonly #registration: Registration<State>;
  #module: Module<State> | undefined;
  #version = 0;
  #since: number | undefined;
  #error: ModuleError | undefined;

  constructor(host: EntryHost<State>, origin: { readonly file: string } | { readonly module: Module<State> }) {
    this.#host = host;
    this.#registration = new Registration(host.server, host.commands);
    if ("file" in origin) this.file = origin.file;
    else this.#module = origin.module;
  }

  get name(): string {
    return this.#module?.name ?? nameByFile(this.file ?? "");
  }

  get needs(): readonly string[] {
    return this.#module?.needs ?? [];
  }

  get status(): ModuleStatus {
    if (this.#registration.service !== undefined) return "enabled";
    return this.#version > 0 ? "disabled" : "failed";
  }

  /** What the setup of the version that serves gave. */
  get own(): unknown {
    return this.#registration.service?.own;
  }

  get info(): ModuleInfo {
    const { service } = this.#registration;
    return {
      name: this.name,
      description: this.#module?.description,
      status: this.status,
      file: this.file,
      files: this.file === undefined ? [] : [...sources.filesOf(this.file)],
      needs: this.needs,
      commands: service?.commands.map(({ name }) => name) ?? [],
      events: service === undefined ? [] : [...service.events.keys()],
      version: this.#version,
      since: this.#since,
      running: service?.running ?? 0,
      error: this.#error,
    };
  }

  /** Reads its file. The version that serves goes on. @throws ModuleError. */
  read(): Promise<Module<State>> {
    return this.#attempt("load", async () => {
      if (this.file === undefined) {
        throw new ModuleError(
          "NO_RELOAD",
          `The module ${this.name} came without a file: it changes when the app is restarted.`,
        );
      }
      const module = await loadModule<State>(this.file, this.#host.setupTime);
      if (this.#version > 0 && module.name !== this.name) {
        const text = `The module ${this.name} has another name now, ${module.name}: unload it, and load it by that.`;
        throw new ModuleError("BAD_MODULE", text);
      }
      return module;
    });
  }

  /** Sets a version up, and puts it in the place of the one that serves, if any does. @throws ModuleError. */
  begin(module: Module<State>): Promise<void> {
    if (this.#version === 0) this.#module = module;
    return this.#attempt(this.status === "enabled" ? "reload" : "setup", async () => {
      this.#host.check(this, module);
      const before = this.#registration.service;
      const service = await Service.begin(module, this.#host, before?.own, this.#host.setupTime);
      try {
        this.#registration.replace(service);
      } catch (error) {
        await service.end("unload", true).catch(() => undefined);
        const isTaken = error instanceof ConfigError && error.code === "CONFLICT";
        throw new ModuleError(isTaken ? "TAKEN" : "BAD_MODULE", textOf(error), { cause: error });
      }
      this.#module = module;
      this.#version += 1;
      this.#since = Date.now();
      this.#error = undefined;
      this.#log("module in service");
      if (before !== undefined) void this.#end(before, "reload");
    });
  }

  /** Keeps a version for when the module is enabled again. */
  keep(module: Module<State>): void {
    this.#module = module;
    this.#error = undefined;
  }

  /** Sets up the version that it has; one that could not be loaded is loaded again. @throws ModuleError. */
  async enable(): Promise<void> {
    if (this.status === "enabled") return;
    const isProven = this.#version > 0 || this.file === undefined;
    await this.begin((isProven ? this.#module : undefined) ?? (await this.read()));
  }

  /** Takes it out of service; what runs of it goes on. Resolves when its teardown is done. */
  end(reason: TeardownReason, isHurried = false): Promise<void> {
    const { service } = this.#registration;
    if (service === undefined) return Promise.resolve();
    this.#registration.replace(undefined);
    this.#log("module out of service");
    return this.#end(service, reason, isHurried);
  }

  async #end(service: Service<State>, reason: TeardownReason, isHurried = false): Promise<void> {
    try {
      await service.end(reason, isHurried);
    } catch (error) {
      this.#failed("teardown", error);
    }
  }

  async #attempt<Value>(doing: "load" | "setup" | "reload", act: () => Promise<Value>): Promise<Value> {
    try {
      return await act();
    } catch (error) {
      const clues = doing === "load" ? [] : cluesTo(error);
      this.#error = await located(error, "NOT_LOADED", this.file, this.name, clues);
      this.#failed(doing, this.#error);
      throw this.#error;
    }
  }

  #log(event: "module in service" | "module out of service"): void {
    this.#host.server.options.log({
      level: "info",
      event,
      detail: { module: this.name, version: this.#version, file: this.file },
    });
  }

  #failed(doing: "load" | "setup" | "reload" | "teardown", error: unknown): void {
    this.#host.server.options.log({
      level: "error",
      event: "module failed",
      detail: {
        module: this.name,
        doing,
        serves: this.#registration.service !== undefined,
        why: textOf(error),
      },
      error: error instanceof ModuleError ? (error.cause ?? error) : error,
    });
  }
}

/** What stands on the line of a fault that was found when a module was set up. */
function cluesTo(error: unknown): readonly RegExp[] {
  if (!(error instanceof ModuleError)) return [];
  const [, named] = /"([\w .-]+)"/.exec(error.message) ?? [];
  if (["TAKEN", "BAD_MODULE"].includes(error.code) && named !== undefined) {
    const name = named.replaceAll(".", "\\.");
    return [new RegExp(`["'\`]${name}["'\`]`), new RegExp(`\\b${name}\\b *[:(]`)];
  }
  return error.code === "TOO_SLOW" ? [/\bsetup\b/] : error.code === "NEEDED" ? [/\bneeds\b/] : [];
}
