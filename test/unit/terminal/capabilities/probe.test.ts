import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Capabilities } from "../../../../src/terminal/capabilities/capabilities.ts";
import { capabilitiesOf } from "../../../../src/terminal/capabilities/capabilities.ts";
import { Probe } from "../../../../src/terminal/capabilities/probe.ts";
import type { Reply } from "../../../../src/terminal/keys/reply.ts";
import { decode } from "../keys/decode.ts";
import { answersTo, TERMINALS } from "./scripted-terminal.ts";
import type { Answers } from "./scripted-terminal.ts";

const XTERM = capabilitiesOf("xterm-256color", {});

function replies(text: string): Reply[] {
  return decode(text).filter((event) => event.type === "reply");
}

/** Carries questions and answers between a probe and a terminal; gives all that was sent. */
function converse(probe: Probe, terminal: Answers): string[] {
  const sent = [probe.begin(0)];
  for (let output = sent[0] ?? ""; output !== "";) {
    const answers = replies(answersTo(output, terminal));
    output = answers.map((reply) => probe.take(reply) ?? assert.fail("an answer was not taken")).join("");
    if (output !== "") sent.push(output);
  }
  return sent;
}

function detect(terminal: Answers, known: Capabilities = XTERM): Capabilities {
  const probe = new Probe(known);
  converse(probe, terminal);
  return probe.capabilities;
}

const PLAIN = { unicode: true, bracketedPaste: true, kittyKeyboard: false } as const;

for (const [name, expected] of [
  [
    "kitty",
    {
      colors: 24,
      hyperlinks: true,
      kittyKeyboard: true,
      synchronizedOutput: true,
      images: "kitty",
      background: "dark",
      name: "kitty",
      version: "0.42.1",
    },
  ],
  [
    "foot",
    {
      colors: 24,
      hyperlinks: true,
      kittyKeyboard: true,
      synchronizedOutput: true,
      images: "sixel",
      background: "dark",
      name: "foot",
      version: "1.22.3",
    },
  ],
  [
    "xterm",
    {
      colors: 24,
      hyperlinks: false,
      synchronizedOutput: false,
      images: "none",
      background: "light",
      name: "XTerm",
      version: "390",
    },
  ],
  [
    "vte",
    {
      colors: 24,
      hyperlinks: true,
      synchronizedOutput: true,
      images: "none",
      background: "light",
      name: "VTE",
      version: "7800",
    },
  ],
  [
    "wezterm",
    {
      colors: 24,
      hyperlinks: true,
      synchronizedOutput: true,
      images: "iterm",
      background: "dark",
      name: "WezTerm",
      version: "20240203-110809-5046fc22",
    },
  ],
  [
    "konsole",
    {
      colors: 24,
      hyperlinks: true,
      synchronizedOutput: false,
      images: "kitty",
      background: "dark",
      name: "Konsole",
      version: "22.12.3",
    },
  ],
  ["mlterm", { colors: 24, hyperlinks: false, synchronizedOutput: false, images: "sixel", background: "light" }],
  ["st", { colors: 8, hyperlinks: false, synchronizedOutput: false, images: "none", background: "dark" }],
  ["urxvt", { colors: 8, hyperlinks: false, synchronizedOutput: false, images: "none", background: undefined }],
  ["oldVte", { colors: 24, hyperlinks: false, synchronizedOutput: false, images: "none", background: "dark" }],
  ["appleTerminal", { colors: 8, hyperlinks: false, synchronizedOutput: false, images: "none", background: "light" }],
  ["windowsTerminal", { colors: 24, hyperlinks: false, synchronizedOutput: true, images: "sixel", background: "dark" }],
  [
    "alacritty",
    {
      colors: 24,
      hyperlinks: true,
      kittyKeyboard: true,
      synchronizedOutput: true,
      images: "none",
      background: "dark",
    },
  ],
  ["putty", { colors: 8, hyperlinks: false, synchronizedOutput: false, images: "none", background: undefined }],
  [
    "tmux",
    {
      colors: 8,
      hyperlinks: false,
      synchronizedOutput: false,
      images: "sixel",
      background: "dark",
      name: "tmux",
      version: "3.4",
    },
  ],
  ["mute", { colors: 8, hyperlinks: false, synchronizedOutput: false, images: "none", background: undefined }],
] as const) {
  test(`${name} tells what it can do, behind TERM=xterm-256color`, () => {
    assert.deepEqual(detect(TERMINALS[name]), { ...PLAIN, ...expected });
  });
}

