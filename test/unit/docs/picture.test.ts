import assert from "node:assert/strict";
import test from "node:test";
import xterm from "@xterm/headless";
import { drawWindows } from "../../../scripts/terminal-svg.ts";
import { readPage } from "./pages.ts";

/** The picture of a terminal of 10 by 2 that was sent a text. */
async function drawn(text: string, cursor = false): Promise<string> {
  const terminal = new xterm.Terminal({ cols: 10, rows: 2, allowProposedApi: true });
  await new Promise<void>((resolve) => {
    terminal.write(text, resolve);
  });
  return drawWindows([{ terminal, title: "a & b", cursor }], "two rows");
}

test("text stands in its cells, whatever the reader's font", async () => {
  const svg = await drawn("\x1b[1;3Ha<b c\x1b[2;1H\x1b[1;4mdef");
  assert.match(svg, /<text fill="#d7dbe4" x="16.8" y="13.32" textLength="25.2"[^>]*>a&lt;b<\/text>/);
  assert.match(svg, /x="50.4" y="13.32" textLength="8.4"[^>]*>c</);
  assert.match(svg, /<text class="b u" fill="#d7dbe4" x="0" y="31.32" textLength="25.2"[^>]*>def</);
  assert.match(svg, /<title>two rows<\/title>.*>a &amp; b</s);
});

test("colours of all kinds, dim, inverse and the cursor are drawn", async () => {
  const svg = await drawn("\x1b[31ma\x1b[38;5;196mb\x1b[38;2;1;2;3mc\x1b[0;2md\x1b[0;7me", true);
  for (const [colour, text] of [
    ["#ef6b73", "a"],
    ["#ff0000", "b"],
    ["#010203", "c"],
    ["#81848c", "d"],
    ["#171a21", "e"],
  ]) {
    assert.ok(svg.includes(`fill="${colour}"`) && new RegExp(`fill="${colour}"[^>]*>${text}<`).test(svg), text);
  }
  assert.match(svg, /<rect class="p" x="33.6" y="0" width="8.4" height="18" fill="#d7dbe4"\/>/);
  assert.match(svg, /<rect x="42" y="1" width="8.4" height="16" fill="#d7dbe4"\/>/);
  assert.ok(!(await drawn("x")).includes('height="16"'), "no cursor that was not asked for");
});

test("blocks are shapes that meet, and a full screen reaches the frame", async () => {
  const svg = await drawn(`\x1b[44m${" ".repeat(20)}\x1b[1;1H██▄▙`);
  assert.match(svg, /d="M0 0h16.8v18h-16.8zM16.8 9h8.4v9h-8.4zM25.2 0h4.2v9h-4.2z/);
  assert.match(svg, /<path fill="#6ea8fe" d="M1 34H/);
  assert.doesNotMatch(svg, /[█▄▙]/);
});

test("the picture of the README shows two visitors of the demo", () => {
  const { text } = readPage("docs/demo.svg");
  for (const shown of ["world!", "alice@localhost", "bob@localhost", "46×19,"]) assert.ok(text.includes(shown), shown);
});
