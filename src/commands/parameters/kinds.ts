import { ConfigError } from "../../server/index.ts";
import type { Awaitable } from "../../server/index.ts";
import { nearest } from "../nearest.ts";
import type { OneParameter } from "./one.ts";
import { one } from "./one.ts";
import type { Given, Reading, ValueOptions } from "./parameter.ts";

/** What `text` can be told. */
export interface TextOptions extends ValueOptions<string> {
  /** UTF-16 code units at least. Default 0: an empty text (`""`) is one. */
  readonly minLength?: number;
  /** UTF-16 code units at most. Default as many as the line has. */
  readonly maxLength?: number;
  /** What all of it has to match. */
  readonly pattern?: RegExp;
  /** What it must be, in words, for the error: `a name of small letters`. Default by the other options. */
  readonly expected?: string;
}

/** What `integer` and `number` can be told. */
export interface NumberOptions extends ValueOptions<number> {
  /** The least that it may be. Default none. */
  readonly min?: number;
  /** The most that it may be. Default none. */
  readonly max?: number;
}

/** What `custom` is told. */
export interface CustomOptions<Value extends {}> extends ValueOptions<Value> {
  /** What it must be, in words, for the error: `a colour such as #ff8800`. */
  readonly expected: string;
  /** Makes a value of a word, or gives undefined for one that is none. What it throws is a fault, but for a `UsageError`. */
  parse(word: string, reading: Reading): Awaitable<Value | undefined>;
}

/** A text: one word, or several in quotes. Control characters in it are as they came: see `escapeControls`. */
export function text(): OneParameter<string>;
/** A text: one word, or several in quotes. Control characters in it are as they came: see `escapeControls`. */
export function text<const Options extends TextOptions>(options: Options): OneParameter<Given<string, Options>>;
export function text(options: TextOptions = {}): OneParameter<string | undefined> {
  const { minLength = 0, maxLength = Infinity, pattern } = options;
  const range = rangeOf(minLength > 0 ? minLength : -Infinity, maxLength);
  const characters = range.replace(/(?: or \w+)?$/, " characters$&");
  const expected = options.expected ?? (range === "" ? "a text of another form" : `a text of ${characters}`);
  return one<string, TextOptions>(
    {
      name: "text",
      expected,
      parse: (word) => {
        const fits = word.length >= minLength && word.length <= maxLength && matches(pattern, word);
        return fits ? word : undefined;
      },
    },
    options,
  );
}

/** A whole number that JavaScript holds exactly. */
export function integer(): OneParameter<number>;
/** A whole number that JavaScript holds exactly. */
export function integer<const Options extends NumberOptions>(options: Options): OneParameter<Given<number, Options>>;
export function integer(options: NumberOptions = {}): OneParameter<number | undefined> {
  return numeric("a whole number", /^[+-]?\d+$/, Number.isSafeInteger, options);
}

/** A number, also with a fraction or an exponent. */
export function number(): OneParameter<number>;
/** A number, also with a fraction or an exponent. */
export function number<const Options extends NumberOptions>(options: Options): OneParameter<Given<number, Options>>;
export function number(options: NumberOptions = {}): OneParameter<number | undefined> {
  return numeric("a number", /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i, Number.isFinite, options);
}

/**
 * One of several values.
 *
 *     arguments: { beans: choice(["arabica", "robusta"]) }
 */
export function choice<const Values extends readonly [string, ...string[]]>(
  values: Values,
): OneParameter<Values[number]>;
/** One of several values, with options. */
export function choice<
  const Values extends readonly [string, ...string[]],
  const Options extends ValueOptions<Values[number]>,
>(values: Values, options: Options): OneParameter<Given<Values[number], Options>>;
export function choice(
  values: readonly string[],
  options: ValueOptions<string> = {},
): OneParameter<string | undefined> {
  if (values.length === 0) throw new ConfigError("BAD_OPTION", "A choice needs something to choose from.");
  const list = values.join(", ");
  return one<string, ValueOptions<string>>(
    {
      name: values.length <= 4 ? values.join("|") : "choice",
      expected: `one of ${list}`,
      notes: [`one of ${list}`],
      complete: () => values,
      parse: (word) => values.find((value) => value === word),
      nearest: (word) => nearest(word, values),
    },
    options,
  );
}

/**
 * A value of the app's own making.
 *
 *     custom({ expected: "a colour such as #ff8800", parse: (word) => colourOf(word), complete: ["#ff8800"] })
 */
export function custom<Value extends {}, const Options extends Omit<CustomOptions<Value>, "parse" | "expected">>(
  options: Options & Pick<CustomOptions<Value>, "parse" | "expected">,
): OneParameter<Given<Value, Options>> {
  const { expected, parse } = options;
  return one<Value, Options>({ name: "value", expected, parse: (word, reading) => parse(word, reading) }, options);
}

function numeric(
  what: string,
  form: RegExp,
  isOne: (value: number) => boolean,
  options: NumberOptions,
): OneParameter<number | undefined> {
  const { min = -Infinity, max = Infinity } = options;
  const range = rangeOf(min, max);
  const preposition = max < Infinity && min > -Infinity && min !== max ? "from" : "of";
  return one<number, NumberOptions>(
    {
      name: "number",
      expected: range === "" ? what : `${what} ${preposition} ${range}`,
      notes: range === "" ? [] : [range],
      parse: (word) => {
        const value = form.test(word) ? Number(word) : NaN;
        return isOne(value) && value >= min && value <= max ? value : undefined;
      },
    },
    options,
  );
}

/** How many or how much it may be; nothing where there is no limit. */
function rangeOf(min: number, max: number): string {
  if (min === max) return String(min);
  if (max < Infinity) return min > -Infinity ? `${min} to ${max}` : `${max} or less`;
  return min > -Infinity ? `${min} or more` : "";
}

/** Whether an expression matches all of a word, whatever its flags. */
function matches(pattern: RegExp | undefined, word: string): boolean {
  if (pattern === undefined) return true;
  return new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[gmy]/g, "")).test(word);
}
