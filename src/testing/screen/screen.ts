/** A cell of a screen; both count from 0. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** What a visitor sees now. It is a live view: every look is at what the terminal shows at that moment. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  /** The rows as text, each without the blanks at its end; as many as the terminal has. */
  readonly lines: readonly string[];
  /** {@link lines}, with those that have scrolled out before them. */
  readonly allLines: readonly string[];
  /** Where the cursor is, and whether it is shown. */
  readonly cursor: Place & { readonly visible: boolean };
  /** The line left of the cursor, as it was before the terminal wrapped it; blanks at its end stay. */
  readonly beforeCursor: string;
  /** The title that was set for the window; empty before. */
  readonly title: string;
  /** How often the bell has rung. */
  readonly bells: number;
  /** Whether the second screen is shown, which full-screen programs use. */
  readonly isAlternate: boolean;
  /** The rows without the blank ones at the end, in one text. */
  text(): string;
  /** As {@link text}, with the looks in words: `‹bold green›world!‹/›`. Made for snapshots that people read. */
  styled(): string;
  /** As {@link text}, with the looks as escape sequences, in one form whatever the app has written. */
  ansi(): string;
  /**
   * Whether a text, or what an expression matches, is on the screen. Lines that the terminal has wrapped count as one, too, and
   * the blank between a prompt and the cursor is seen.
   */
  has(what: string | RegExp): boolean;
  /** Where a text, or what an expression matches, begins; undefined when it is not on the screen. */
  find(what: string | RegExp): Place | undefined;
  /**
   * How a text looks, in the words of {@link styled}, such as `bold green on-blue`; empty for plain text. If not all of it
   * looks the same: its looks in their order, with ` | ` between them.
   *
   * @throws TestingError `BAD_ARGUMENT` when it is not on the screen.
   */
  styleOf(what: string | RegExp): string;
}
