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

test("the keyboard is brought back on the screen on which it was enhanced", () => {
  const modes = new ScreenModes();
  modes.note("\x1b[>1u\x1b[?1049h\x1b[>3u\x1b[>1u\x1b[<u");
  assert.equal(modes.restore(), "\x1b[m\x1b[<1u\x1b[?1049l\x1b[<1u");
  assert.equal(modes.restore(), "");
  modes.note("\x1b[>1u");
  assert.equal(modes.restore(), "\x1b[m\x1b[<1u");
});

test("an app that puts its keyboard back itself leaves nothing to do, and what is no change is none", () => {
  const modes = new ScreenModes();
  modes.note("\x1b[>1u\x1b[>5u");
  modes.note("\x1b[<2u\x1b[<u");
  modes.note("\x1b[?u\x1b[u\x1b[=1u\x1b[>q\x1b[>c");
  assert.equal(modes.restore(), "");
  modes.note("\x1b[?1049h\x1b[>1u\x1b[?1049l");
  assert.equal(modes.restore(), "\x1b[m", "the second screen, which nobody sees, keeps it");
});
