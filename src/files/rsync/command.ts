import type { Word } from "../command/words.ts";
import { splitWords } from "../command/words.ts";
import { refusal } from "../error.ts";
import { LONG_OPTIONS, NUMBERED, SHORT_OPTIONS } from "./allowed.ts";

/** What a client's rsync asks for by its command line. */
export interface RsyncCommand {
  /** `push`: the client sends files. `pull`: it wants some. */
  readonly direction: "push" | "pull";
  /** The options for our rsync, each of them known. */
  readonly options: readonly string[];
  /** Whether files change: always by a push, and by a pull that removes what it has read. */
  readonly writes: boolean;
  /** `-n`: nothing is to change. */
  readonly isDryRun: boolean;
  /** `--mkpath`: directories on the way to the target are made. */
  readonly makesPath: boolean;
  /** One for a push, one or more for a pull. */
  readonly paths: readonly Word[];
}

/** A cluster of letters, and behind `e` what the client's rsync can do: nothing that ours would take for options. */
const CLUSTER = /^-([A-Za-z]*?)(e(?:\d{1,3})?\.[A-Za-z]{0,32})?$/;
const NUMBERED_OPTION = /^-(.)(-?\d{1,9})$/;
const LONG = /^--([A-Za-z0-9][A-Za-z0-9-]*)(?:=(.*))?$/s;
const MAX_PATHS = 1000;

/** Reads the command line that rsync sends. @throws FileError `INVALID`, with a text for the client. */
export function parseRsync(command: string): RsyncCommand {
  const [, server, ...words] = splitWords(command);
  if (server?.text !== "--server") throw refusal("this end of rsync is started by another rsync, with --server");
  const isPull = words[0]?.text === "--sender";
  if (isPull) words.shift();
  const options: string[] = [];
  let writes = !isPull;
  let isDryRun = false;
  let makesPath = false;
  for (let word = words.shift(); word?.text !== "."; word = words.shift()) {
    if (word === undefined) throw refusal("the options have no end: a . was expected behind them");
    const { text } = word;
    const [, name, value] = LONG.exec(text) ?? [];
    if (name === undefined) {
      const letters = lettersOf(text);
      if (letters.includes("n")) isDryRun = true;
      options.push(text);
      continue;
    }
    const known = LONG_OPTIONS.get(name);
    if (known === undefined) throw refusal(`the option --${name} is not served`);
    const given = value ?? (known.isValueApart === true ? words.shift()?.text : undefined);
    if (known.value === undefined ? given !== undefined : given === undefined || !known.value.test(given)) {
      throw refusal(`the option --${name} is not served with this value`);
    }
    if (known.writes === true) writes = true;
    // The way to the target is made where the jail is.
    if (name === "mkpath") makesPath = true;
    else options.push(given === undefined ? `--${name}` : `--${name}=${given}`);
  }
  if (words.length === 0) throw refusal("a path is missing");
  if (!isPull && words.length > 1) throw refusal("more than one place to copy to");
  if (words.length > MAX_PATHS) throw refusal(`more than ${MAX_PATHS} paths`);
  return { direction: isPull ? "pull" : "push", options, writes, isDryRun, makesPath, paths: words };
}

/** The letters of a word of short options. */
function lettersOf(text: string): string {
  const [, numbered] = NUMBERED_OPTION.exec(text) ?? [];
  if (numbered !== undefined && NUMBERED.includes(numbered)) return numbered;
  const [, letters] = CLUSTER.exec(text) ?? [];
  if (letters === undefined || text === "-") throw refusal("an option that is none");
  for (const letter of letters) {
    if (!SHORT_OPTIONS.includes(letter) || NUMBERED.includes(letter)) {
      throw refusal(`the option -${letter} is not served`);
    }
  }
  return letters;
}
