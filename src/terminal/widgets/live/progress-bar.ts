import { columnsOf, pad } from "../cells/fit.ts";
import type { Glyphs } from "../theme.ts";
import { accent, dim } from "../theme.ts";
import { formatBytes, formatCount, formatDuration } from "./format.ts";
import type { LiveContext, LiveItem } from "./live.ts";
import { Rate } from "./rate.ts";

/** What a progress bar counts. */
export type ProgressUnit = "bytes" | "items";

export interface ProgressBarOptions {
  readonly label: string;
  /** When it is done; undefined when that is not known. */
  readonly total: number | undefined;
  readonly unit: ProgressUnit;
}

const WIDEST = 30;
const NARROWEST = 5;
/** So many columns of a label are shown at least if it has them, and at most. */
const MIN_LABEL = 8;
const MAX_LABEL = 30;

const FORMATS: Readonly<Record<ProgressUnit, (value: number) => string>> = { bytes: formatBytes, items: formatCount };

/** How far something is, as a row: a bar, how much, how fast, how long still. */
export class ProgressBar implements LiveItem {
  label: string;
  readonly #format: (value: number) => string;
  readonly #since: number;
  readonly #rate: Rate;
  #total: number | undefined;
  #value = 0;

  /** @param now in milliseconds, from any beginning. */
  constructor({ label, total, unit }: ProgressBarOptions, now: number) {
    this.label = label;
    this.#total = total;
    this.#format = FORMATS[unit];
    this.#since = now;
    this.#rate = new Rate(now, 0);
  }

  get value(): number {
    return this.#value;
  }

  get total(): number | undefined {
    return this.#total;
  }

  set total(total: number | undefined) {
    this.#total = total;
  }

  /** How much of it is done, from 0 to 1; undefined without a total. */
  get share(): number | undefined {
    if (this.#total === undefined) return undefined;
    return this.#total === 0 ? 1 : Math.min(1, Math.max(0, this.#value / this.#total));
  }

  update(value: number, now: number): void {
    this.#value = value;
    this.#rate.note(now, value);
  }

  row({ now, columns, labels, glyphs }: LiveContext): string {
    const { share } = this;
    const rate = this.#rate.perSecond(now, this.#value);
    const name = Math.min(MAX_LABEL, labels);
    const told = {
      percent: share === undefined ? "" : `${Math.floor(share * 100)}%`,
      amount: this.amount,
      left: share === undefined ? this.took(now) : `eta ${formatDuration(this.#left(rate))}`,
      speed: `${rate === undefined ? "-" : this.#format(rate)}/s`,
    };
    const right = chosen(told, columns - Math.min(MIN_LABEL, name));
    const room = columns - columnsOf(right);
    const label = Math.min(name, Math.max(MIN_LABEL, room - NARROWEST - 1), Math.max(0, room));
    const bar = Math.min(WIDEST, room - label - 1);
    const shown = bar < NARROWEST ? "" : ` ${share === undefined ? " ".repeat(bar) : drawn(share, bar, glyphs)}`;
    return `${pad(this.label, label, glyphs.ellipsis)}${shown}${right}`;
  }

  /** How much is done, of how much. */
  get amount(): string {
    const value = this.#format(this.#value);
    if (this.#total === undefined) return value;
    const total = this.#format(this.#total);
    const [unit = ""] = / \w+$/.exec(total) ?? [];
    return `${unit !== "" && value.endsWith(unit) ? value.slice(0, -unit.length) : value}/${total}`;
  }

  /** How long it took, in words for a line that stays. */
  took(now: number): string {
    return formatDuration((now - this.#since) / 1000);
  }

  #left(rate: number | undefined): number | undefined {
    if (this.#total === undefined || rate === undefined || rate === 0) return undefined;
    return Math.max(0, this.#total - this.#value) / rate;
  }
}

/** What is told beside the bar, in that order, and the columns that it is given: so the bars of several rows stand in line. */
const WIDTHS = { percent: 4, amount: 13, left: 9, speed: 9 } as const;

type Part = keyof typeof WIDTHS;

/** The parts that go together, from the most to the least. */
const SELECTIONS: readonly (readonly Part[])[] = [
  ["percent", "amount", "left", "speed"],
  ["percent", "amount", "left"],
  ["percent", "left"],
  ["percent"],
];
const WITHOUT_TOTAL: readonly (readonly Part[])[] = [...SELECTIONS.slice(0, 2), ["amount"]];

/** As many of the parts as have room beside a short bar: in a narrow row the less telling ones go first. */
function chosen(told: Readonly<Record<Part, string>>, room: number): string {
  const selections = told.percent === "" ? WITHOUT_TOTAL : SELECTIONS;
  const rows = selections.map((parts) => parts.map((part) => `  ${told[part].padStart(WIDTHS[part])}`).join(""));
  return rows.find((row) => row.length + NARROWEST + 1 <= room) ?? rows.at(-1) ?? "";
}

function drawn(share: number, columns: number, glyphs: Glyphs): string {
  const filled = Math.floor(share * columns);
  return accent(glyphs.filled.repeat(filled)) + dim(glyphs.empty.repeat(columns - filled));
}