test("what Terminal.app would show as text is not asked of it", () => {
  const probe = new Probe(XTERM);
  assert.equal(converse(probe, TERMINALS.appleTerminal).join("").includes("$p"), false);
  assert.equal(probe.isOpen, false);
});

test("a terminal with manners is asked a second time, and then no more", () => {
  const probe = new Probe(XTERM);
  assert.equal(converse(probe, TERMINALS.kitty).length, 2);
  assert.equal(probe.isOpen, false);
});

test("answers that were not asked for belong to others: before, twice, and after the last one", () => {
  const probe = new Probe(XTERM);
  const [version, attributes] = replies("\x1bP>|foot(1)\x1b\\\x1b[?62c");
  assert.ok(version && attributes);
  assert.equal(probe.isOpen, false);
  assert.equal(probe.take(attributes), undefined);
  probe.begin(0);
  assert.equal(probe.isOpen, true);
  for (const other of replies(
    "\x1b[2;2R\x1b[>1;10;0c\x1b]10;rgb:0/0/0\x07\x1b[?2026;2$y\x1b[8;24;80t\x1bP1$r0m\x1b\\",
  )) {
    assert.equal(probe.take(other), undefined, other.about);
  }
  assert.equal(probe.take(version), "");
  assert.equal(probe.take(version), undefined);
  assert.notEqual(probe.take(attributes), undefined);
  assert.equal(probe.take(version), undefined);
  for (const other of replies("\x1b[?7;2$y\x1b_Gi=32;OK\x1b\\")) assert.equal(probe.take(other), undefined);
  assert.equal(probe.take(attributes), "");
  assert.equal(probe.isOpen, false);
  assert.equal(probe.take(attributes), undefined);
});

test("nobody waits for more than a second, and what comes later counts all the same", () => {
  const probe = new Probe(XTERM);
  probe.begin(5000);
  assert.equal(probe.deadline, 6000);
  assert.deepEqual(probe.capabilities, XTERM);
  for (const reply of replies("\x1b[?0u\x1b[?62c")) probe.take(reply);
  assert.equal(probe.capabilities.kittyKeyboard, true);
  assert.equal(probe.deadline, 6000);
});

test("who has no colours, or wants none, does not get any by being asked", () => {
  assert.equal(detect(TERMINALS.kitty, capabilitiesOf("xterm-kitty", { NO_COLOR: "1" })).colors, 1);
  assert.equal(detect(TERMINALS.xterm, capabilitiesOf("xterm-mono", {})).colors, 1);
});

test("what TERM promises and the terminal denies is not there", () => {
  const denied = detect({ "\x1b[c": "\x1b[?62c", "\x1b[?2026$p": "\x1b[?2026;0$y" }, capabilitiesOf("xterm-kitty", {}));
  assert.equal(denied.kittyKeyboard, false);
  assert.equal(denied.synchronizedOutput, false);
});

test("a version may be anything, and comes out harmless", () => {
  for (const [text, name, version] of [
    ["xterm.js(5.5.0)", "xterm.js", "5.5.0"],
    ["iTerm2 3.5.0", "iTerm2", "3.5.0"],
    ["Windows Terminal v1.23", "Windows Terminal", "1.23"],
    ["Rio", "Rio", undefined],
    ["a\u009b31m(1)", "a31m", "1"],
    ["", undefined, undefined],
    ["x".repeat(900), "x".repeat(64), undefined],
    ["(3)", undefined, "3"],
  ] as const) {
    const capabilities = detect({ "\x1b[>q": `\x1bP>|${text}\x1b\\`, "\x1b[c": "\x1b[?1;2c" });
    assert.deepEqual([capabilities.name, capabilities.version], [name, version]);
  }
});

test("whatever a terminal answers, and in whatever order, there is a result", () => {
  const all = Object.values(TERMINALS).flatMap((terminal: Answers) => Object.values(terminal));
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...all), { maxLength: 20 }), (answers) => {
      const probe = new Probe(XTERM);
      let sent = probe.begin(0).length;
      for (const reply of replies(answers.join(""))) sent += probe.take(reply)?.length ?? 0;
      assert.ok(sent < 200);
      assert.ok(probe.capabilities.colors >= 8);
    }),
  );
});
