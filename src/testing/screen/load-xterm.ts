import type xterm from "@xterm/headless";
import { TestingError } from "../error.ts";

/** The package that plays the terminal. */
export type Xterm = typeof xterm;

/** @throws TestingError `MISSING_PACKAGE` that says how to install it. */
export async function loadXterm(load: () => Promise<{ readonly default: Xterm }> = importXterm): Promise<Xterm> {
  try {
    return (await load()).default;
  } catch (cause) {
    throw new TestingError(
      "MISSING_PACKAGE",
      "A test's terminal needs the package @xterm/headless: npm install --save-dev @xterm/headless",
      { cause },
    );
  }
}

function importXterm(): Promise<{ readonly default: Xterm }> {
  return import("@xterm/headless");
}
