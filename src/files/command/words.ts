import { refusal } from "../error.ts";

/** One word of a command line. */
export interface Word {
  /** Without its quotes. */
  readonly text: string;
  /** The word as a pattern in which `\` takes the meaning of the next character away; absent when nothing in it is a wildcard. */
  readonly pattern?: string;
}

/** What a shell would do something with, outside of quotes. */
const OPERATORS = ";&|<>()$`\n#";
/** What `\` can stand before in double quotes (POSIX, Shell Command Language, 2.2.3). */
const ESCAPED_IN_QUOTES = '$`"\\\n';
const WILDCARDS = "*?[";
/** What a pattern takes for more than itself. */
const MEANT_IN_PATTERNS = "*?[]!^-\\";
const BLANK = /[ \t]/;
/** What the door makes of bytes that are not UTF-8. */
const REPLACEMENT = "\ufffd";

/**
 * Splits a command line into words as a POSIX shell does: blanks, `\`, single and double quotes. There is no shell: what one
 * would expand or run is refused, not taken for a part of a name.
 *
 * @throws FileError `INVALID`, with a text for the client.
 */
export function splitWords(command: string): Word[] {
  if (command.includes(REPLACEMENT)) throw refusal("a name on the command line has to be UTF-8");
  if (command.includes("\0")) throw refusal("a NUL in the command line");
  const words: Word[] = [];
  const line = new Line(command);
  for (let word = line.next(); word !== undefined; word = line.next()) words.push(word);
  return words;
}

class Line {
  readonly #text: string;
  #at = 0;
  #word = "";
  #pattern = "";
  #hasWildcard = false;

  constructor(text: string) {
    this.#text = text;
  }

  next(): Word | undefined {
    while (BLANK.test(this.#text[this.#at] ?? "")) this.#at++;
    if (this.#at >= this.#text.length) return undefined;
    this.#word = "";
    this.#pattern = "";
    this.#hasWildcard = false;
    for (let character = this.#peek(); character !== "" && !BLANK.test(character); character = this.#peek()) {
      this.#at++;
      if (character === "'") this.#single();
      else if (character === '"') this.#double();
      else if (character === "\\") this.#literal(this.#take("a character after the last backslash"));
      else this.#plain(character);
    }
    return this.#hasWildcard ? { text: this.#word, pattern: this.#pattern } : { text: this.#word };
  }

  #plain(character: string): void {
    const isComment = character === "#";
    if (OPERATORS.includes(character) && !(isComment && this.#word !== "")) {
      throw refusal(`no shell runs here: put ${JSON.stringify(character)} in quotes if it is part of a name`);
    }
    this.#word += character;
    this.#pattern += character;
    if (WILDCARDS.includes(character)) this.#hasWildcard = true;
  }

  #single(): void {
    for (let character = this.#take("a closing '"); character !== "'"; character = this.#take("a closing '")) {
      this.#literal(character);
    }
  }

  #double(): void {
    for (let character = this.#take('a closing "'); character !== '"'; character = this.#take('a closing "')) {
      if (character === "\\" && ESCAPED_IN_QUOTES.includes(this.#peek() || "none")) {
        this.#literal(this.#take("a character after the last backslash"));
      } else if (character === "$" || character === "`") {
        throw refusal(`no shell runs here: put a \\ before ${JSON.stringify(character)} if it is part of a name`);
      } else {
        this.#literal(character);
      }
    }
  }

  /** A character that stands for itself. */
  #literal(character: string): void {
    this.#word += character;
    this.#pattern += MEANT_IN_PATTERNS.includes(character) ? `\\${character}` : character;
  }

  #peek(): string {
    return this.#text[this.#at] ?? "";
  }

  #take(expected: string): string {
    const character = this.#peek();
    if (character === "") throw refusal(`the command line ends where ${expected} was expected`);
    this.#at++;
    return character;
  }
}
