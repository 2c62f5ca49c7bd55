import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmod, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ENVIRONMENT } from "../process/programs.ts";
import { HOOK_SCRIPT } from "./push.ts";
import type { HookName, PushedRef } from "./push.ts";

/** No repository can be called so: a name does not begin with a dot. */
const OWN_FOLDER = ".sallyport";
const HOOKS: readonly HookName[] = ["pre-receive", "post-receive"];
const BRANCH = "refs/heads/";
const FIRST_BRANCH = "refs/heads/main";

const run = promisify(execFile);

/** All that git gets to know: no configuration but that of the repository and ours, no home, nobody to ask. */
export const GIT_ENVIRONMENT: Readonly<Record<string, string>> = {
  ...ENVIRONMENT,
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
};

/** The bare repositories under one directory. */
export class Repositories {
  readonly #root: string;
  readonly #git: string;
  #hooks: Promise<string> | undefined;

  constructor(root: string, git: string) {
    this.#root = root;
    this.#git = git;
  }

  /** Where the repository is, or would be. @param name one that has been checked. */
  pathOf(name: string): string {
    return join(this.#root, `${name}.git`);
  }

  async has(name: string): Promise<boolean> {
    try {
      return (await stat(this.pathOf(name))).isDirectory();
    } catch {
      return false; // not there, or not to be reached: for a client the same
    }
  }

  /** Makes a bare repository, at once: nobody sees half of one, and of two who make it one does. */
  async create(name: string): Promise<void> {
    const made = join(await this.#ownFolder(), randomUUID());
    const path = this.pathOf(name);
    try {
      await this.#run("init", "--quiet", "--bare", "--template=", "--initial-branch=main", made);
      await mkdir(dirname(path), { recursive: true });
      await rename(made, path);
    } catch (error) {
      await rm(made, { recursive: true, force: true });
      if (!(await this.has(name))) throw error;
    }
  }

  /** Whoever clones a repository gets the branch of its first push, should that have no `main`. */
  async adoptBranch(name: string, refs: readonly PushedRef[]): Promise<void> {
    const branches = refs.filter((ref) => ref.name.startsWith(BRANCH) && ref.to !== undefined).map((ref) => ref.name);
    const [first] = branches;
    if (first === undefined || branches.includes(FIRST_BRANCH)) return;
    const path = this.pathOf(name);
    await this.#run("-c", `safe.directory=${path}`, "--git-dir", path, "symbolic-ref", "HEAD", first);
  }

  /** The directory with the hooks that ask the server. */
  hooks(): Promise<string> {
    this.#hooks ??= this.#writeHooks();
    // It may be a matter of the disk: the next push tries again.
    this.#hooks.catch(() => (this.#hooks = undefined));
    return this.#hooks;
  }

  async #writeHooks(): Promise<string> {
    const folder = join(await this.#ownFolder(), "hooks");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const hook of HOOKS) {
      // Another process of this server may run the one that is there.
      const fresh = join(folder, `${hook}.${randomUUID()}`);
      await writeFile(fresh, HOOK_SCRIPT, { flag: "wx", mode: 0o700 });
      await chmod(fresh, 0o700);
      await rename(fresh, join(folder, hook));
    }
    return folder;
  }

  async #ownFolder(): Promise<string> {
    const folder = join(this.#root, OWN_FOLDER);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  async #run(...args: readonly string[]): Promise<void> {
    await run(this.#git, [...args], { env: GIT_ENVIRONMENT, cwd: this.#root });
  }
}
