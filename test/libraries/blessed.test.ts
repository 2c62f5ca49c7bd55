import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { testPair } from "./pair.ts";

/** The little of blessed that is used here; it has no types of its own. */
interface Blessed {
  program(options: object): unknown;
  screen(options: object): Screen;
  box(options: object): Box;
}
interface Box {
  setContent(text: string): void;
}
interface Screen {
  readonly width: number;
  key(keys: readonly string[], listener: () => void): void;
  on(event: "resize", listener: () => void): void;
  render(): void;
  destroy(): void;
}
const blessed = createRequire(import.meta.url)("neo-blessed") as Blessed;

testPair(
  "neo-blessed draws a screen for each, with a program of its own",
  (client, { signal }) =>
    new Promise<void>((resolve) => {
      const io = { input: client.stdin, output: client.stdout };
      const program = blessed.program({ ...io, term: "xterm", tput: true });
      const screen = blessed.screen({ program, ...io, smartCSR: true });
      const box = blessed.box({ parent: screen, top: 0, left: 0, width: "100%", height: 3, border: "line" });
      const show = (): void => {
        box.setContent(`${client.username} has ${screen.width} columns`);
        screen.render();
      };
      const leave = (): void => {
        signal.removeEventListener("abort", leave);
        screen.destroy();
        resolve();
      };
      screen.key(["q"], leave);
      screen.on("resize", show);
      signal.addEventListener("abort", leave);
      show();
    }),
  async (visitor, name) => {
    await visitor.waitFor(`${name} has ${visitor.screen.columns} columns`);
    assert.equal(visitor.screen.isAlternate, true);
    visitor.resize(visitor.screen.columns - 6, visitor.screen.rows);
    await visitor.waitFor(`${name} has ${visitor.screen.columns} columns`);
    visitor.press("q");
    await visitor.waitFor("> go");
  },
);
