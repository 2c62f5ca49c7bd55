import assert from "node:assert/strict";
import { test } from "node:test";
import { formatBytes, formatCount, formatDuration } from "../../../../../src/terminal/widgets/live/format.ts";
import { Live } from "../../../../../src/terminal/widgets/live/live.ts";
import type { LiveContext } from "../../../../../src/terminal/widgets/live/live.ts";
import { ProgressBar } from "../../../../../src/terminal/widgets/live/progress-bar.ts";
import { Rate } from "../../../../../src/terminal/widgets/live/rate.ts";
import { SpinnerRow } from "../../../../../src/terminal/widgets/live/spinner-row.ts";
import { stripAnsi } from "../../../../../src/terminal/text/sanitize.ts";
import { stringWidth } from "../../../../../src/terminal/text/width.ts";
import { glyphsFor } from "../../../../../src/terminal/widgets/theme.ts";
import { GLYPHS } from "../scene.ts";
import { Screen } from "../../editor/screen.ts";

test("bytes, counts and times are short", () => {
  assert.deepEqual(
    [0, 999, 1000, 1234, 12_345, 99_960, 999_499, 999_500, 1e6, 1.5e9, 9e15, 9e20, -5].map(formatBytes),
    [
      "0 B",
      "999 B",
      "1.0 kB",
      "1.2 kB",
      "12.3 kB",
      "100 kB",
      "999 kB",
      "1.0 MB",
      "1.0 MB",
      "1.5 GB",
      "9.0 PB",
      "900000 PB",
      "0 B",
    ],
  );
  assert.deepEqual([0, 12, 12.34].map(formatCount), ["0", "12", "12.3"]);
  assert.deepEqual(
    [0, 4.2, 59.1, 60, 3599, 3600, 86_399, 400_000, undefined, Number.NaN, Infinity].map(formatDuration),
    ["0:00", "0:05", "1:00", "1:00", "59:59", "1:00:00", "23:59:59", "--:--", "--:--", "--:--", "--:--"],
  );
});

test("a rate follows the last seconds, and goes to nothing when nothing happens", () => {
  const rate = new Rate(0, 0);
  assert.equal(rate.perSecond(100, 50), undefined, "too early to tell");
  for (let time = 100; time <= 20_000; time += 100) rate.note(time, time);
  assert.equal(rate.perSecond(20_000, 20_000), 1000);
  for (let time = 20_100; time <= 31_000; time += 100) rate.note(time, 20_000 + (time - 20_000) * 3);
  assert.equal(Math.round(rate.perSecond(31_000, 53_000) ?? 0), 3000);
  assert.ok((rate.perSecond(1_000_000, 53_000) ?? 1) < 50);
  assert.equal(rate.perSecond(31_000, 0), 0, "never backwards");
});

const context = (now: number, columns: number, labels = 8): LiveContext => ({ now, columns, labels, glyphs: GLYPHS });
const row = (bar: ProgressBar, now: number, columns: number): string => stripAnsi(bar.row(context(now, columns)));

test("a progress bar tells how much, how fast and how long still; in less room less of it", () => {
  const bar = new ProgressBar({ label: "download", total: 30e6, unit: "bytes" }, 0);
  assert.equal(row(bar, 0, 80), `download ${"░".repeat(28)}    0%    0 B/30.0 MB  eta --:--        -/s`);
  bar.update(15e6, 5000);
  const half = `${"█".repeat(14)}${"░".repeat(14)}`;
  assert.equal(row(bar, 5000, 80), `download ${half}   50%   15.0/30.0 MB   eta 0:05   3.0 MB/s`);
  assert.equal(row(bar, 5000, 40), "download ███████░░░░░░░   50%   eta 0:05");
  assert.equal(row(bar, 5000, 24), "download ████░░░░░   50%");
  assert.equal(row(bar, 5000, 12), "downl…   50%");
  bar.update(99e6, 9000);
  assert.match(row(bar, 9000, 80), /█{28} {2}100% {3}99.0\/30.0 MB {3}eta 0:00/);
});

