import xterm from "@xterm/headless";
import { ScreenModel } from "../../../src/testing/screen/model.ts";
import type { FakeSession } from "./fake-door.ts";
import { PTY } from "./fake-door.ts";

/** What a visitor sees: the rows of a terminal that was fed the session's output, without the blank ones at the end. */
export function screenOf(session: FakeSession): Promise<readonly string[]> {
  const screen = new ScreenModel(xterm, { columns: PTY.width, rows: PTY.height });
  screen.write(session.stdout);
  const rows = [...screen.allLines];
  while (rows.at(-1) === "") rows.pop();
  return Promise.resolve(rows);
}
