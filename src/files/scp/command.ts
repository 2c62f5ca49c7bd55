import type { Word } from "../command/words.ts";
import { splitWords } from "../command/words.ts";
import { refusal } from "../error.ts";

/** What a client of the old protocol asks for by its command line. */
export interface ScpCommand {
  /** `source` sends files to the client (`-f`), `sink` takes them from it (`-t`). */
  readonly role: "source" | "sink";
  /** `-r`: directories, too. */
  readonly recursive: boolean;
  /** `-p`: times and modes are kept. */
  readonly keepsTimes: boolean;
  /** `-d`: what it is copied to has to be a directory. */
  readonly toDirectory: boolean;
  /** One for a sink; one or more for a source. */
  readonly paths: readonly Word[];
}

/** What each option does; one that is not here is refused. `-v` and `-q` are about what the client shows. */
const OPTIONS: ReadonlyMap<string, Partial<ScpCommand>> = new Map([
  ["f", { role: "source" }],
  ["t", { role: "sink" }],
  ["r", { recursive: true }],
  ["p", { keepsTimes: true }],
  ["d", { toDirectory: true }],
  ["v", {}],
  ["q", {}],
]);
/** Patterns aside, nobody asks for more in one command. */
const MAX_PATHS = 1000;

/** Reads the command line that `scp -O` and its like send. @throws FileError `INVALID`, with a text for the client. */
export function parseScp(command: string): ScpCommand {
  const [, ...words] = splitWords(command);
  const given: Partial<ScpCommand>[] = [];
  let at = 0;
  for (; words[at]?.text.startsWith("-") === true; at++) {
    const { text } = words[at]!;
    if (text === "--") {
      at++;
      break;
    }
    for (const letter of text.slice(1) || "-") {
      const option = OPTIONS.get(letter);
      if (option === undefined) throw refusal(`the option -${letter} is not served`);
      given.push(option);
    }
  }
  const asked = given.reduce<Partial<ScpCommand>>((all, option) => Object.assign(all, option), {});
  const { role, recursive = false, keepsTimes = false, toDirectory = false } = asked;
  if (role === undefined || given.some((option) => (option.role ?? role) !== role)) {
    throw refusal("this end of scp is started by another scp, with -t or -f");
  }
  const paths = words.slice(at);
  if (paths.length === 0) throw refusal("a path is missing");
  if (role === "sink" && paths.length > 1) throw refusal("more than one place to copy to");
  if (paths.length > MAX_PATHS) throw refusal(`more than ${MAX_PATHS} paths`);
  return { role, recursive, keepsTimes, toDirectory, paths };
}
