import xterm from "@xterm/headless";
import type { FakeSession } from "./fake-door.ts";
import { PTY } from "./fake-door.ts";

/** What a visitor sees: the rows of a terminal that was fed the session's output, without the blank ones at the end. */
export async function screenOf(session: FakeSession): Promise<string[]> {
  const terminal = new xterm.Terminal({ cols: PTY.width, rows: PTY.height, allowProposedApi: true });
  await new Promise<void>((resolve) => {
    terminal.write(session.stdout, resolve);
  });
  const { active } = terminal.buffer;
  const rows = Array.from(
    { length: active.length },
    (_, row) => active.getLine(row)?.translateToString(true).trimEnd() ?? "",
  );
  terminal.dispose();
  while (rows.at(-1) === "") rows.pop();
  return rows;
}
