import assert from "node:assert/strict";
import test from "node:test";
import { ScreenModes } from "../../../../src/terminal/index.ts";

test("what an app changed is brought back, the first screen last", () => {
  const modes = new ScreenModes();
  modes.note("\x1b[?1049h\x1b[?25lhello\x1b[?7l");
  modes.note("\x1b[?1000;1006h");
  assert.equal(modes.isSecondScreen, true);
  assert.equal(modes.restore(), "\x1b[m\x1b[?7h\x1b[?25h\x1b[?1000l\x1b[?1006l\x1b[?1049l");
  assert.equal(modes.isSecondScreen, false);
  assert.equal(modes.restore(), "", "there is nothing left to do");
});

test("an app that cleans up after itself leaves nothing to do", () => {
  const modes = new ScreenModes();
  modes.note("\x1b[?1049h\x1b[?25l");
  modes.note("\x1b[?25h\x1b[?1049l");
  assert.equal(modes.restore(), "");
});

test("modes that do not outlive an app, and what is no mode, are passed over", () => {
  const modes = new ScreenModes();
  modes.note("\x1b[?2004h\x1b[?12h\x1b[25l\x1b[?h\x1b[?;h\x1b[?25");
  assert.equal(modes.restore(), "");
});
