import type { Edit, Line } from "../buffer/line.ts";
import { NONE } from "../buffer/line.ts";
import type { History } from "./history.ts";

/** Where in the history the line is. */
interface Position {
  readonly number: number;
  /** What the lines gone through begin with. */
  readonly prefix: string;
  /** The line that was being written, to come back to. */
  readonly draft: string;
  /** What was recalled: a line that is no longer this is one being written. */
  readonly shown: string;
}

/** Goes through the history in the place of the line that is being written, and comes back to it. */
export class Recall {
  readonly history: History;
  #position: Position | undefined;

  constructor(history: History) {
    this.history = history;
  }

  /** Shows the line before. */
  older(line: Line): Edit {
    return this.#back(line, this.#position ?? this.#begin(line, ""));
  }

  /** Shows the line before of those that begin as the text before the cursor does. */
  olderAlike(line: Line): Edit {
    const position = this.#position?.shown === line.text ? this.#position : undefined;
    return this.#back(line, position ?? this.#begin(line, line.slice(0, line.cursor)));
  }

  /** Shows the line after, behind the last of them the one that was being written. */
  newer(line: Line): Edit {
    const from = this.#position;
    if (from === undefined) return NONE;
    return this.#show(
      line,
      from,
      this.history.findAfter(from.number, (text) => isFurther(text, from)),
    );
  }

  oldest(line: Line): Edit {
    const from = this.#position ?? this.#begin(line, "");
    const { first, length } = this.history;
    return length === 0 || from.number === first ? NONE : this.#show(line, from, first);
  }

  /** Comes back to the line that was being written. */
  newest(line: Line): Edit {
    return this.#position === undefined ? NONE : this.#show(line, this.#position, undefined);
  }

  #begin(line: Line, prefix: string): Position {
    const { text } = line;
    return { number: this.history.next, prefix, draft: text, shown: text };
  }

  #back(line: Line, from: Position): Edit {
    const number = this.history.findBefore(from.number, (text) => isFurther(text, from));
    return number === undefined ? NONE : this.#show(line, from, number);
  }

  /** @param number undefined for the line that was being written. */
  #show(line: Line, from: Position, number: number | undefined): Edit {
    const recalled = number === undefined ? undefined : this.history.at(number);
    const edit = line.set(recalled ?? from.draft, "recalled");
    this.#position = number === undefined || recalled === undefined ? undefined : { ...from, number, shown: line.text };
    return edit;
  }
}

/** Whether a line is one to stop at: it begins as it should, and is not what is there already. */
function isFurther(text: string, { prefix, shown }: Position): boolean {
  return text.startsWith(prefix) && text !== shown;
}
