import { relative } from "node:path";
import { hashOf, syntaxFault } from "../../sources/index.ts";
import type { AppCommand } from "./app-process.ts";
import { AppProcess } from "./app-process.ts";
import type { Change, FromApp } from "./messages.ts";
import { Watch } from "./watch.ts";

/** Runs an app, and again when it changes; its modules are reloaded in the process that runs. */
export class Supervisor {
  readonly #command: AppCommand;
  readonly #say: (line: string) => void;
  readonly #watch: Watch = new Watch((paths) => void this.#next(() => this.#changed(paths)));
  /** The files that the app has loaded by itself. */
  #appFiles: Set<string> = new Set();
  /** Those that came in with modules; of these, some are modules' own and can be reloaded. */
  #otherFiles: Set<string> = new Set();
  #moduleFiles: ReadonlySet<string> = new Set();
  #folders: ReadonlySet<string> = new Set();
  #app: AppProcess | undefined;
  #isEnding = false;
  /** One thing at a time: what changes while the app restarts is looked at afterwards. */
  #last: Promise<void> = Promise.resolve();

  constructor(command: AppCommand, say: (line: string) => void) {
    this.#command = command;
    this.#say = say;
  }

  /** Runs until it is told to end. */
  async run(until: Promise<"SIGTERM" | "SIGINT">): Promise<void> {
    using _ = this.#watch;
    this.#start();
    const signal = await until;
    this.#isEnding = true;
    await this.#last;
    // Ctrl-C reaches all who are at the terminal: a second one would cut short what the first has begun.
    await this.#app?.end(signal === "SIGINT" && isAtTerminal() ? undefined : signal);
  }

  /** Makes the app end at once. */
  kill(): void {
    this.#app?.kill();
  }

  #start(): void {
    // What it imported before is no matter, until it does so again; but its file is what it begins with.
    this.#appFiles = new Set([this.#command.file]);
    this.#otherFiles = new Set();
    this.#moduleFiles = new Set();
    this.#folders = new Set();
    this.#watch.addFile(this.#command.file, hashOf(this.#command.file));
    const app = new AppProcess(this.#command, (message) => this.#heard(app, message));
    this.#app = app;
    void app.over.then((how) => {
      if (this.#app !== app || this.#isEnding) return;
      this.#app = undefined;
      this.#say(`the app has ended (${how}); it starts again when one of its files changes.`);
    });
  }

  #heard(app: AppProcess, message: FromApp): void {
    // Of one that has just ended there may be news still: what it could not load is waited for.
    if (this.#app !== undefined && this.#app !== app) return;
    switch (message.type) {
      case "files":
        for (const { path, hash, isOfApp } of message.files) {
          (isOfApp ? this.#appFiles : this.#otherFiles).add(path);
          this.#watch.addFile(path, hash);
        }
        return;
      case "modules":
        this.#moduleFiles = new Set(message.files);
        this.#folders = new Set(message.folders);
        // The app compares the contents itself.
        for (const path of this.#moduleFiles) if (!this.#watch.has(path)) this.#watch.addFile(path, hashOf(path));
        for (const path of this.#folders) this.#watch.addFolder(path);
        return;
      case "refreshed":
        for (const change of message.changes) this.#say(this.#report(change));
    }
  }

  async #changed(paths: ReadonlySet<string>): Promise<void> {
    if (this.#isEnding) return;
    // What a module imports from outside of its folder is not loaded again with it.
    const isFixed = (path: string): boolean => this.#otherFiles.has(path) && !this.#moduleFiles.has(path);
    const own = [...paths].filter((path) => this.#appFiles.has(path) || isFixed(path));
    const isOver = this.#app === undefined;
    if (own.length > 0 || isOver) return this.#restart(isOver ? [...paths] : own);
    if ([...paths].some((path) => this.#moduleFiles.has(path) || this.#folders.has(path)))
      this.#app?.tell({ type: "refresh" });
  }

  async #restart(changed: readonly string[]): Promise<void> {
    const names = changed.map((path) => this.#name(path)).join(", ");
    for (const path of changed) {
      const fault = await syntaxFault(path);
      if (fault === undefined) continue;
      const goesOn = this.#app === undefined ? "the app is not started" : "the app goes on as it was";
      return this.#say(`${this.#name(path)}:${fault.line}: ${fault.message}; ${goesOn}.`);
    }
    if (this.#isEnding) return;
    this.#say(`${names} changed: ${this.#app === undefined ? "starting" : "restarting"} the app.`);
    const app = this.#app;
    this.#app = undefined;
    await app?.end("SIGTERM");
    if (!this.#isEnding) this.#start();
  }

  #report({ name, file, change, serves, why }: Change): string {
    if (change !== "failed") return `${change} ${name} (${this.#name(file)}).`;
    const goesOn = serves ? `${name} goes on as it was` : `${name} is not loaded`;
    return `${this.#shorten(why ?? "")} (${goesOn})`;
  }

  #next(act: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(act);
    return this.#last;
  }

  /** A path as it is seen from here, when it is below. */
  #name(path: string): string {
    const name = relative(process.cwd(), path);
    return name.startsWith("..") ? path : name;
  }

  #shorten(text: string): string {
    return text.replaceAll(`${process.cwd()}/`, "");
  }
}

function isAtTerminal(): boolean {
  return [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
}
