import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Capabilities, Variables } from "../../../../src/terminal/capabilities/capabilities.ts";
import { capabilitiesOf, isAsked, isDumb } from "../../../../src/terminal/capabilities/capabilities.ts";

/** What is out of the ordinary, in words. */
function words(capabilities: Capabilities): string {
  const { colors, unicode, hyperlinks, bracketedPaste, kittyKeyboard, synchronizedOutput, images } = capabilities;
  const traits = { unicode, hyperlinks, bracketedPaste, kittyKeyboard, synchronizedOutput };
  const names = Object.entries(traits).flatMap(([name, has]) => (has ? [name] : []));
  return [colors, ...names, ...(images === "none" ? [] : [images])].join(" ");
}

const PLAIN = "unicode bracketedPaste";
const LINKS = "unicode hyperlinks bracketedPaste";
const ALL = "unicode hyperlinks bracketedPaste kittyKeyboard synchronizedOutput";
const MOST = "unicode hyperlinks bracketedPaste synchronizedOutput";

for (const [term, expected] of [
  ["xterm-kitty", `24 ${ALL} kitty`],
  ["xterm-ghostty", `24 ${ALL} kitty`],
  ["alacritty", `24 ${ALL}`],
  ["alacritty-direct", `24 ${ALL}`],
  ["foot", `24 ${ALL} sixel`],
  ["foot-extra", `24 ${ALL} sixel`],
  ["wezterm", `24 ${MOST} iterm`],
  ["contour", `24 ${MOST} sixel`],
  ["vte-256color", `24 ${LINKS}`],
  ["gnome-256color", `24 ${LINKS}`],
  ["konsole-256color", `24 ${LINKS}`],
  ["ms-terminal", `24 ${LINKS}`],
  ["st-256color", `24 ${PLAIN}`],
  ["xterm", `4 ${PLAIN}`],
  ["xterm-color", `4 ${PLAIN}`],
  ["xterm-256color", `8 ${PLAIN}`],
  ["XTERM-256COLOR", `8 ${PLAIN}`],
  ["xterm-direct", `24 ${PLAIN}`],
  ["xterm-mono", `1 ${PLAIN}`],
  ["rxvt-unicode-256color", `8 ${PLAIN}`],
  ["putty", `4 ${PLAIN}`],
  ["putty-256color", `8 ${PLAIN}`],
  ["putty-m1b", `1 ${PLAIN}`],
  ["nsterm", `8 ${PLAIN}`],
  ["screen", `4 ${PLAIN}`],
  ["screen-256color", `8 ${PLAIN}`],
  ["screen.xterm-256color", `8 ${PLAIN}`],
  ["tmux-256color", `8 ${PLAIN}`],
  ["tmux-direct", `24 ${PLAIN}`],
  ["linux", "4"],
  ["linux-16color", "4"],
  ["eterm-color", "4 unicode"],
  ["cygwin", "4 unicode"],
  ["ansi", "4"],
  ["vt100", "1"],
  ["vt220", "1"],
  ["vt52", "1"],
  ["wy60", "1"],
  ["dumb", "1"],
  ["dumb-256color", "1"],
  ["", "1"],
  ["unknown", "1"],
  // Names that nobody has heard of.
  ["newterm", `4 ${PLAIN}`],
  ["newterm-256color", `8 ${PLAIN}`],
  ["newterm-direct", `24 ${PLAIN}`],
  ["-", `4 ${PLAIN}`],
  ["--256color", `8 ${PLAIN}`],
  ["constructor", `4 ${PLAIN}`],
  ["__proto__", `4 ${PLAIN}`],
  ["x".repeat(10_000), `4 ${PLAIN}`],
  ["-".repeat(10_000), `4 ${PLAIN}`],
  [`xterm-${"k".repeat(10_000)}`, `4 ${PLAIN}`],
  ["\x1b[31m\0\u{1f600}", `4 ${PLAIN}`],
] as const) {
  test(`TERM=${JSON.stringify(term.slice(0, 40))} has ${expected}`, () => {
    assert.equal(words(capabilitiesOf(term, {})), expected);
    assert.equal(capabilitiesOf(term, {}).background, undefined);
  });
}

test("without a terminal there is nothing but text", () => {
  assert.equal(words(capabilitiesOf(undefined, {})), "1 unicode");
  assert.equal(words(capabilitiesOf(undefined, { LANG: "C", COLORTERM: "truecolor", TERM_PROGRAM: "kitty" })), "1");
});

