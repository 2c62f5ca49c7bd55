import type { Glyphs, Size, Widget } from "../../terminal/index.ts";
import { Panel } from "../../terminal/index.ts";
import type { Input } from "../input/input.ts";

/** Gives the terminal to an interaction. */
export type Interact = NonNullable<Input["interact"]>;

/** How a widget is put before the user. */
export interface Presentation<Value> {
  readonly glyphs: Glyphs;
  /** Makes it, for a terminal of this size, when its turn has come. */
  readonly widget: (size: Size) => Widget<Value>;
  readonly signal?: AbortSignal | undefined;
  /** What is typed is for it alone. */
  readonly secret?: boolean;
  /** It has the second screen for itself. */
  readonly alternate?: boolean;
  /** It is on the screen. It can be drawn anew, and brought to an end from outside: with a value, or with an error. */
  readonly opened?: (panel: Panel<Value>, end: (how: () => Value) => void) => void;
}

/** Puts a widget before the user. Rejects with an AbortError, or with what the app's own code in the widget threw. */
export async function present<Value>(interact: Interact, presentation: Presentation<Value>): Promise<Value> {
  const { glyphs, widget, signal, secret = false, alternate = false, opened } = presentation;
  const controller = new AbortController();
  let ended: (() => Value) | undefined;
  const end = (how: () => Value): void => {
    ended ??= how;
    controller.abort();
  };
  const failed = (error: unknown): void =>
    end(() => {
      throw error;
    });
  const giveUp = (): void => controller.abort(signal?.reason);
  if (signal?.aborted === true) giveUp();
  else signal?.addEventListener("abort", giveUp, { once: true });
  try {
    return await interact({
      secret,
      signal: controller.signal,
      open: (stage) => {
        const panel = new Panel(stage, widget(stage), { glyphs, alternate, failed });
        panel.show();
        opened?.(panel, end);
        return panel;
      },
    });
  } catch (error) {
    if (ended !== undefined) return ended();
    throw error;
  } finally {
    signal?.removeEventListener("abort", giveUp);
  }
}
