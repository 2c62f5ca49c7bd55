import { isAbsolute } from "node:path";
import type { Awaitable, Client } from "../../server/index.ts";
import { assertOptions } from "../options.ts";
import type { Push } from "./push.ts";

/** What a client may do with a repository: nothing, fetch from it, or push to it as well. */
export type GitAccess = "none" | "read" | "write";

/** How {@link serveGit} serves. */
export interface GitOptions<State = Record<string, unknown>> {
  /** The directory that the repositories lie in, absolute: `team/app` is `team/app.git` in there, a bare repository. */
  readonly root: string;
  /**
   * Says what this client may do with a repository, before anything of it is looked at. Whoever may nothing hears the same as of one that
   * is not there. A throw is `none`.
   *
   * @param repository its name without `.git`, such as `team/app`: components of letters, digits and `._+-`, with `/` between them.
   */
  readonly access: (client: Client<State>, repository: string) => Awaitable<GitAccess>;
  /** Makes a repository that is not there when somebody with `write` pushes to it. Default false. */
  readonly create?: boolean | ((client: Client<State>, repository: string) => Awaitable<boolean>);
  /**
   * Judges a push that git has received and checked, before any ref changes: `false`, or a text that is shown to whoever pushes, refuses all of
   * it. A throw refuses it, too.
   */
  readonly beforePush?: (client: Client<State>, push: Push) => Awaitable<boolean | string | void>;
  /** Hears which refs a push has changed. The client waits for it. */
  readonly afterPush?: (client: Client<State>, push: Push) => Awaitable<void>;
  /** Serves `git archive --remote`, too. Default true. */
  readonly archive?: boolean;
  /** Refuses objects that are broken or suspicious (`transfer.fsckObjects`). Default true. */
  readonly checkObjects?: boolean;
  /** The largest push, in bytes, before it is unpacked. Default 1 GiB. */
  readonly maxPush?: number;
  /** How many processes of git may serve clients at once, and one user by half of them; who comes then is told to try again. Default 16. */
  readonly maxProcesses?: number;
  /** The program, by its path or its name. Default `git`. */
  readonly git?: string;
}

export type ResolvedGitOptions<State> = GitOptions<State> &
  Required<Omit<GitOptions<State>, "beforePush" | "afterPush">>;

const GIB = 1024 ** 3;

/** Fills the defaults in. @throws ConfigError `BAD_OPTION` */
export function resolveGitOptions<State>(options: GitOptions<State>): ResolvedGitOptions<State> {
  const resolved = {
    create: false,
    archive: true,
    checkObjects: true,
    maxPush: GIB,
    maxProcesses: 16,
    git: "git",
    ...options,
  };
  const { root, access, create, beforePush, afterPush, archive, checkObjects, maxPush, maxProcesses, git } = resolved;
  const isHook = (value: unknown): boolean => value === undefined || typeof value === "function";
  assertOptions("serveGit", options, [
    ["root", typeof root === "string" && isAbsolute(root), "the absolute path of a directory"],
    ["access", typeof access === "function", 'a function that gives "none", "read" or "write"'],
    ["create", typeof create === "boolean" || typeof create === "function", "true, false or a function"],
    ["beforePush", isHook(beforePush), "a function"],
    ["afterPush", isHook(afterPush), "a function"],
    ["archive", typeof archive === "boolean", "true or false"],
    ["checkObjects", typeof checkObjects === "boolean", "true or false"],
    ["maxPush", isCount(maxPush), "a number of bytes from 1 on"],
    ["maxProcesses", isCount(maxProcesses), "a whole number from 1 on"],
    ["git", typeof git === "string" && git !== "", "the name or the path of a program"],
  ]);
  return resolved;
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1;
}
