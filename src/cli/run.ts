import { AccountError } from "../accounts/index.ts";
import { KeyError } from "../crypto/index.ts";
import { ConfigError } from "../server/index.ts";
import { escapeControls } from "../terminal/index.ts";
import { dev } from "./dev.ts";
import { keygen } from "./keygen.ts";
import { user } from "./user.ts";
import type { Console, Verb } from "./verb.ts";
import { Failure, UsageError } from "./verb.ts";

/** Every verb by its name; one file each. */
const verbs: ReadonlyMap<string, Verb> = new Map([
  ["dev", dev],
  ["keygen", keygen],
  ["user", user],
]);

/** `EX_TEMPFAIL` of sysexits.h: nothing is wrong with the command, and it may do later. */
const TRY_LATER = 75;

/**
 * Runs `sallyport VERB …`.
 *
 * @param complain Writes a line to the standard error output.
 * @returns the exit status: 0; 1 when it was called wrongly or could not be done; 75 when a store of accounts is away.
 */
export async function run(
  args: readonly string[],
  console: Console,
  complain: (line: string) => void,
): Promise<number> {
  const [name = "", ...rest] = args;
  if (name === "--help" || name === "-h" || name === "help") {
    console.print(overview());
    return 0;
  }
  const verb = verbs.get(name);
  if (verb === undefined) {
    complain(name === "" ? overview() : `sallyport: there is no verb ${JSON.stringify(name)}.\n\n${overview()}`);
    return 1;
  }
  const own = verb.passesOn === true ? rest.slice(0, 1) : rest;
  if (own.includes("--help") || own.includes("-h")) {
    console.print(verb.usage);
    return 0;
  }
  try {
    await verb.run(rest, console);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) complain(`sallyport ${name}: ${error.message}\n\n${error.usage ?? verb.usage}`);
    else if (isExpected(error)) complain(`sallyport ${name}: ${escapeControls(error.message)}`);
    else throw error;
    return error instanceof AccountError && error.code === "STORE_UNAVAILABLE" ? TRY_LATER : 1;
  }
}

/** Errors that say by themselves what is wrong; of any other the stack is wanted. */
function isExpected(error: unknown): error is Error {
  return [Failure, KeyError, ConfigError, AccountError].some((expected) => error instanceof expected);
}

function overview(): string {
  const rows = [...verbs].map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`);
  return ["sallyport VERB [options]", "", ...rows, "", "sallyport VERB --help says more."].join("\n");
}
