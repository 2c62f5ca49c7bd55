import type { Choice, FormAnswers, FormFields, Key, Mouse } from "../../terminal/index.ts";
import type {
  AlertOptions,
  AskOptions,
  CheckboxOptions,
  ChooseOptions,
  Chosen,
  ConfirmOptions,
  DialogOptions,
  FormOptions,
  MenuItem,
  PageOptions,
  PasswordOptions,
  PromptSignal,
} from "../prompts/options.ts";
import { diversionOf } from "../divert/diversion.ts";
import type { PageSource } from "../prompts/page.ts";
import { page, pageTo } from "../prompts/page.ts";
import type { Asking } from "../prompts/questions.ts";
import { alert, ask, checkbox, choose, confirm, dialog, form, menu, password } from "../prompts/questions.ts";
import type { InputOptions, MouseOptions } from "../prompts/watching.ts";
import { input, mouse } from "../prompts/watching.ts";
import { AbortError } from "./abort-error.ts";
import { ClientLine } from "./client-line.ts";
import type { SessionHost } from "./facts.ts";
import { canRedraw } from "./looks.ts";

/**
 * What a client asks. Questions that are asked at once are asked one after the other. Each rejects with an `AbortError` on
 * Ctrl-C, Ctrl-D, the end of the session, and when its `signal` is aborted; the screen is then as it was before. Where
 * there is no terminal, or one that draws nothing, they are asked on lines.
 */
export class ClientPrompts extends ClientLine {
  readonly #host: SessionHost;

  /** For the server. */
  constructor(host: SessionHost) {
    super(host);
    this.#host = host;
  }

  /**
   * Asks for a line.
   *
   * @returns the answer without its newline; what `default` says for an empty one.
   * @throws AbortError on Ctrl-C, Ctrl-D, the end of the session, or when `options.signal` is aborted.
   */
  ask(question: string, options?: AskOptions): Promise<string> {
    return this.#ask((asking) => ask(asking, question, options));
  }

  /** Asks for a line that is not shown. Default question `Password: `. @throws AbortError as {@link ask}. */
  password(question = "Password: ", options?: PasswordOptions): Promise<string> {
    return this.#ask((asking) => password(asking, question, options));
  }

  /** Asks yes or no: the keys y and n, or Enter for the default, which is no. @throws AbortError as {@link ask}. */
  confirm(question: string, options?: ConfirmOptions): Promise<boolean> {
    return this.#ask((asking) => confirm(asking, question, options));
  }

  /**
   * Lets the user choose one of several: by arrows, by number, or by typing some of its label.
   *
   *     const colour = await client.choose("Which colour?", ["red", "green"]);
   *
   * @throws AbortError as {@link ask}. RangeError when there is nothing that can be chosen.
   */
  choose<Item extends string | Choice<unknown>>(
    question: string,
    choices: readonly Item[],
    options?: ChooseOptions,
  ): Promise<Chosen<Item>> {
    return this.#ask((asking) => choose(asking, question, choices, options) as Promise<Chosen<Item>>);
  }

  /**
   * Lets the user tick any number of several.
   *
   *     const toppings = await client.checkbox("On it?", ["ham", "cheese", "olives"], { max: 2 });
   *
   * @returns the values of those that are ticked, in the order of the list.
   * @throws AbortError as {@link ask}. RangeError when nothing can be ticked, or `min` is more than `max`.
   */
  checkbox<Item extends string | Choice<unknown>>(
    question: string,
    choices: readonly Item[],
    options?: CheckboxOptions<Chosen<Item>>,
  ): Promise<Chosen<Item>[]> {
    // The values that it is shown are those of the choices.
    const all = options as CheckboxOptions<unknown> | undefined;
    return this.#ask((asking) => checkbox(asking, question, choices, all) as Promise<Chosen<Item>[]>);
  }

  /**
   * Lets the user choose from lists in lists, with a way back.
   *
   *     const drink = await client.menu("Drinks", [{ label: "hot", items: ["tea", "coffee"] }, "water"]);
   *
   * @throws AbortError as {@link ask}. RangeError when there is nothing that can be chosen.
   */
  menu<const Item extends MenuItem>(
    title: string,
    items: readonly Item[],
    options?: PromptSignal,
  ): Promise<Chosen<Item>> {
    return this.#ask((asking) => menu(asking, title, items, options) as Promise<Chosen<Item>>);
  }