test("whatever the numbers and the width, a row fits", () => {
  for (const total of [undefined, 0, 1, 30e6, Number.MAX_VALUE]) {
    for (const value of [0, 1, 12_345_678, -5, Number.MAX_VALUE]) {
      for (let columns = 1; columns <= 120; columns++) {
        const bar = new ProgressBar({ label: "長い長いラベル", total, unit: "items" }, 0);
        bar.update(value, 1000);
        const live = new Live({ columns, rows: 3, glyphs: GLYPHS });
        live.add(bar);
        assert.doesNotThrow(() => live.draw(1000));
        // The frame cuts off what numbers beyond all measure take.
        const isUsual = columns >= 40 && value < 1e20 && (total ?? 0) < 1e20;
        if (isUsual) assert.ok(stringWidth(stripAnsi(bar.row(context(1000, columns, 14)))) <= columns);
      }
    }
  }
});

test("without a total there is no bar, but what has come and how long it took", () => {
  const bar = new ProgressBar({ label: "files", total: undefined, unit: "items" }, 0);
  bar.update(40, 2000);
  assert.equal(row(bar, 2000, 60), "files                               40       0:02       20/s");
  assert.equal(row(bar, 2000, 24), "files                40");
  bar.total = 80;
  assert.match(row(bar, 2000, 60), /50%/);
  bar.total = 0;
  assert.match(row(bar, 2000, 60), /100%/);
});

test("a spinner turns by the clock, and has its pictures in ASCII too", () => {
  const spinner = new SpinnerRow("Loading");
  const pictures = [0, 100, 200, 1000].map((now) => stripAnsi(spinner.row(context(now, 80))));
  assert.deepEqual(pictures, ["⠋ Loading", "⠙ Loading", "⠹ Loading", "⠋ Loading"]);
  const ascii = stripAnsi(spinner.row({ ...context(100, 80), glyphs: glyphsFor(false) }));
  assert.equal(ascii, "\\ Loading");
});

test("several rows stand in line at the bottom, and only what changes is drawn", () => {
  const screen = new Screen({ columns: 60, rows: 8 });
  const live = new Live({ columns: 60, rows: 8, glyphs: GLYPHS });
  const write = (text: string): void => screen.write(text.replaceAll("\n", "\r\n"));
  const one = new ProgressBar({ label: "one", total: 10, unit: "items" }, 0);
  const three = new ProgressBar({ label: "three", total: 10, unit: "items" }, 0);
  const spinner = new SpinnerRow("and a spinner");
  for (const item of [one, three, spinner]) live.add(item);
  write("above\n");
  write(live.draw(0));
  assert.match(screen.rows[1] ?? "", /^one {3}░/);
  assert.match(screen.rows[2] ?? "", /^three ░/);
  assert.equal(screen.rows[3], "⠋ and a spinner");
  const turned = live.draw(100);
  assert.ok(turned.length < 60, JSON.stringify(turned));
  write(turned);
  assert.equal(screen.rows[3], "⠙ and a spinner");
  live.remove(one);
  write(live.draw(100));
  assert.deepEqual(screen.rows.slice(2, 4), ["⠙ and a spinner", ""]);
  write(live.resize(20, 4));
  write(live.erase());
  assert.deepEqual(
    screen.rows.filter((row) => row !== ""),
    ["above"],
  );
  live.remove(three);
  live.remove(spinner);
  assert.ok(live.isEmpty);
});

test("more rows than the screen has: the newest are in sight", () => {
  const screen = new Screen({ columns: 30, rows: 4 });
  const live = new Live({ columns: 30, rows: 4, glyphs: GLYPHS });
  for (let index = 0; index < 20; index++) live.add(new SpinnerRow(`task ${index}`));
  screen.write(live.draw(0).replaceAll("\n", "\r\n"));
  assert.deepEqual(screen.rows, ["↑ 17 more", "⠋ task 17", "⠋ task 18", "⠋ task 19"]);
});
