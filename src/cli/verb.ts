/** What a verb may ask of whoever started the command; tests answer in their place. */
export interface Console {
  /** A person can be asked; otherwise answers come line by line from a pipe or a file. */
  readonly interactive: boolean;
  /** Writes a line to the standard output. */
  print(line: string): void;
  /** Asks a question and gives the line that is typed; "" at the end of the input. */
  ask(question: string): Promise<string>;
  /** As {@link ask}, without showing what is typed. */
  askSecret(question: string): Promise<string>;
  /** All that is left of the input, up to its end. */
  readRest(): Promise<string>;
}

/** One thing that the `sallyport` command does. */
export interface Verb {
  /** A few words for the list of verbs. */
  readonly summary: string;
  /** How it is called, option by option. */
  readonly usage: string;
  /** Whether what stands behind the first argument is for somebody else, so that `--help` there is not for the verb. */
  readonly passesOn?: boolean;
  /**
   * @param args What stands behind the verb.
   * @throws {UsageError} when the arguments make no sense; any other error when the verb cannot be done.
   */
  run(args: readonly string[], console: Console): Promise<void>;
}

/** The command was called wrongly. The message says what was wrong and what to give instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** How the part of the verb is called that was meant; by default that of the verb is shown. */
  readonly usage: string | undefined;

  constructor(message: string, options: ErrorOptions & { readonly usage?: string } = {}) {
    super(message, options);
    this.usage = options.usage;
  }
}

/** It was called rightly and cannot be done; the message says why, and the remedy. */
export class Failure extends Error {
  override readonly name = "Failure";
}