  /**
   * Asks for several things on one screen.
   *
   *     const { name, size } = await client.form({
   *       name: { type: "text", label: "Name" },
   *       size: { type: "choice", label: "Size", choices: ["small", "large"] },
   *     });
   *
   * @returns the answers by the names of their fields. What was typed has no control characters.
   * @throws AbortError as {@link ask}. RangeError for a field with nothing to choose from.
   */
  form<const Fields extends FormFields>(fields: Fields, options?: FormOptions<Fields>): Promise<FormAnswers<Fields>> {
    return this.#ask((asking) => form(asking, fields, options));
  }

  /** Shows a text in a box until the user has seen it; without a terminal it is but written. @throws AbortError as {@link ask}. */
  alert(text: string, options?: AlertOptions): Promise<void> {
    return this.#ask((asking) => alert(asking, text, options));
  }

  /**
   * Shows a text in a box, with buttons.
   *
   *     if ((await client.dialog({ text: "Delete all?", buttons: ["Keep", "Delete"] })) === "Delete") wipe();
   *
   * @returns the button that was pressed, or its `value`.
   * @throws AbortError as {@link ask}. RangeError when there is no button that can be pressed.
   */
  dialog<const Button extends string | Choice<unknown>>(options: DialogOptions<Button>): Promise<Chosen<Button>> {
    return this.#ask((asking) => dialog(asking, options) as Promise<Chosen<Button>>);
  }

  /**
   * Lets the user leaf through a text, with the keys of less. It is read as far as it is looked at. What fits the screen is
   * but written, and so is all of it without a terminal.
   *
   *     await client.page(createReadStream("chronicle.txt"));
   *
   * @throws AbortError as {@link ask}. What the source throws.
   */
  page(source: PageSource, options: PageOptions = {}): Promise<void> {
    const elsewhere = diversionOf(this);
    if (elsewhere !== undefined) return pageTo(elsewhere, source, options);
    return this.#ask((asking) => page(asking, source, () => this.drained(), options));
  }

  /** Waits for one key, without echo; before any question. @throws AbortError as {@link ask}. */
  key(options?: PromptSignal): Promise<Key> {
    return this.#ask(({ input }) => input.key(options?.signal));
  }

  /**
   * Waits for the mouse: a button pressed or let go, or the wheel turned. The terminal reports the mouse only while somebody
   * waits; who waits for one deed after the other takes {@link input}.
   *
   * Columns and rows count from 0 and are inside of {@link window}.
   *
   * @throws AbortError as {@link ask}; at once, with the reason `end-of-input`, where there is no terminal.
   */
  mouse(options?: MouseOptions): Promise<Mouse> {
    return this.#ask(({ input }) => mouse(input, options));
  }

  /**
   * Keys and mouse as they come, for a game or a picture: before any question, and without echo. What comes while the loop
   * is busy is kept for it, as much as `limits.maxTypeAhead` says, and the mouse's last move only.
   *
   *     for await (const event of client.input({ mouse: "drag", signal })) {
   *       if (event.type === "key" && event.name === "q") break;
   *       if (event.type === "mouse") draw(event.x, event.y);
   *     }
   *
   * @throws AbortError as {@link ask}.
   */
  input(options: InputOptions = {}): AsyncGenerator<Key | Mouse, void, undefined> {
    const hasReleases = async (): Promise<boolean> => (await this.detectTerminal()).kittyKeyboard;
    this.#host.listen();
    const events = input(this.#host.input, options, hasReleases);
    const next = events.next.bind(events);
    events.next = () => this.#ask(() => next());
    return events;
  }

  #ask<Answer>(question: (asking: Asking) => Promise<Answer>): Promise<Answer> {
    const { terminal, signal } = this.#host;
    this.#host.listen();
    const { input } = this.#host;
    const interact = canRedraw(this.#host) ? input.interact : undefined;
    const answer = signal.aborted
      ? Promise.reject(new AbortError("disconnected"))
      : question({ input, interact, glyphs: terminal.glyphs });
    // An app that does not look at its answer must not bring the process down when the user hangs up.
    answer.catch(() => undefined);
    return answer;
  }
}
