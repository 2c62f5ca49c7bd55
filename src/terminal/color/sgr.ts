import { colorAt, nearest16, nearest16Beside, nearest256 } from "./palette.ts";

/** Bits of colour that a terminal shows; 0 is one that shows no attributes at all, not even bold. */
export type ShownDepth = 0 | 1 | 4 | 8;

/** ECMA-48 §8.3.117 and ITU-T T.416 §13.1.8: what begins a colour of its own, and what goes back to the default. */
const FOREGROUND = 38;
const BACKGROUND = 48;
const UNDERLINE = 58;
const DEFAULT_UNDERLINE = 59;
/** `38:5:` */
const SHORTEST_COLOR = 5;
/** The second parameter of the three. */
const BY_RGB = 2;
const BY_INDEX = 5;

/** Marks a colour as 0xrrggbb; without it, it is an index. */
const RGB = 0x1000000;
/** What cannot be read as a colour; a terminal leaves it out too. */
const NONE = -1;

/** One of the two colours that text is drawn in: what the app asked for and which of the sixteen it got. */
interface Ground {
  readonly asked: number;
  readonly shown: number;
}

/**
 * Rewrites the parameters of SGR sequences for a terminal of fewer colours. With sixteen it keeps text readable: when two
 * different colours come out as one, the later one takes the next nearest. All other attributes stay.
 */
export class SgrRewriter {
  readonly #depth: ShownDepth;
  /** Only looked at with sixteen colours; undefined is the terminal's default. */
  #foreground: Ground | undefined;
  #background: Ground | undefined;

  constructor(depth: ShownDepth) {
    this.#depth = depth;
  }

  /**
   * @param parameters what stands between `ESC [` and `m`.
   * @returns the whole sequence, empty when nothing of it is left.
   */
  rewrite(parameters: string): string {
    if (this.#depth === 0) return "";
    // Most are short: a reset, bold, one of the sixteen.
    if (this.#depth === 8 && parameters.length < SHORTEST_COLOR) return `\x1b[${parameters}m`;
    const fields = parameters.split(";");
    const kept: string[] = [];
    for (let at = 0; at < fields.length;) at += this.#take(fields, at, kept);
    return kept.length === 0 ? "" : `\x1b[${kept.join(";")}m`;
  }

  /** Takes one attribute; answers how many fields it had. */
  #take(fields: readonly string[], at: number, kept: string[]): number {
    const field = fields[at] ?? "";
    const code = Number.parseInt(field, 10) || 0;
    if (code === FOREGROUND || code === BACKGROUND || code === UNDERLINE) {
      // T.416 parts the colour with colons, in one field; xterm's older way takes the fields that follow.
      const isOneField = field.includes(":");
      const type = numberAt(isOneField ? field.split(":") : fields, isOneField ? 1 : at + 1);
      const color = isOneField ? colonColor(field) : colorFrom(fields, at + 1);
      if (color !== NONE) this.#color(code, color, kept);
      if (isOneField) return 1;
      return type === BY_INDEX ? 3 : type === BY_RGB ? 5 : 2;
    }
    if (code === 0) this.#foreground = this.#background = undefined;
    const isColor = (code >= 30 && code <= 49) || (code >= 90 && code <= 107) || code === DEFAULT_UNDERLINE;
    if (!isColor) kept.push(field);
    else if (code === DEFAULT_UNDERLINE) this.#keep(field, 8, kept);
    else this.#keep(field, 4, kept);
    if (isColor && this.#depth === 4) this.#noteBase(code, kept);
    return 1;
  }

  #keep(field: string, depth: ShownDepth, kept: string[]): void {
    if (this.#depth >= depth) kept.push(field);
  }

  #color(code: number, color: number, kept: string[]): void {
    if (this.#depth === 8) {
      kept.push(`${code};${BY_INDEX};${color < RGB ? color : nearest256(color - RGB)}`);
    } else if (this.#depth === 4 && code !== UNDERLINE) {
      const isForeground = code === FOREGROUND;
      const other = isForeground ? this.#background : this.#foreground;
      const shown = shownAs(color, other);
      this.#ground(isForeground, { asked: color, shown });
      kept.push(baseCode(isForeground, shown));
    }
  }

  /** One of the sixteen was asked for, or the default: that is shown as it is, and a colour that was fitted makes room. */
  #noteBase(code: number, kept: string[]): void {
    const isBright = code >= 90;
    const isForeground = isBright ? code < 100 : code < 40;
    const place = (code % 10) + (isBright ? 8 : 0);
    const isDefault = code % 10 > 7;
    this.#ground(isForeground, isDefault ? undefined : { asked: place, shown: place });
    const other = isForeground ? this.#background : this.#foreground;
    if (isDefault || other?.shown !== place || other.asked === place) return;
    const moved = shownAs(other.asked, { asked: place, shown: place });
    this.#ground(!isForeground, { asked: other.asked, shown: moved });
    kept.push(baseCode(!isForeground, moved));
  }

  #ground(isForeground: boolean, ground: Ground | undefined): void {
    if (isForeground) this.#foreground = ground;
    else this.#background = ground;
  }
}

/** Which of the sixteen a colour gets, beside one that is there. Who asks for one colour twice wants nothing to be seen. */
function shownAs(color: number, beside: Ground | undefined): number {
  if (color < 16) return color;
  const wanted = rgbOf(color);
  if (beside === undefined || beside.asked === color) return nearest16(wanted);
  return nearest16Beside(wanted, rgbOf(beside.asked), beside.shown);
}

function rgbOf(color: number): number {
  return color < RGB ? colorAt(color) : color - RGB;
}

function baseCode(isForeground: boolean, index: number): string {
  return String((isForeground ? 30 : 40) + (index < 8 ? index : index + 52));
}

/** `38:5:n`, `38:2:r:g:b`, or with a colour space before the three and a tolerance behind them, `38:2::r:g:b::`. */
function colonColor(field: string): number {
  const parts = field.split(":");
  const isByRgb = numberAt(parts, 1) === BY_RGB;
  if (!isByRgb || parts.length < 6) return colorFrom(parts, 1);
  return colorFrom(["", String(BY_RGB), ...parts.slice(3)], 1);
}

function colorFrom(fields: readonly string[], at: number): number {
  const type = numberAt(fields, at);
  if (type === BY_INDEX && at + 1 < fields.length) return numberAt(fields, at + 1);
  if (type !== BY_RGB || at + 3 >= fields.length) return NONE;
  return RGB + (numberAt(fields, at + 1) << 16) + (numberAt(fields, at + 2) << 8) + numberAt(fields, at + 3);
}

/** ECMA-48 §5.4.2: an empty parameter is 0. */
function numberAt(fields: readonly string[], at: number): number {
  return Math.min(255, Number.parseInt(fields[at] ?? "", 10) || 0);
}
