import { AccountError } from "../error.ts";

/**
 * Which names accounts may have. Either way they count without regard to case.
 * - `ascii`: 1 to 32 letters, digits, dots, dashes and underscores of ASCII, the first one a letter or a digit;
 * - `unicode`: the same with letters of any one script, in the form NFKC.
 */
export type NameRule = "ascii" | "unicode";

interface Rule {
  /** The name as it is kept. */
  readonly normalize: (name: string) => string;
  /** What is wrong with a name that is normalized; it stands behind "The name …". */
  readonly fault: (name: string) => string | undefined;
}

const MAX_LENGTH = 32;

/** Scripts that may stand together in one name: each alone, and those that are written together (UTS #39 §5.2). */
const SCRIPTS: readonly (readonly string[])[] = [
  ["Greek"],
  ["Cyrillic"],
  ["Armenian"],
  ["Hebrew"],
  ["Arabic"],
  ["Devanagari"],
  ["Bengali"],
  ["Gurmukhi"],
  ["Gujarati"],
  ["Oriya"],
  ["Tamil"],
  ["Telugu"],
  ["Kannada"],
  ["Malayalam"],
  ["Sinhala"],
  ["Thai"],
  ["Lao"],
  ["Tibetan"],
  ["Myanmar"],
  ["Georgian"],
  ["Ethiopic"],
  ["Khmer"],
  ["Han", "Hiragana", "Katakana"],
  ["Han", "Bopomofo"],
  ["Hangul", "Han"],
];
/** Latin letters of today's alphabets; phonetic ones look like others. */
const LATIN = "a-zA-Z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u01BE\\u01C4-\\u024F\\u1E00-\\u1EFF";
const WRITINGS: readonly RegExp[] = [`[${LATIN}]`, ...SCRIPTS.map(classOf)].map(
  (letters) => new RegExp(`^(?:${letters}|[0-9._-])+$`, "u"),
);
/** What shows nothing, such as the filler of Hangul. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
/** More marks on one letter than any writing has; they would be drawn over each other, or over the line above. */
const PILED_UP = /\p{M}{4}|(?:^|[0-9._-])\p{M}/u;
/** Letters of Japanese that are drawn alike, by those that they count as. */
const TWINS: ReadonlyMap<string, string> = new Map(
  [..."へヘべベぺペ二ニ力カ口ロ工エ夕タ卜ト八ハ才オ千チ".matchAll(/(.)(.)/gu)].map(([, one = "", other = ""]) => [
    one,
    other,
  ]),
);

/** Letters of Cyrillic, Greek and Armenian that are drawn as Latin ones, and capitals of which the small letters are not. */
const SMALL = "авеіјкмнорсѕтухһԁԛԝүѵӏɡԍоαβεηικμνορτυχωϲѡհոսօցզյլ";
const CAPITAL = "АВЕЅІЈКМНОРСТУХԌԚԜҮӀΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹՍՕՏԼ";
/** A name that has no others could be taken for one in Latin. */
const DRAWN_AS_LATIN = new RegExp(`^[0-9._\\-${SMALL}${CAPITAL}]+$`, "u");

const RULES: Readonly<Record<NameRule, Rule>> = {
  ascii: {
    normalize: (name) => name,
    fault: (name) =>
      /^[A-Za-z0-9._-]*$/.test(name)
        ? undefined
        : "has other characters than letters, digits, dots, dashes and underscores",
  },
  unicode: {
    normalize: (name) => name.normalize("NFKC"),
    fault(name) {
      if (!/^[\p{L}\p{M}0-9._-]*$/u.test(name)) {
        return "has other characters than letters, the digits 0 to 9, dots, dashes and underscores";
      }
      if (INVISIBLE.test(name)) return "has a character that shows nothing";
      if (PILED_UP.test(name)) return "has a mark without a letter, or too many on one";
      if (!WRITINGS.some((writing) => writing.test(name))) return "mixes letters of several scripts, which look alike";
      const isLatin = /[a-z]/i.test(name) || !/\p{L}/u.test(name);
      const isDrawnAsLatin = DRAWN_AS_LATIN.test(name) || DRAWN_AS_LATIN.test(fold(name));
      return !isLatin && isDrawnAsLatin ? "looks like one in Latin letters" : undefined;
    },
  },
};

/** The rule of a name; undefined for what is none. */
export function isNameRule(rule: unknown): rule is NameRule {
  return typeof rule === "string" && Object.hasOwn(RULES, rule);
}

/** A name that is good, as it is kept and as it counts. */
export interface GoodName {
  readonly name: string;
  /** Unique: in lower case, and without what is a mere variant of a letter. */
  readonly key: string;
}

/** @throws {AccountError} `BAD_NAME`. The message does not repeat the name, which may be anything. */
export function checkName(given: unknown, rule: NameRule): GoodName {
  if (typeof given !== "string") throw bad("is no text");
  // Before anything is done that takes longer for longer names.
  if (given.length > 8 * MAX_LENGTH) throw bad(`is longer than ${MAX_LENGTH} characters`);
  const { normalize, fault } = RULES[rule];
  const name = normalize(given);
  if (name === "") throw bad("is empty");
  if (name.length > MAX_LENGTH) throw bad(`is longer than ${MAX_LENGTH} characters`);
  const why = fault(name);
  if (why !== undefined) throw bad(why);
  if (/^[._-]/.test(name)) throw bad("does not begin with a letter or a digit");
  return { name, key: fold(name) };
}

function classOf(scripts: readonly string[]): string {
  // Marks belong to letters of their script: \p{M} of any other would draw into its neighbours.
  return `[${scripts.map((script) => `\\p{scx=${script}}`).join("")}]`;
}

/** Final sigma, the dotless i and some letters of Japanese are drawn so like their kin that they count as the same. */
function fold(name: string): string {
  const folded = name.toLowerCase().normalize("NFKC");
  const plain = folded.replaceAll("ς", "σ").replaceAll("ı", "i").replaceAll("i\u0307", "i");
  return plain.replaceAll(/[\p{scx=Hira}\p{scx=Han}]/gu, (letter) => TWINS.get(letter) ?? letter);
}

function bad(why: string): AccountError {
  return new AccountError("BAD_NAME", `The name ${why}: choose another.`);
}
