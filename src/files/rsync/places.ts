import { pathsOf, withoutTilde } from "../command/paths.ts";
import type { Word } from "../command/words.ts";
import { FileError, unlessMissing } from "../error.ts";
import type { FileSystem } from "../file-system.ts";
import { lstatOf } from "../optional.ts";
import { nameOf, normalizePath, parentPath } from "../path.ts";
import type { RsyncCommand } from "./command.ts";
import { SERVED } from "./sandbox.ts";

/** The path stands for what is in a directory, and not for the directory. */
const IS_CONTENTS = /(^|\/)\.{0,2}$/;

/**
 * What stands for a client's paths in the command of our rsync, which sees the file system at {@link SERVED} and nothing else to get to.
 *
 * @throws FileError for what is not there.
 */
export function placesOf(files: FileSystem, command: RsyncCommand, home: string): Promise<string[]> {
  const paths = new Paths(files, home);
  return command.direction === "pull" ? paths.sources(command.paths) : paths.target(command);
}

class Paths {
  readonly #files: FileSystem;
  readonly #home: string;

  constructor(files: FileSystem, home: string) {
    this.#files = files;
    this.#home = home;
  }

  async sources(words: readonly Word[]): Promise<string[]> {
    const sources: string[] = [];
    for (const word of words) {
      const isContents = IS_CONTENTS.test(word.text);
      for (const path of await pathsOf(this.#files, word, this.#home)) {
        sources.push(await this.#source(path, isContents));
      }
    }
    return sources;
  }

  async #source(path: string, isContents: boolean): Promise<string> {
    if (isContents || path === "/") {
      await told(path, () => this.#files.stat(path));
      return this.#named(path, "");
    }
    await told(path, () => lstatOf(this.#files, path));
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
    return [await this.#named(parentPath(path), nameOf(path))];
  }

  /** @param name in the directory; empty for what is in it. */
  async #named(directory: string, name: string): Promise<string> {
    // A link that is absolute leads elsewhere in the sandbox than in the file system.
    const real = await told(directory, () => this.#files.realpath?.(directory) ?? directory);
    return `${SERVED}${real === "/" ? "" : real}/${name}`;
  }

  async #isDirectory(path: string): Promise<boolean> {
    return (await unlessMissing(() => this.#files.stat(path)))?.type === "directory";
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
