import type { Accounts } from "../../accounts/index.ts";
import type { Console } from "../verb.ts";

/** An option of a verb, for the parser and for the usage. */
export interface Option {
  /** What its value is called in the usage; without one it is a flag. */
  readonly value?: string;
  /** It may be given again and again. */
  readonly multiple?: true;
  readonly help: string;
}

/** One thing that `sallyport user` does. */
export interface UserVerb {
  /** What stands behind the verb: `NAME`, `[FILE]` for what may be left out, `PERMISSION…` for one or more. */
  readonly takes: readonly string[];
  readonly summary: string;
  readonly options?: Readonly<Record<string, Option>>;
  /** It makes a store where there is none. */
  readonly makesStore?: true;
  /** @throws {UsageError} {Failure} {AccountError} */
  run(task: Task): Promise<void>;
}

/** What a verb is called with. */
export interface Task {
  readonly accounts: Accounts;
  readonly console: Console;
  /** Prints a line, of which nothing acts on a terminal. */
  readonly say: (line: string) => void;
  /** What stands behind the verb, in order. */
  readonly args: readonly string[];
  readonly flag: (option: string) => boolean;
  readonly value: (option: string) => string | undefined;
  /** Of an option that may be given again and again. */
  readonly values: (option: string) => readonly string[];
}
