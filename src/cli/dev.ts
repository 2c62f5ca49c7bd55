import { statSync } from "node:fs";
import { realPath } from "../sources/index.ts";
import type { AppCommand } from "./dev/app-process.ts";
import { Supervisor } from "./dev/supervisor.ts";
import type { Verb } from "./verb.ts";
import { Failure, UsageError } from "./verb.ts";

const usage = `sallyport dev [NODE OPTIONS] FILE [ARGUMENTS]

Runs an app, and watches its files. A module that changes is reloaded in place: users stay connected. Any other file of the
app that changes restarts it. What cannot be loaded is shown, and what ran before goes on.

  FILE          the app, in TypeScript or JavaScript, as Node runs it
  NODE OPTIONS  such as --env-file=.env; the value behind an equals sign
  ARGUMENTS     for the app

Ctrl-C ends both.`;

/** `sallyport dev`: an app that follows its files. */
export const dev: Verb = {
  summary: "runs an app, and reloads what changes",
  usage,
  passesOn: true,
  async run(args, console) {
    const supervisor = new Supervisor(parse(args), (line) => console.print(`sallyport dev: ${line}`));
    const { promise, resolve } = Promise.withResolvers<"SIGTERM" | "SIGINT">();
    let isAsked = false;
    const stop = (signal: "SIGTERM" | "SIGINT"): void => {
      if (isAsked) supervisor.kill();
      isAsked = true;
      resolve(signal);
    };
    process.on("SIGINT", stop).on("SIGTERM", stop);
    try {
      await supervisor.run(promise);
    } finally {
      process.off("SIGINT", stop).off("SIGTERM", stop);
    }
  },
};

function parse(args: readonly string[]): AppCommand {
  const at = args.findIndex((arg) => !arg.startsWith("-"));
  const file = args[at];
  if (file === undefined) throw new UsageError("there is no app to run: name its file.");
  return { nodeOptions: args.slice(0, at), file: fileOf(file), args: args.slice(at + 1) };
}

/** @throws Failure */
function fileOf(name: string): string {
  try {
    const path = realPath(name);
    if (statSync(path).isFile()) return path;
  } catch (error) {
    throw new Failure(`${name} does not exist: name the file of the app.`, { cause: error });
  }
  throw new Failure(`${name} is not a file: name the file of the app.`);
}
