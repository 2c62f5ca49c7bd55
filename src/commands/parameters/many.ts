import { ConfigError } from "../../server/index.ts";
import { UsageError } from "../parse/usage-error.ts";
import type { OneParameter } from "./one.ts";
import type { Parameter, ParameterOptions, ValueParameter } from "./parameter.ts";

/** What `flag` can be told. */
export interface FlagOptions extends Omit<ParameterOptions, "placeholder"> {
  /** What it is when it is not given. Default false; with true, `--no-…` takes it back. */
  readonly default?: boolean;
}

/** What `list` can be told. */
export interface ListOptions extends ParameterOptions {
  /** So many have to be given. Default 0. */
  readonly min?: number;
  /** So many may be given. Default any number. */
  readonly max?: number;
}

/** A flag: it is given or not. Only an option can be one. */
export interface FlagParameter extends Parameter<boolean> {
  readonly form: "flag";
}

/** Any number of values. */
export interface ListParameter<Value> extends ValueParameter<readonly Value[]> {
  readonly form: "many";
}

/** An option without a value: `--gift`, or `-g` with `{ short: "g" }`. `--no-gift` is there for each of them. */
export function flag(options: FlagOptions = {}): FlagParameter {
  const { default: fallback = false, description, short } = options;
  return {
    form: "flag",
    kind: "",
    isRequired: false,
    placeholder: undefined,
    description,
    short,
    notes: fallback ? ["on by default"] : [],
    complete: undefined,
    read: (words) => (words.length === 0 ? fallback : words.at(-1) === "true"),
  };
}

/**
 * Several values of one kind. As an argument it is the last one, and takes all that is left; as an option it may be repeated.
 *
 *     arguments: { beans: list(choice(["arabica", "robusta"]), { min: 1 }) }
 */
export function list<Value>(of: OneParameter<Value>, options: ListOptions = {}): ListParameter<NonNullable<Value>> {
  const { min = 0, max = Infinity, description = of.description, short, placeholder = of.placeholder } = options;
  if (!(min >= 0 && min <= max))
    throw new ConfigError("BAD_OPTION", "A list needs a min of 0 or more, and a max that is not less.");
  return {
    form: "many",
    kind: of.kind,
    isRequired: min > 0,
    placeholder,
    description,
    short,
    notes: of.notes,
    complete: of.complete,
    read: async (words, reading) => {
      const { label } = reading;
      if (words.length === 0 && min > 0) throw new UsageError("MISSING", `${label} is missing.`);
      if (words.length < min)
        throw new UsageError("MISSING", `${label} takes at least ${min} values, not ${words.length}.`);
      if (words.length > max)
        throw new UsageError("TOO_MANY", `${label} takes at most ${max} values, not ${words.length}.`);
      const values: NonNullable<Value>[] = [];
      // One after the other, so that the first wrong one is told.
      for (const word of words) values.push((await of.read([word], reading)) as NonNullable<Value>);
      return values;
    },
  };
}