for (const [term, variables, expected] of [
  ["xterm-256color", { COLORTERM: "truecolor" }, `24 ${PLAIN}`],
  ["xterm", { COLORTERM: "24bit" }, `24 ${PLAIN}`],
  ["xterm", { COLORTERM: "gnome-terminal" }, `4 ${PLAIN}`],
  ["tmux-256color", { COLORTERM: "truecolor" }, `24 ${PLAIN}`],
  ["dumb", { COLORTERM: "truecolor", LANG: "de_DE.UTF-8", TERM_PROGRAM: "kitty" }, "1"],
  ["vt100", { COLORTERM: "truecolor" }, "1"],
  ["xterm-kitty", { NO_COLOR: "1" }, `1 ${ALL} kitty`],
  ["xterm-kitty", { NO_COLOR: "1", COLORTERM: "truecolor" }, `1 ${ALL} kitty`],
  ["xterm-256color", { NO_COLOR: "" }, `8 ${PLAIN}`],
  ["xterm-256color", { TERM_PROGRAM: "vscode", TERM_PROGRAM_VERSION: "1.99" }, `24 ${LINKS}`],
  ["xterm-256color", { TERM_PROGRAM: "Apple_Terminal" }, `8 ${PLAIN}`],
  ["xterm-256color", { TERM_PROGRAM: "WezTerm" }, `24 ${MOST} iterm`],
  ["xterm-256color", { TERM_PROGRAM: "nobody" }, `8 ${PLAIN}`],
  ["xterm-256color", { LC_TERMINAL: "iTerm2", LC_TERMINAL_VERSION: "3.5.0" }, `24 ${MOST} iterm`],
  ["tmux-256color", { LC_TERMINAL: "iTerm2" }, `8 ${PLAIN}`],
  ["screen", { TERM_PROGRAM: "kitty" }, `4 ${PLAIN}`],
  ["xterm", { LANG: "C" }, "4 bracketedPaste"],
  ["xterm", { LANG: "de_DE.ISO-8859-1" }, "4 bracketedPaste"],
  ["xterm", { LANG: "C", LC_CTYPE: "UTF-8" }, `4 ${PLAIN}`],
  ["xterm", { LANG: "de_DE.UTF-8", LC_ALL: "POSIX" }, "4 bracketedPaste"],
  ["xterm", { LANG: "de_DE.UTF-8", LC_ALL: "" }, `4 ${PLAIN}`],
  ["vt220", { LANG: "de_DE.utf8" }, "1"],
] as const satisfies [string, Variables, string][]) {
  test(`TERM=${term} with ${JSON.stringify(variables)} has ${expected}`, () => {
    assert.equal(words(capabilitiesOf(term, variables)), expected);
  });
}

test("the program's name is kept, harmless and short", () => {
  const one = capabilitiesOf("xterm", { TERM_PROGRAM: "vs\x1b[31mcode\n", TERM_PROGRAM_VERSION: `1${"0".repeat(99)}` });
  assert.equal(one.name, "vs[31mcode");
  assert.equal(one.version, `1${"0".repeat(63)}`);
  const both = capabilitiesOf("xterm", { LC_TERMINAL: "iTerm2", TERM_PROGRAM: "tmux", TERM_PROGRAM_VERSION: "3.4" });
  assert.deepEqual([both.name, both.version], ["iTerm2", undefined]);
  assert.equal("name" in capabilitiesOf("xterm", { TERM_PROGRAM: "\x07", TERM_PROGRAM_VERSION: "1" }), false);
});

for (const [value, background] of [
  ["15;0", "dark"],
  ["0;15", "light"],
  ["0;default;7", "light"],
  ["12;8", "dark"],
  ["0;99", undefined],
  ["15", undefined],
  ["15;", undefined],
  ["a;b", undefined],
] as const) {
  test(`COLORFGBG=${value} is a background that is ${background ?? "not known"}`, () => {
    assert.equal(capabilitiesOf("rxvt", { COLORFGBG: value }).background, background);
  });
}

test("terminals that print what they do not know are never asked", () => {
  const asked = ["xterm", "xterm-256color", "foot", "tmux", "screen", "putty", "newterm", "xterm-mono"];
  for (const term of asked) assert.equal(isAsked(term), true, term);
  const never = [
    undefined,
    "",
    "dumb",
    "dumb-256color",
    "emacs",
    "linux",
    "vt100",
    "vt220-8bit",
    "ansi",
    "eterm-color",
  ];
  for (const term of never) assert.equal(isAsked(term), false, term);
});

test("whatever the variables are, there is an answer, and its words are harmless", () => {
  const text = fc.oneof(fc.string({ unit: "binary", maxLength: 80 }), fc.constantFrom("kitty", "truecolor", "C"));
  const names = ["NO_COLOR", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "LC_TERMINAL", "LC_ALL", "COLORFGBG"];
  const variables = fc.dictionary(fc.constantFrom(...names), text);
  fc.assert(
    fc.property(text, variables, (term, variables) => {
      const { colors, name = "", version = "" } = capabilitiesOf(term, variables);
      assert.ok([1, 4, 8, 24].includes(colors));
      assert.match(name + version, /^[\x20-\x7e]{0,128}$/);
    }),
  );
});

test("on a dumb terminal nothing can be drawn, nor without one", () => {
  for (const term of [undefined, "", "dumb", "unknown", "dumb-emacs"]) assert.equal(isDumb(term), true, term);
  for (const term of ["xterm", "linux", "vt100", "newterm"]) assert.equal(isDumb(term), false, term);
});
