import type { Key, Mouse } from "../../terminal/index.ts";
import type { Input } from "../input/input.ts";
import type { PromptSignal } from "./options.ts";

/** How `client.mouse` waits. */
export interface MouseOptions extends PromptSignal {
  /** Moves count as well: with a button held (`"drag"`), or all (`"move"`). Default only presses, releases and the wheel. */
  readonly motion?: "drag" | "move";
}

/** What `client.input` gives. */
export interface InputOptions extends PromptSignal {
  /** Also what the mouse does: presses, releases and the wheel (`"click"`), moves with a button held as well, or all. */
  readonly mouse?: "click" | "drag" | "move";
  /**
   * Also that keys are let go: `event` is `"release"` then. Only terminals with the kitty keyboard protocol tell (kitty,
   * foot, Ghostty, Alacritty and others); the terminal is asked whether it has it. Default false.
   */
  readonly releases?: boolean;
}

/** See `client.mouse`. */
export async function mouse(input: Input, options: MouseOptions = {}): Promise<Mouse> {
  const watch = input.watch({ keys: false, mouse: options.motion ?? "click", signal: options.signal });
  try {
    return (await watch.next()) as Mouse;
  } finally {
    watch.close();
  }
}

/**
 * See `client.input`.
 *
 * @param hasReleases whether the terminal can tell of keys that are let go.
 */
export async function* input(
  input: Input,
  options: InputOptions,
  hasReleases: () => Promise<boolean>,
): AsyncGenerator<Key | Mouse, void, undefined> {
  const { mouse, signal, releases = false } = options;
  const watch = input.watch({ keys: true, mouse, releases: releases && (await hasReleases()), signal });
  try {
    for (;;) yield await watch.next();
  } finally {
    watch.close();
  }
}
