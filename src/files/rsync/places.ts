import { expandPattern } from "../command/glob.ts";
import type { Word } from "../command/words.ts";
import { FileError } from "../error.ts";
import type { FileSystem, LocalDirectory } from "../file-system.ts";
import { nameOf, normalizePath, parentPath } from "../path.ts";
import type { RsyncCommand } from "./command.ts";
import { SERVED } from "./sandbox.ts";

/** Where our rsync starts, and what it is given. */
export interface Places extends AsyncDisposable {
  readonly cwd: string;
  readonly paths: readonly string[];
}

/** How a name in a directory of the file system is told to our rsync. */
interface Naming extends AsyncDisposable {
  /** Whether names can be left to rsync to follow, wherever they may lead by then. */
  readonly isClosed: boolean;
  /** Where rsync has to start, once all are named. */
  readonly cwd: string;
  /** @param name in the directory; empty for what is in it. @throws FileError for a directory that is not there. */
  of(directory: string, name: string): Promise<string>;
}

/** The path stands for what is in a directory, and not for the directory. */
const IS_CONTENTS = /(^|\/)\.{0,2}$/;

/** In a sandbox there is nothing else to get to: the paths are those of the file system. */
class SandboxNaming implements Naming {
  readonly isClosed = true;
  readonly cwd = "/";
  readonly #files: FileSystem;

  constructor(files: FileSystem) {
    this.#files = files;
  }

  async of(directory: string, name: string): Promise<string> {
    // A link that is absolute leads elsewhere in the sandbox than in the file system.
    const real = (await this.#files.realpath?.(directory)) ?? directory;
    return `${SERVED}${real === "/" ? "" : real}/${name}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // It holds nothing.
  }
}

/**
 * Without one, rsync starts in a directory that is held open, and gets names in there. It would look a longer path up again by itself, also one
 * that leads through /proc, and find there what it has been swapped for.
 */
class HeldNaming implements Naming {
  readonly isClosed = false;
  readonly #files: FileSystem;
  #directory: string | undefined;
  #held: LocalDirectory | undefined;

  constructor(files: FileSystem) {
    this.#files = files;
  }

  get cwd(): string {
    return this.#held?.path ?? "/";
  }

  async of(directory: string, name: string): Promise<string> {
    if (this.#directory !== undefined && this.#directory !== directory) {
      throw new FileError("UNSUPPORTED", "what is copied at once has to lie in one directory");
    }
    this.#directory = directory;
    this.#held ??= await this.#files.localDirectory?.(directory);
    if (this.#held === undefined) {
      throw new FileError("UNSUPPORTED", "rsync does not work on these files; take sftp");
    }
    return `./${name}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#held?.close();
  }
}

/**
 * What stands for a client's paths in our rsync's command. Disposed of when that has ended.
 *
 * @throws FileError for what is not there, and for what cannot be kept in the file system.
 */
export async function placesOf(
  files: FileSystem,
  isSandboxed: boolean,
  command: RsyncCommand,
  home: string,
): Promise<Places> {
  const naming = isSandboxed ? new SandboxNaming(files) : new HeldNaming(files);
  const paths = new Paths(files, naming, home);
  try {
    const named = await (command.direction === "pull" ? paths.sources(command.paths) : paths.target(command));
    return { cwd: naming.cwd, paths: named, [Symbol.asyncDispose]: () => naming[Symbol.asyncDispose]() };
  } catch (error) {
    await naming[Symbol.asyncDispose]();
    throw error;
  }
}

class Paths {
  readonly #files: FileSystem;
  readonly #naming: Naming;
  readonly #home: string;

  constructor(files: FileSystem, naming: Naming, home: string) {
    this.#files = files;
    this.#naming = naming;
    this.#home = home;
  }

  async sources(words: readonly Word[]): Promise<string[]> {
    const sources: string[] = [];
    for (const { text, pattern } of words) {
      const matches = pattern === undefined ? [] : await expandPattern(this.#files, withoutTilde(pattern), this.#home);
      const paths = matches.length > 0 ? matches : [normalizePath(withoutTilde(text), this.#home)];
      for (const path of paths) sources.push(await this.#source(path, IS_CONTENTS.test(text)));
    }
    return sources;
  }

  async #source(path: string, isContents: boolean): Promise<string> {
    if (isContents || path === "/") {
      await told(path, () => this.#files.stat(path));
      return this.#named(path, "");
    }
    await told(path, () => this.#files.lstat?.(path) ?? this.#files.stat(path));
    // A sender does not follow a link in this place, and opens nothing behind one.
    return this.#named(parentPath(path), nameOf(path));
  }

  async target({ paths: [word], isDryRun, makesPath }: RsyncCommand): Promise<string[]> {
    const text = withoutTilde(word?.text ?? "");
    const path = normalizePath(text, this.#home);
    if (await this.#isDirectory(path)) return [await this.#named(path, "")];
    if (makesPath && !isDryRun) await this.#makeDirectories(parentPath(path));
    if (text.endsWith("/") && !isDryRun) {
      await this.#makeDirectories(path);
      return [await this.#named(path, "")];
    }
    // A receiver follows a link in this place, wherever it leads, should one come there until it looks.
    if (!this.#naming.isClosed) {
      throw new FileError("UNSUPPORTED", `${path}: copy into a directory: put a / behind its name, and it is made`);
    }
    return [await this.#named(parentPath(path), nameOf(path))];
  }

  #named(directory: string, name: string): Promise<string> {
    return told(directory, () => this.#naming.of(directory, name));
  }

  async #isDirectory(path: string): Promise<boolean> {
    try {
      return (await this.#files.stat(path)).type === "directory";
    } catch (error) {
      if (error instanceof FileError && error.code === "NOT_FOUND") return false;
      throw error;
    }
  }

  async #makeDirectories(path: string): Promise<void> {
    if (path === "/" || (await this.#isDirectory(path))) return;
    await this.#makeDirectories(parentPath(path));
    if (this.#files.mkdir === undefined) throw new FileError("UNSUPPORTED");
    await told(path, () => this.#files.mkdir?.(path, {}));
  }
}

/** Says in an error which path it is about. */
async function told<Value>(path: string, action: () => Value): Promise<Awaited<Value>> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new FileError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}

/** `~` and `~/…` are where relative paths begin, too. */
function withoutTilde(path: string): string {
  return path === "~" || path.startsWith("~/") ? path.slice(2) : path;
}
