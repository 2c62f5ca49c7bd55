import type { Lab } from "./oklab.ts";
import { oklab } from "./oklab.ts";

/** xterm's first sixteen; other terminals and their users shift them, but not their names. */
const BASE: readonly number[] = [
  0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00,
  0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
];
/** The levels of the cube of 6 by 6 by 6 colours, 16 to 231. */
const LEVELS: readonly number[] = [0, 95, 135, 175, 215, 255];
const CUBE = 16;
/** For each of the sixteen the next one that is lighter, of its hue if there is one; and the next one that is darker. */
const LIGHTER: readonly number[] = [8, 9, 10, 11, 12, 13, 14, 15, 7, 15, 15, 15, 15, 15, 15, 7];
const DARKER: readonly number[] = [8, 0, 0, 0, 0, 0, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7];
/** The ramp of 24 greys, 8 to 238 in steps of 10. */
const GREYS = 232;

/** What an index from 0 to 255 looks like, as 0xrrggbb. */
export function colorAt(index: number): number {
  if (index < CUBE) return BASE[index] ?? 0;
  if (index >= GREYS) return (8 + 10 * (index - GREYS)) * 0x010101;
  const place = index - CUBE;
  const red = LEVELS[Math.trunc(place / 36)] ?? 0;
  const green = LEVELS[Math.trunc(place / 6) % 6] ?? 0;
  return (red << 16) | (green << 8) | (LEVELS[place % 6] ?? 0);
}

/**
 * Remembers answers: one slot for each hash of a colour, which holds the colour and its answer in one number. The answers
 * depend on nothing else, so that all sessions share them.
 */
class Answers {
  readonly #find: (color: number) => number;
  readonly #slots: Uint32Array;

  constructor(find: (color: number) => number) {
    this.#find = find;
    // 4,096 slots are 16 KB. A colour that is there costs 15 ns, one that is not about 1 µs.
    this.#slots = new Uint32Array(4096).fill(find(0));
  }

  /** @param color 0xrrggbb. */
  of(color: number): number {
    // Knuth's multiplicative hash: colours of a gradient differ in few bits.
    const slot = Math.imul(color, 0x9e3779b1) >>> 20;
    const known = this.#slots[slot] ?? 0;
    if (known >>> 8 === color) return known & 0xff;
    const answer = this.#find(color);
    this.#slots[slot] = (color << 8) | answer;
    return answer;
  }
}

/** The colours that a terminal has, as the metric sees them, from the index `first` on. */
class Palette {
  readonly #first: number;
  readonly #view: (color: number) => Lab;
  /** Three numbers a colour: with an object for each, to search 240 took four times as long. */
  readonly #labs: Float64Array;

  constructor(first: number, count: number, view: (color: number) => Lab) {
    this.#first = first;
    this.#view = view;
    this.#labs = Float64Array.from(
      Array.from({ length: count }, (_, place) => view(colorAt(first + place))).flatMap(({ lightness, a, b }) => [
        lightness,
        a,
        b,
      ]),
    );
  }

  /** The index that looks most like a colour: the one at the least distance. */
  nearest(color: number): number {
    const { lightness, a, b } = this.#view(color);
    const labs = this.#labs;
    let best = 0;
    let least = Infinity;
    for (let at = 0, index = this.#first; at < labs.length; at += 3, index++) {
      const byLightness = lightness - (labs[at] ?? 0);
      const byA = a - (labs[at + 1] ?? 0);
      const byB = b - (labs[at + 2] ?? 0);
      const away = byLightness * byLightness + byA * byA + byB * byB;
      if (away >= least) continue;
      least = away;
      best = index;
    }
    return best;
  }
}

// Made when somebody needs them: most sessions never do.
let among16: Answers | undefined;
let among256: Answers | undefined;

/** The index from 16 to 255 that looks most like a colour, 0xrrggbb; the first sixteen are what a user made of them. */
export function nearest256(color: number): number {
  return (among256 ??= answersFrom(new Palette(CUBE, 256 - CUBE, labOf))).of(color);
}

/** The index from 0 to 15 that stands best for a colour, 0xrrggbb. */
export function nearest16(color: number): number {
  return (among16 ??= answersFrom(new Palette(0, CUBE, mutedLabOf))).of(color);
}

/**
 * As {@link nearest16}, for a colour beside another one that is shown as `shown`: never the same, and lighter or darker
 * than that as the one is to the other.
 */
export function nearest16Beside(color: number, other: number, shown: number): number {
  const nearest = nearest16(color);
  if (nearest !== shown) return nearest;
  const isLighter = labOf(color).lightness > labOf(other).lightness;
  return (isLighter ? LIGHTER : DARKER)[shown] ?? shown;
}

function answersFrom(palette: Palette): Answers {
  return new Answers((color) => palette.nearest(color));
}

function labOf(color: number): Lab {
  return oklab(color >>> 16, (color >>> 8) & 0xff, color & 0xff);
}

/**
 * Of the sixteen all but four are as strong as a screen can show them, so that by their distance most colours that people
 * choose would be greys: the green of a success, teal, olive. With the root of the chroma in its place the hue survives.
 */
function mutedLabOf(color: number): Lab {
  const { lightness, a, b } = labOf(color);
  const root = Math.sqrt(Math.hypot(a, b));
  // A grey has no hue, but rounding would give it one.
  return root < 0.01 ? { lightness, a: 0, b: 0 } : { lightness, a: a / root, b: b / root };
}
