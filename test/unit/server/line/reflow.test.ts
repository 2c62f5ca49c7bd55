import assert from "node:assert/strict";
import test from "node:test";
import { reflowOf } from "../../../../src/server/line/reflow.ts";

const TERMINALS: readonly [term: string, name: string | undefined, reflow: string][] = [
  ["xterm-256color", undefined, "all"],
  ["xterm-256color", "xterm.js", "others"],
  ["xterm-256color", "XTerm", "none"],
  ["xterm-256color", "PuTTY", "none"],
  ["xterm-256color", "WezTerm", "all"],
  ["xterm-kitty", "kitty", "all"],
  ["tmux-256color", "tmux", "all"],
  ["screen.xterm-256color", undefined, "none"],
  ["screen-256color", "tmux", "none"],
  ["linux", undefined, "none"],
  ["vt220", undefined, "none"],
  ["", undefined, "all"],
];

for (const [term, name, reflow] of TERMINALS) {
  test(`${term || "an unknown type"} ${name ?? ""} wraps anew: ${reflow}`, () => {
    assert.equal(reflowOf(term, name), reflow);
  });
}
