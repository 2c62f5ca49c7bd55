import type { Style } from "./view.ts";

const ESC = "\x1b";
const SGR = /\x1b\[([\d;:]*)m/y;
/** What a style may be made of, in code units. */
const MAX_STYLE = 128;
const RESETS = /^0*(?:;|$)/;

/**
 * What a highlighter made of a line, as styles of its clusters; undefined when that is anything but the same text with
 * colours and attributes (SGR) in it, which alone cannot move a cursor or change what the line says.
 */
export function stylesOf(text: string, highlighted: string, graphemes: readonly string[]): Style[] | undefined {
  const styles: Style[] = [];
  let style = "";
  let at = 0;
  let shown = "";
  let cluster = 0;
  /** Where the cluster begins, in code units. */
  let edge = 0;
  for (let from = 0; from <= highlighted.length;) {
    if (highlighted[from] === ESC) {
      SGR.lastIndex = from;
      const [sequence, parameters = ""] = SGR.exec(highlighted) ?? [];
      if (sequence === undefined) return undefined;
      style = RESETS.test(parameters) ? (/[1-9]/.test(parameters) ? sequence : "") : style + sequence;
      if (style.length > MAX_STYLE) return undefined;
      from += sequence.length;
      continue;
    }
    if (from === highlighted.length) break;
    if (highlighted[from] !== text[at]) return undefined;
    while (edge < at) edge += graphemes[cluster++]?.length ?? at;
    // A style that begins inside of a cluster is that of the next one.
    if (edge === at && style !== shown) {
      styles.push({ from: cluster, sgr: style });
      shown = style;
    }
    at++;
    from++;
  }
  return at === text.length ? styles : undefined;
}
