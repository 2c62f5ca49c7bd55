import assert from "node:assert/strict";
import test from "node:test";
import type { MouseAct, MouseModes } from "../../../src/testing/mouse.ts";
import { bytesOfMouse } from "../../../src/testing/mouse.ts";

const at = { row: 4, column: 9 };
const press: MouseAct = { type: "press", button: "left" };
const release: MouseAct = { type: "release", button: "right" };
const drag: MouseAct = { type: "drag", button: "middle" };
const wheel: MouseAct = { type: "wheel", direction: "down" };
const move: MouseAct = { type: "move" };

function sent(act: MouseAct, modes: MouseModes, place = at): string {
  return Buffer.from(bytesOfMouse(act, place, modes)).toString("latin1");
}

test("in SGR form, buttons, drags, the wheel and moves are told with their cell", () => {
  const modes = { mouseTrackingMode: "any", sgrMouse: true } as const;
  assert.deepEqual(
    [press, release, drag, wheel, move].map((act) => sent(act, modes)),
    ["\x1b[<0;10;5M", "\x1b[<2;10;5m", "\x1b[<33;10;5M", "\x1b[<65;10;5M", "\x1b[<35;10;5M"],
  );
});

test("in the old form a release names no button, and what does not fit a byte is not told", () => {
  const modes = { mouseTrackingMode: "vt200", sgrMouse: false } as const;
  assert.deepEqual([sent(press, modes), sent(release, modes)], ["\x1b[M *%", "\x1b[M#*%"]);
  assert.equal(sent(press, modes, { row: 0, column: 223 }), "");
});

test("a terminal tells what the app has asked for, and no more", () => {
  const told = (mouseTrackingMode: MouseModes["mouseTrackingMode"]): string[] =>
    [press, release, wheel, drag, move]
      .filter((act) => sent(act, { mouseTrackingMode, sgrMouse: true }) !== "")
      .map(({ type }) => type);
  assert.deepEqual(told("x10"), ["press"]);
  assert.deepEqual(told("vt200"), ["press", "release", "wheel"]);
  assert.deepEqual(told("drag"), ["press", "release", "wheel", "drag"]);
  assert.deepEqual(told("any"), ["press", "release", "wheel", "drag", "move"]);
  assert.throws(() => sent(press, { mouseTrackingMode: "none", sgrMouse: true }), /has not asked for the mouse/);
});
