import type { FormField, FormFields } from "../../terminal/index.ts";
import { isDisabled, objectionOf, stripAnsi } from "../../terminal/index.ts";
import type { Input } from "../input/input.ts";
import type { AskOptions, CheckboxOptions, Node } from "./options.ts";

/** Questions on lines: for whoever has no terminal, one that draws nothing, or a screen reader. */

/** Asks for a line until it validates. */
export async function askLine(input: Input, question: string, options: AskOptions = {}): Promise<string> {
  const { default: byDefault = "", validate, ...asked } = options;
  for (;;) {
    const line = await input.ask({ ...asked, text: question });
    const answer = line === "" ? byDefault : line;
    const objection = objectionOf(validate?.(answer));
    if (objection === undefined) return answer;
    input.print(`${objection}\n`, "stdout");
  }
}

/** Asks for yes or no. */
export async function confirmLine(
  input: Input,
  question: string,
  byDefault: boolean,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const text = `${question} ${byDefault ? "[Y/n]" : "[y/N]"} `;
  for (;;) {
    const answer = (await input.ask({ text, signal })).trim().toLowerCase();
    if (answer === "") return byDefault;
    if (answer === "y" || answer === "yes") return true;
    if (answer === "n" || answer === "no") return false;
    input.print("Please answer yes or no.\n", "stdout");
  }
}

/** Asks for one entry of a numbered list: by its number, its label, or the beginning of just one label. */
export async function chooseLine(
  input: Input,
  question: string,
  items: readonly Node[],
  byDefault: number | undefined,
  signal: AbortSignal | undefined,
): Promise<Node> {
  const text = byDefault === undefined ? `1-${items.length}: ` : `1-${items.length} [${byDefault}]: `;
  printList(input, question, items);
  for (;;) {
    const answer = (await input.ask({ text, signal })).trim();
    const item = items[answer === "" ? (byDefault ?? 0) - 1 : indexOf(answer, items)];
    if (item !== undefined && !isDisabled(item)) return item;
    input.print(`Please answer with a number from 1 to ${items.length}.\n`, "stdout");
  }
}

/** Asks for entries of a numbered list, in any number: `1 3`, `all`, `none`. */
export async function checkboxLine(
  input: Input,
  question: string,
  items: readonly Node[],
  { default: byDefault = [], min = 0, max = items.length, validate, signal }: CheckboxOptions<unknown>,
): Promise<readonly Node[]> {
  printList(input, question, items);
  const text = `1-${items.length}, several with blanks between, all or none [${byDefault.join(" ") || "none"}]: `;
  for (;;) {
    const answer = (await input.ask({ text, signal })).trim().toLowerCase();
    const chosen = severalOf(answer === "" ? byDefault.join(" ") : answer, items);
    const objection =
      chosen === undefined
        ? `Please answer with numbers from 1 to ${items.length}.`
        : chosen.length < min
          ? `At least ${min}.`
          : chosen.length > max
            ? `At most ${max}.`
            : objectionOf(validate?.(chosen.map(({ value }) => value)));
    if (chosen !== undefined && objection === undefined) return chosen;
    input.print(`${objection}\n`, "stdout");
  }
}

/** Asks for an entry of lists in lists. */
export async function menuLines(
  input: Input,
  title: string,
  items: readonly Node[],
  signal: AbortSignal | undefined,
): Promise<Node> {
  const back: Node = { label: "back" };
  const path: Node[] = [];
  for (;;) {
    const here = path.at(-1)?.items ?? items;
    const question = [title, ...path.map(({ label }) => label)].join(" > ");
    const entries = path.length === 0 ? here : [...here, back];
    const chosen = await chooseLine(input, question, entries, undefined, signal);
    if (chosen === back) path.pop();
    else if (chosen.items === undefined) return chosen;
    else path.push(chosen);
  }
}

/** Asks for the fields of a form, one after the other; for all again when they are wrong together. */
export async function formLines(
  input: Input,
  title: string,
  fields: FormFields,
  validate: (answers: Record<string, unknown>) => string | true | undefined,
  signal: AbortSignal | undefined,
): Promise<Record<string, unknown>> {
  if (title !== "") input.print(`${title}\n`, "stdout");
  for (;;) {
    const answers: [string, unknown][] = [];
    for (const [name, field] of Object.entries(fields)) answers.push([name, await fieldLine(input, field, signal)]);
    const all = Object.fromEntries(answers);
    const objection = objectionOf(validate(all));
    if (objection === undefined) return all;
    input.print(`${objection}\n`, "stdout");
  }
}

async function fieldLine(input: Input, field: FormField, signal: AbortSignal | undefined): Promise<unknown> {
  const { label } = field;
  if (field.type === "choice") {
    const items = field.choices.map((item) => (typeof item === "string" ? { label: item, value: item } : item));
    return (await chooseLine(input, label, items, field.default, signal)).value;
  }
  for (;;) {
    const answer = await answerOf(input, field, signal);
    // Each field validates what it gives: the types of the two belong together.
    const objection = objectionOf((field.validate as ((answer: unknown) => unknown) | undefined)?.(answer));
    if (objection === undefined) return answer;
    input.print(`${objection}\n`, "stdout");
  }
}

function answerOf(
  input: Input,
  field: Exclude<FormField, { readonly type: "choice" }>,
  signal: AbortSignal | undefined,
): Promise<string | boolean> {
  const { label } = field;
  if (field.type === "confirm") return confirmLine(input, label, field.default ?? false, signal);
  if (field.type === "password") return input.ask({ text: `${label}: `, mask: true, signal });
  const { default: byDefault = "" } = field;
  const text = byDefault === "" ? `${label}: ` : `${label} [${byDefault}]: `;
  return askLine(input, text, { default: byDefault, ...(signal !== undefined && { signal }) });
}

function printList(input: Input, question: string, items: readonly Node[]): void {
  const width = String(items.length).length;
  const list = items.map((item, index) => {
    const { label, description = "", disabled } = item;
    const note = typeof disabled === "string" ? disabled : isDisabled(item) ? "not now" : description;
    return `  ${String(index + 1).padStart(width)}) ${label}${note === "" ? "" : `  (${note})`}`;
  });
  const head = question === "" ? [] : [question];
  input.print(`${[...head, ...list].join("\n")}\n`, "stdout");
}

/** The entry that a number, a label, or the beginning of just one label means; -1 for none. */
function indexOf(answer: string, items: readonly Node[]): number {
  if (/^\d{1,6}$/.test(answer)) return Number(answer) - 1;
  const wanted = answer.toLowerCase();
  const labels = items.map(({ label }) => stripAnsi(label).toLowerCase());
  const exact = labels.indexOf(wanted);
  if (exact >= 0) return exact;
  const first = labels.findIndex((label) => label.startsWith(wanted));
  return labels.findLastIndex((label) => label.startsWith(wanted)) === first ? first : -1;
}

/** The entries that an answer means, in the order of the list; undefined when it means none. */
function severalOf(answer: string, items: readonly Node[]): readonly Node[] | undefined {
  if (answer === "none" || answer === "") return [];
  if (answer === "all") return items.filter((item) => !isDisabled(item));
  const chosen = new Set(answer.split(/[\s,]+/).map((word) => items[indexOf(word, items)]));
  if (Array.from(chosen).some(isDisabled)) return undefined;
  return items.filter((item) => chosen.has(item));
}
