import { realpathSync } from "node:fs";
import type { Client, CommandContext, DefaultState, ServerCore } from "../../server/index.ts";
import { ConfigError } from "../../server/index.ts";
import { FileError } from "../error.ts";
import { runForClient } from "../process/child.ts";
import { findProgram } from "../process/programs.ts";
import { Slots } from "../process/slots.ts";
import type { HookJudge } from "./hooks.ts";
import { answerHooks } from "./hooks.ts";
import type { GitOptions, ResolvedGitOptions } from "./options.ts";
import { resolveGitOptions } from "./options.ts";
import { GIT_ENVIRONMENT, Repositories } from "./repositories.ts";
import type { GitService } from "./request.ts";
import { protocolOf, repositoryOf, SERVICES } from "./request.ts";

/** What git says of a repository that it cannot find; so do we, and of one that is not for this client. */
const NOT_FOUND = "the repository is not there, or not for you";

/**
 * Serves repositories through the git of this machine: `git clone ssh://host/team/app`, fetch, push and `git archive --remote`.
 *
 *     serveGit(ssh, {
 *       root: "/srv/git",
 *       access: (client, repository) => (repository === client.username ? "write" : "read"),
 *     });
 *
 * It is a process a client, with an environment of its own and without the hooks of the repository, and it ends with the session.
 *
 * @throws ConfigError `BAD_OPTION` or `UNKNOWN_OPTION`; `MISSING_PACKAGE` when there is no git.
 */
export function serveGit<State = DefaultState>(server: ServerCore<State>, options: GitOptions<State>): void {
  const given = resolveGitOptions(options);
  const resolved = { ...given, root: realRoot(given.root) };
  const git = findProgram(resolved.git, "install git (Debian: apt-get install git), or name it by the option git");
  const service = new GitServer(resolved, git);
  for (const name of Object.keys(SERVICES) as GitService[]) {
    if (name === "git-upload-archive" && !resolved.archive) continue;
    server.program(name, (client, command, context) => service.serve(client, name, command, context));
  }
}

/** git compares what it finds with the path without links. */
function realRoot(root: string): string {
  try {
    return realpathSync.native(root);
  } catch (cause) {
    throw new ConfigError("BAD_OPTION", `The option root of serveGit names ${root}, which is not there.`, { cause });
  }
}

/** A session that is being served. */
interface Visit<State> {
  readonly client: Client<State>;
  readonly service: GitService;
  readonly repository: string;
  readonly context: CommandContext;
}

class GitServer<State> {
  readonly #options: ResolvedGitOptions<State>;
  readonly #git: string;
  readonly #repositories: Repositories;
  readonly #slots: Slots;

  constructor(options: ResolvedGitOptions<State>, git: string) {
    this.#options = options;
    this.#git = git;
    this.#repositories = new Repositories(options.root, git);
    this.#slots = new Slots(options.maxProcesses);
  }

  async serve(client: Client<State>, service: GitService, command: string, context: CommandContext): Promise<number> {
    try {
      if (client.pty !== undefined) throw new FileError("INVALID", "git needs no terminal: leave ssh's option -t out");
      const repository = repositoryOf(command);
      using slot = this.#slots.take(client.username);
      if (slot === undefined) throw new FileError("FAILURE", "too many are served at the moment: try again");
      const isNew = await this.#enter(client, service, repository);
      return await this.#run({ client, service, repository, context }, isNew);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      client.stderr.write(`git: ${error.message}\n`);
      return 1;
    }
  }

  /** Whether the repository has been made for this push. @throws FileError for who may not. */
  async #enter(client: Client<State>, service: GitService, repository: string): Promise<boolean> {
    const access = await this.#options.access(client, repository);
    const mayRead = access === "read" || access === "write";
    if (!mayRead) throw new FileError("NOT_FOUND", NOT_FOUND);
    const isWrite = SERVICES[service].needs === "write";
    const isThere = await this.#repositories.has(repository);
    if (isThere && isWrite && access !== "write")
      throw new FileError("PERMISSION_DENIED", "you may read it, and not push to it");
    if (isThere) return false;
    if (!isWrite || access !== "write" || !(await this.#mayCreate(client, repository))) {
      throw new FileError("NOT_FOUND", NOT_FOUND);
    }
    await this.#repositories.create(repository);
    return true;
  }

  async #mayCreate(client: Client<State>, repository: string): Promise<boolean> {
    const { create } = this.#options;
    return typeof create === "function" ? create(client, repository) : create;
  }

  async #run(visit: Visit<State>, isNew: boolean): Promise<number> {
    const { client, service, repository, context } = visit;
    const { command, needs } = SERVICES[service];
    const path = this.#repositories.pathOf(repository);
    const hooks = needs === "write" ? await this.#repositories.hooks() : "/dev/null";
    const protocol = protocolOf(client.env["GIT_PROTOCOL"]);
    const failures: unknown[] = [];
    const judge = this.#judgeFor(visit, isNew, failures);
    const status = await runForClient(client, {
      program: this.#git,
      args: [
        ...this.#configuration(path, hooks),
        command,
        ...(service === "git-upload-pack" ? ["--strict"] : []),
        path,
      ],
      cwd: this.#options.root,
      env: { ...GIT_ENVIRONMENT, ...(protocol !== undefined && { GIT_PROTOCOL: protocol }) },
      signal: context.signal,
      ...(needs === "write" && { control: (stream) => void answerHooks(stream, judge) }),
    });
    if (failures.length > 0) throw failures[0];
    return status;
  }

  #configuration(path: string, hooks: string): string[] {
    const { checkObjects, maxPush } = this.#options;
    const settings = {
      // The directory may belong to somebody else than to whom this process runs as.
      "safe.directory": path,
      "core.hooksPath": hooks,
      "transfer.fsckObjects": checkObjects,
      "receive.maxInputSize": maxPush,
      // Housekeeping would go on behind the client's back, and outlive it.
      "receive.autogc": false,
      "uploadpack.allowFilter": true,
    };
    return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  }

  /** @param failures takes what the app's own functions throw: for the log, once the client has been answered. */
  #judgeFor({ client, repository }: Visit<State>, isNew: boolean, failures: unknown[]): HookJudge {
    const { beforePush, afterPush } = this.#options;
    return async ({ hook, refs }) => {
      const push = { repository, refs };
      try {
        if (hook === "post-receive") {
          if (isNew) await this.#repositories.adoptBranch(repository, refs);
          await afterPush?.(client, push);
          return true;
        }
        const verdict = (await beforePush?.(client, push)) ?? true;
        return verdict === true || (verdict === false || verdict === "" ? "The push is refused." : verdict);
      } catch (error) {
        failures.push(error);
        return "Something went wrong.";
      }
    };
  }
}
