import assert from "node:assert/strict";
import test from "node:test";
import { KEYMAP } from "../../../src/terminal/editor/commands/keymap.ts";
import { MENU_KEYS } from "../../../src/terminal/editor/completion/keys.ts";
import { SEARCH_KEYS } from "../../../src/terminal/editor/search/keys.ts";
import { codeIn, readPage } from "./pages.ts";

const NAMES: Readonly<Record<string, string>> = {
  return: "Enter",
  enter: "Ctrl-J",
  escape: "Esc",
  pageup: "Page Up",
  pagedown: "Page Down",
};

/** A chord as the guide writes it: `Ctrl-X Ctrl-U` for `ctrl+x ctrl+u`. */
function written(chord: string): string {
  return chord
    .split(" ")
    .map((key) =>
      key
        .split(/\+(?=.)/)
        .map((part) => NAMES[part] ?? part.charAt(0).toUpperCase() + part.slice(1))
        .join("-"),
    )
    .join(" ");
}

const { text } = readPage("docs/line-editor.md");

/** The keys in the first cells of the tables whose head begins so. */
function keysOf(head: string): string[] {
  const tables = text
    .split(/\n\n/)
    .filter((block) => block.startsWith("|") && new RegExp(`^\\| ${head} +\\|`).test(block));
  assert.ok(tables.length > 0, head);
  const rows = tables.flatMap((table) => table.split("\n").slice(2));
  return rows.flatMap((row) => codeIn(row.slice(0, row.indexOf(" |"))));
}

for (const [head, bound] of [
  ["key", KEYMAP],
  ["key in the menu", MENU_KEYS],
  ["key in a search", SEARCH_KEYS],
] as const) {
  test(`the tables of "${head}" have every key that is bound, once, and no other`, () => {
    assert.deepEqual(keysOf(head).sort(), [...bound.keys()].map(written).sort());
  });
}
