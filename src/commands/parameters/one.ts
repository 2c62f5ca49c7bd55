import type { Awaitable } from "../../server/index.ts";
import { UsageError } from "../parse/usage-error.ts";
import type { CompleteValue, Given, Reading, ValueOptions, ValueParameter } from "./parameter.ts";
import { shown } from "./parameter.ts";

/** What a kind of value knows of itself. */
export interface Kind<Value> {
  /** Stands for the value of an option in the help: `text`. */
  readonly name: string;
  /** Ends the sentence "it must be …". */
  readonly expected: string;
  readonly notes?: readonly string[];
  readonly complete?: CompleteValue | undefined;
  /** The value of a word, or undefined when it is none. */
  parse(word: string, reading: Reading): Awaitable<Value | undefined>;
  /** What may have been meant by a word that is none. */
  nearest?(word: string): string | undefined;
}

/** A parameter with one value. */
export interface OneParameter<Value> extends ValueParameter<Value> {
  readonly form: "one";
}

/** Makes a parameter of a kind of values and of what it was told. */
export function one<Value, const Options extends ValueOptions<Value>>(
  kind: Kind<Value>,
  options: Options,
): OneParameter<Given<Value, Options>> {
  const { optional = false, default: fallback, complete = kind.complete, description, short, placeholder } = options;
  const read = async ([word]: readonly string[], reading: Reading): Promise<Value | undefined> => {
    if (word !== undefined) return valueOf(kind, word, reading);
    if (fallback === undefined && !optional) throw new UsageError("MISSING", `${reading.label} is missing.`);
    return fallback;
  };
  return {
    form: "one",
    kind: kind.name,
    isRequired: !optional && fallback === undefined,
    placeholder,
    description,
    short,
    notes: [...(kind.notes ?? []), ...(fallback === undefined ? [] : [`default ${shownDefault(fallback)}`])],
    complete: complete === undefined || typeof complete === "function" ? complete : () => complete,
    // `Given` says of the same options when it may be undefined.
    read: read as (words: readonly string[], reading: Reading) => Promise<Given<Value, Options>>,
  };
}

async function valueOf<Value>(kind: Kind<Value>, word: string, reading: Reading): Promise<Value> {
  const value = await kind.parse(word, reading);
  if (value !== undefined) return value;
  const nearest = kind.nearest?.(word);
  const hint = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
  throw new UsageError("BAD_VALUE", `${reading.label} must be ${kind.expected}, not ${shown(word)}.${hint}`);
}

/** Values of an app's own making have no form that a user would know. */
function shownDefault(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "set";
}
