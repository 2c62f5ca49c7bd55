import type { Input } from "../input/input.ts";

/** Calls a question off from outside. */
export interface PromptSignal {
  readonly signal?: AbortSignal;
}

/** How `client.ask` asks. */
export interface AskOptions extends PromptSignal {
  /** What an empty answer means. Default the empty string. */
  readonly default?: string;
  /** Text that is there already, to be edited; only with a terminal. */
  readonly initial?: string;
  /** Says what is wrong with an answer, which is then asked for again; undefined or true takes it. */
  readonly validate?: (answer: string) => string | true | undefined;
}

/** How `client.password` asks. */
export interface PasswordOptions extends PromptSignal {
  /** What is shown for each character. Default nothing. */
  readonly mask?: string;
}

/** How `client.confirm` asks. */
export interface ConfirmOptions extends PromptSignal {
  /** What Enter alone means. Default false. */
  readonly default?: boolean;
}

/** How `client.choose` asks. */
export interface ChooseOptions extends PromptSignal {
  /** The number, from 1, that Enter alone means. Default none. */
  readonly default?: number;
}

/** One of several to choose from. */
export interface Choice<Value> {
  readonly label: string;
  readonly value: Value;
}

/** See `client.ask`. */
export async function ask(input: Input, question: string, options: AskOptions = {}): Promise<string> {
  const { default: byDefault = "", initial, validate, signal } = options;
  for (;;) {
    const line = await input.ask({ text: question, signal, ...(initial !== undefined && { initial }) });
    const answer = line === "" ? byDefault : line;
    const objection = validate?.(answer);
    if (objection === undefined || objection === true) return answer;
    input.print(`${objection}\n`, "stdout");
  }
}

/** See `client.password`. */
export function password(input: Input, question: string, options: PasswordOptions = {}): Promise<string> {
  return input.ask({ text: question, mask: options.mask ?? true, signal: options.signal });
}

/** See `client.confirm`. */
export async function confirm(input: Input, question: string, options: ConfirmOptions = {}): Promise<boolean> {
  const { default: byDefault = false, signal } = options;
  const text = `${question} ${byDefault ? "[Y/n]" : "[y/N]"} `;
  for (;;) {
    const answer = (await input.ask({ text, signal })).trim().toLowerCase();
    if (answer === "") return byDefault;
    if (answer === "y" || answer === "yes") return true;
    if (answer === "n" || answer === "no") return false;
    input.print("Please answer yes or no.\n", "stdout");
  }
}

/** See `client.choose`. */
export async function choose<Value>(
  input: Input,
  question: string,
  choices: readonly (string | Choice<Value>)[],
  options: ChooseOptions = {},
): Promise<Value | string> {
  if (choices.length === 0) throw new RangeError("There is nothing to choose from: give at least one choice.");
  const { default: byDefault, signal } = options;
  const labels = choices.map((choice) => (typeof choice === "string" ? choice : choice.label));
  const width = String(labels.length).length;
  const list = labels.map((label, index) => `  ${String(index + 1).padStart(width)}) ${label}`);
  const text = byDefault === undefined ? `1-${labels.length}: ` : `1-${labels.length} [${byDefault}]: `;
  input.print(`${[question, ...list].join("\n")}\n`, "stdout");
  for (;;) {
    const answer = (await input.ask({ text, signal })).trim();
    const index = answer === "" ? (byDefault ?? 0) - 1 : indexOf(answer, labels);
    const choice = choices[index];
    if (choice !== undefined) return typeof choice === "string" ? choice : choice.value;
    input.print(`Please answer with a number from 1 to ${labels.length}.\n`, "stdout");
  }
}

/** The choice that a number, a label, or the beginning of just one label means; -1 for none. */
function indexOf(answer: string, labels: readonly string[]): number {
  if (/^\d{1,6}$/.test(answer)) return Number(answer) - 1;
  const wanted = answer.toLowerCase();
  const exact = labels.findIndex((label) => label.toLowerCase() === wanted);
  if (exact >= 0) return exact;
  const [first, second] = [...labels.keys()].filter((index) => labels[index]?.toLowerCase().startsWith(wanted));
  return second === undefined ? (first ?? -1) : -1;
}
