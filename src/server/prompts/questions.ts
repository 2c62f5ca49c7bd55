import type { FormAnswers, FormFields, Glyphs, Widget } from "../../terminal/index.ts";
import { Checkbox, Choose, Confirm, Dialog, Form, isDisabled, Menu } from "../../terminal/index.ts";
import type { Input } from "../input/input.ts";
import { askLine, checkboxLine, chooseLine, confirmLine, formLines, menuLines } from "./lines.ts";
import type {
  AlertOptions,
  AskOptions,
  CheckboxOptions,
  ChooseOptions,
  ConfirmOptions,
  DialogOptions,
  FormOptions,
  MenuItem,
  Node,
  PasswordOptions,
  PromptSignal,
} from "./options.ts";
import { nodeOf } from "./options.ts";
import type { Interact } from "./present.ts";
import { present } from "./present.ts";

/** By what a session's user is asked. */
export interface Asking {
  readonly input: Input;
  /** Draws on the terminal; undefined where questions are on lines. */
  readonly interact: Interact | undefined;
  readonly glyphs: Glyphs;
}

/** See `client.ask`. */
export function ask({ input }: Asking, question: string, options?: AskOptions): Promise<string> {
  return askLine(input, question, options);
}

/** See `client.password`. */
export function password({ input }: Asking, question: string, options: PasswordOptions = {}): Promise<string> {
  return input.ask({ text: question, mask: options.mask ?? true, signal: options.signal });
}

/** See `client.confirm`. */
export function confirm(asking: Asking, question: string, options: ConfirmOptions = {}): Promise<boolean> {
  const { default: byDefault = false, signal } = options;
  if (asking.interact === undefined) return confirmLine(asking.input, question, byDefault, signal);
  return shown(asking.interact, asking, new Confirm(question, byDefault), signal);
}

/** See `client.choose`. */
export async function choose(
  asking: Asking,
  question: string,
  choices: readonly MenuItem[],
  options: ChooseOptions = {},
): Promise<unknown> {
  const { default: byDefault, signal } = options;
  const items = itemsOf(choices);
  const { interact, input, glyphs } = asking;
  const chosen =
    interact === undefined
      ? await chooseLine(input, question, items, byDefault, signal)
      : await shown(interact, asking, new Choose(question, items, (byDefault ?? 1) - 1, glyphs), signal);
  return chosen.value;
}

/** See `client.checkbox`. */
export async function checkbox(
  asking: Asking,
  question: string,
  choices: readonly MenuItem[],
  options: CheckboxOptions<unknown> = {},
): Promise<unknown[]> {
  const items = itemsOf(choices);
  const { default: byDefault = [], min = 0, max = Infinity, validate, signal } = options;
  if (min > max) throw new RangeError(`At least ${min} and at most ${max} cannot be ticked.`);
  const { interact, input, glyphs } = asking;
  const valuesOf = (nodes: readonly Node[]): unknown[] => nodes.map(({ value }) => value);
  if (interact === undefined) return valuesOf(await checkboxLine(input, question, items, options));
  const ticked = byDefault.flatMap((number) => items[number - 1] ?? []);
  const rules = { min, max, validate: (nodes: readonly Node[]) => validate?.(valuesOf(nodes)) };
  return valuesOf(await shown(interact, asking, new Checkbox(question, items, ticked, rules, glyphs), signal));
}

/** See `client.menu`. */
export async function menu(
  asking: Asking,
  title: string,
  items: readonly MenuItem[],
  { signal }: PromptSignal = {},
): Promise<unknown> {
  const nodes = itemsOf(items);
  const { interact, input, glyphs } = asking;
  const chosen =
    interact === undefined
      ? await menuLines(input, title, nodes, signal)
      : await shown(interact, asking, new Menu(title, nodes, glyphs), signal);
  return chosen.value;
}

/** See `client.form`. */
export async function form<const Fields extends FormFields>(
  asking: Asking,
  fields: Fields,
  options: FormOptions<Fields> = {},
): Promise<FormAnswers<Fields>> {
  const { title = "", submit = "Submit", validate, signal } = options;
  for (const [name, field] of Object.entries(fields)) {
    if (field.type === "choice" && field.choices.every((choice) => typeof choice !== "string" && isDisabled(choice)))
      throw new RangeError(`The field ${name} has nothing to choose from: give at least one choice.`);
  }
  const { interact, input, glyphs } = asking;
  if (interact === undefined) {
    const check = (answers: Record<string, unknown>): string | true | undefined =>
      validate?.(answers as FormAnswers<Fields>);
    return (await formLines(input, title, fields, check, signal)) as FormAnswers<Fields>;
  }
  const secret = Object.values(fields).some(({ type }) => type === "password");
  const widget = new Form({ title, submit }, fields, validate, glyphs);
  return present(interact, { glyphs, signal, secret, widget: () => widget });
}

/** See `client.alert`. */
export async function alert(asking: Asking, text: string, options: AlertOptions = {}): Promise<void> {
  const { input, interact } = asking;
  if (interact !== undefined) {
    await dialog(asking, { ...options, text, buttons: ["OK"] });
    return;
  }
  const { title = "", signal } = options;
  input.print(`${title === "" ? "" : `${title}\n`}${text}\n`, "stdout");
  // Whoever reads from a file or a program cannot be waited for.
  if (input.interact !== undefined) await input.ask({ text: "Press Enter. ", signal });
}

/** See `client.dialog`. */
export async function dialog(
  asking: Asking,
  { title = "", text, buttons, default: byDefault = 1, signal }: DialogOptions<MenuItem>,
): Promise<unknown> {
  const nodes = itemsOf(buttons);
  const { interact, input, glyphs } = asking;
  if (interact === undefined) {
    input.print(`${title === "" ? "" : `${title}\n`}${text}\n`, "stdout");
    return (await chooseLine(input, "", nodes, byDefault, signal)).value;
  }
  const first = Math.min(Math.max(1, byDefault), nodes.length) - 1;
  const widget = new Dialog({ title, text }, nodes, first, glyphs);
  const pressed = await present(interact, { glyphs, signal, alternate: true, widget: () => widget });
  return pressed.value;
}

function shown<Value>(
  interact: Interact,
  { glyphs }: Asking,
  widget: Widget<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  return present(interact, { glyphs, signal, widget: () => widget });
}

function itemsOf(choices: readonly MenuItem[]): readonly Node[] {
  const items = choices.map(nodeOf);
  if (items.every(isDisabled)) throw new RangeError("There is nothing to choose from: give at least one choice.");
  return items;
}
