import { UsageError } from "../parse/usage-error.ts";
import type { Given, ParameterOptions, ValueParameter } from "./parameter.ts";

/** What `verbatim` can be told. */
export interface VerbatimOptions extends Omit<ParameterOptions, "short"> {
  /** There need not be anything; it is undefined then. Default false. */
  readonly optional?: boolean;
}

/** The rest of a line. */
export interface RestParameter<Value> extends ValueParameter<Value> {
  readonly form: "rest";
}

/**
 * The rest of the line as it was typed, with its quotes, dashes and pipes: for commands that say something. It is the last
 * argument, and beside it there are no options.
 *
 *     arguments: { words: verbatim() } // say it's "me"
 */
export function verbatim(): RestParameter<string>;
export function verbatim<const Options extends VerbatimOptions>(
  options: Options,
): RestParameter<Given<string, Options>>;
export function verbatim(options: VerbatimOptions = {}): RestParameter<string | undefined> {
  const { optional = false, description, placeholder } = options;
  return {
    form: "rest",
    kind: "text",
    isRequired: !optional,
    placeholder,
    description,
    short: undefined,
    notes: [],
    complete: undefined,
    read: ([text], { label }) => {
      if (text === undefined && !optional) throw new UsageError("MISSING", `${label} is missing.`);
      return text;
    },
  };
}
