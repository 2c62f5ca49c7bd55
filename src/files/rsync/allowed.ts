/** What an option of rsync's may come with, and when. */
export interface AllowedOption {
  /** What its value has to look like; without one it takes none. */
  readonly value?: RegExp;
  /** The value may be the next word, as some versions send it. */
  readonly isValueApart?: true;
  /** It changes files also when the client reads. */
  readonly writes?: true;
}

const NUMBER = { value: /^\d{1,15}$/ } as const;
const CHOICE = { value: /^[a-z0-9]{1,32}(,[a-z0-9]{1,32}){0,8}$/ } as const;
const FLAG = {} as const;

/**
 * What a client's rsync may ask of ours, by its long options. What is not here is refused, above all what names files of this machine
 * (`--files-from`, `--temp-dir`, `--link-dest`, `--log-file`, …), follows links (`--copy-links`, `--keep-dirlinks`, …), gives files away
 * (`--usermap`, `--fake-super`, …), writes to devices, or takes arguments that nobody has looked at (`--secluded-args`, `--daemon`).
 */
export const LONG_OPTIONS: ReadonlyMap<string, AllowedOption> = new Map<string, AllowedOption>([
  ["append", FLAG],
  ["bwlimit", NUMBER],
  ["checksum-choice", CHOICE],
  ["checksum-seed", NUMBER],
  ["compress-choice", CHOICE],
  ["compress-level", { value: /^-?\d{1,6}$/ }],
  ["delay-updates", FLAG],
  ["delete", FLAG],
  ["delete-after", FLAG],
  ["delete-before", FLAG],
  ["delete-delay", FLAG],
  ["delete-during", FLAG],
  ["delete-excluded", FLAG],
  ["delete-missing-args", FLAG],
  ["dirs", FLAG],
  ["existing", FLAG],
  ["force", FLAG],
  ["from0", FLAG],
  ["fsync", FLAG],
  ["fuzzy", FLAG],
  ["ignore-errors", FLAG],
  ["ignore-existing", FLAG],
  ["ignore-missing-args", FLAG],
  ["info", { value: /^[A-Za-z0-9,]{1,200}$/ }],
  ["inplace", FLAG],
  ["list-only", FLAG],
  ["log-format", { value: /^[%A-Za-z ]{0,32}$/ }],
  ["max-delete", NUMBER],
  ["max-size", NUMBER],
  ["min-size", NUMBER],
  ["mkpath", FLAG],
  ["modify-window", { value: /^-?\d{1,9}$/ }],
  ["msgs2stderr", FLAG],
  ["new-compress", FLAG],
  ["no-W", FLAG],
  ["no-implied-dirs", FLAG],
  ["no-msgs2stderr", FLAG],
  ["no-r", FLAG],
  ["no-relative", FLAG],
  ["no-specials", FLAG],
  ["numeric-ids", FLAG],
  ["old-compress", FLAG],
  ["open-noatime", FLAG],
  ["partial", FLAG],
  // One name: a directory of that name in each directory of the transfer.
  ["partial-dir", { value: /^(?!-|\.{1,2}$)[^/\x00-\x1f\x7f]{1,64}$/, isValueApart: true }],
  ["remove-source-files", { writes: true }],
  ["safe-links", FLAG],
  ["size-only", FLAG],
  ["skip-compress", { value: /^[A-Za-z0-9/]{0,400}$/ }],
  ["specials", FLAG],
  ["stats", FLAG],
  ["stderr", { value: /^[a-z]{1,10}$/ }],
  ["suffix", { value: /^[^/\x00-\x1f\x7f]{1,64}$/ }],
  ["timeout", NUMBER],
  ["use-qsort", FLAG],
]);

/**
 * The options of one letter. Not among them: `A`, `X` (access lists, extended attributes), `K`, `L`, `k` (links that are followed), `C` (a
 * file in somebody's home), `s` (arguments that come later), `M`, `T`, `f` and `e`, which is apart.
 */
export const SHORT_OPTIONS = "BDEHIJNORSUWbcdghilmnopqrtuvxyz@";
/** Those that have a number behind them, in a word of their own. */
export const NUMBERED = "B@";
