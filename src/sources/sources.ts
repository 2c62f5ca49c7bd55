import { realpathSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { dirname, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { hashOf } from "./content.ts";

/** Marks the versions of a file for Node, which never reads the same address twice: `file:///app/modules/shop.ts?sallyport=3`. */
export const VERSION_MARK = "sallyport";

/** What Node keeps of CommonJS, by the paths of the files. */
const { cache: required } = createRequire(import.meta.url);

/** What a file exports. */
export type Exports = Readonly<Record<string, unknown>>;

/** A file that came in with a module. */
interface Source {
  /** 0 is the plain address, by which the app may have the file too; what was asked for by itself begins with 1. */
  version: number;
  /** What was in it when it was loaded; undefined when there was no such file. */
  hash: string | undefined;
  /** It came in with something that could not be loaded: Node would give the same failure again. */
  isStale: boolean;
  /** The files of the own folder that it imports, and the version of each that it has got. */
  readonly imports: Map<string, number>;
}

/**
 * The files of modules, loaded anew when they have changed. A file is loaded again when it, or one that it imports, has changed
 * since; the others stay what they are, with whatever they remember. Only files of the folder of the module count, none of
 * `node_modules`, and not the app's main file. What Node has loaded it keeps until the process ends.
 */
class Sources {
  readonly #sources: Map<string, Source> = new Map();
  /** The folders whose files are versioned. */
  readonly #folders: Set<string> = new Set();
  /** What the load that is under way has brought in. */
  #fresh: Set<string> = new Set();
  /** What those imported that it has renewed: should it fail, they are still what a change is looked for in. */
  #before: Map<string, ReadonlyMap<string, number>> = new Map();
  #versions = 0;
  #main: string | undefined;
  #isHooked = false;
  /** One load at a time: what each brings in must be known. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Loads a file in its current state, with what it imports as far as that has changed. Rejects with what Node says of it.
   *
   * @param path the real path, as {@link realPath} gives it.
   * @param signal gives up: a file can wait for something for ever while it is loaded.
   */
  load(path: string, signal?: AbortSignal): Promise<Exports> {
    const loaded = this.#last.then(() => this.#load(path, signal));
    this.#last = loaded.catch(() => undefined);
    return loaded;
  }

  /** A file and those that came in with it, also such as are not there. */
  filesOf(path: string): ReadonlySet<string> {
    const files = new Set([path]);
    for (const file of files) for (const imported of this.#sourceOf(file).imports.keys()) files.add(imported);
    return files;
  }

  /** Whether a file, or one that came in with it, is not what was loaded. */
  hasChanged(path: string): boolean {
    return [...this.filesOf(path)].some((file) => this.#isOutdated(file));
  }

  async #load(path: string, signal?: AbortSignal): Promise<Exports> {
    this.#hook();
    this.#folders.add(dirname(path));
    this.#fresh = new Set();
    this.#before = new Map();
    this.#renew(path);
    try {
      // oxlint-disable-next-line layers/imports -- a module is a file of the app, which no layer of this package knows
      const loaded = import(this.#addressOf(path)) as Promise<Exports>;
      return signal === undefined ? await loaded : await Promise.race([loaded, aborted(signal)]);
    } catch (error) {
      for (const file of this.#fresh) {
        const source = this.#sourceOf(file);
        source.isStale = true;
        for (const [imported, version] of this.#before.get(file) ?? []) source.imports.set(imported, version);
      }
      throw error;
    }
  }

  /** Gives a new version to a file, and to those that came in with it and lead to a change. */
  #renew(entry: string): void {
    const files = this.filesOf(entry);
    const renewed = new Set([entry, ...[...files].filter((file) => this.#isOutdated(file))]);
    for (let size = 0; size !== renewed.size;) {
      size = renewed.size;
      for (const file of files) {
        if ([...this.#sourceOf(file).imports.keys()].some((imported) => renewed.has(imported))) renewed.add(file);
      }
    }
    for (const file of renewed) {
      const before = this.#sourceOf(file).imports;
      this.#fresh.add(file);
      this.#before.set(file, before);
      // CommonJS is kept by its path, whatever its address; and what it requires a second time is not asked for any more.
      const imports = file in required ? new Map(before) : new Map<string, number>();
      delete required[file];
      this.#sources.set(file, { version: ++this.#versions, hash: hashOf(file), isStale: false, imports });
    }
    for (const file of renewed) {
      const { imports } = this.#sourceOf(file);
      for (const imported of imports.keys()) imports.set(imported, this.#sourceOf(imported).version);
    }
  }

  #hook(): void {
    if (this.#isHooked) return;
    this.#isHooked = true;
    this.#main = mainFile();
    registerHooks({
      resolve: (specifier, context, next) => {
        const from = context.parentURL === undefined ? undefined : this.#ownFile(context.parentURL);
        if (from === undefined) return next(specifier, context);
        try {
          const found = next(specifier, context);
          const path = found.url.includes("?") ? undefined : this.#ownFile(found.url);
          if (path === undefined) return found;
          this.#note(path, from);
          // What is required is CommonJS, which knows paths only.
          return context.conditions.includes("import") ? { ...found, url: this.#addressOf(path) } : found;
        } catch (error) {
          const path = /^\.\.?\//.test(specifier)
            ? this.#ownFile(new URL(specifier, context.parentURL).href)
            : undefined;
          if (path !== undefined) this.#note(path, from);
          throw error;
        }
      },
    });
  }

  #note(path: string, from: string): void {
    if (!this.#sources.has(path)) {
      this.#fresh.add(path);
      this.#sources.set(path, { version: 0, hash: hashOf(path), isStale: false, imports: new Map() });
    }
    this.#sources.get(from)?.imports.set(path, this.#sourceOf(path).version);
  }

  #addressOf(path: string): string {
    const url = pathToFileURL(path);
    const { version } = this.#sourceOf(path);
    if (version > 0) url.searchParams.set(VERSION_MARK, String(version));
    return url.href;
  }

  #isOutdated(path: string): boolean {
    const { isStale, hash, imports } = this.#sourceOf(path);
    if (isStale || hash !== hashOf(path)) return true;
    // Another module may have got a newer version of what both import.
    return [...imports].some(([imported, version]) => version !== this.#sourceOf(imported).version);
  }

  #sourceOf(path: string): Source {
    return this.#sources.get(path) ?? { version: 0, hash: undefined, isStale: true, imports: new Map() };
  }

  /** The path of an address in one of the folders; undefined for any other. */
  #ownFile(address: string): string | undefined {
    if (!address.startsWith("file:")) return undefined;
    const path = fileURLToPath(address);
    if (path.includes(`${sep}node_modules${sep}`) || path === this.#main) return undefined;
    return [...this.#folders].some((folder) => path.startsWith(`${folder}${sep}`)) ? path : undefined;
  }
}

/** Those of this process, as Node has one memory for what it has loaded. */
export const sources: Sources = new Sources();

/** The path under which Node knows a file: absolute, without symbolic links. @throws what `realpath` throws. */
export function realPath(file: string | URL): string {
  return realpathSync(file instanceof URL || file.startsWith("file:") ? fileURLToPath(file) : file);
}

/** An address or a text with addresses, without the versions. */
export function withoutVersions(text: string): string {
  return text.replaceAll(new RegExp(`\\?${VERSION_MARK}=\\d+`, "g"), "");
}

/** Rejects when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const giveUp = (): void => reject(signal.reason as Error);
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
  });
}

function mainFile(): string | undefined {
  const [, main] = process.argv;
  try {
    return main === undefined ? undefined : realpathSync(main);
  } catch {
    // Started without a file, or that has been removed since.
    return undefined;
  }
}
