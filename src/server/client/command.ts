/** An exit status from 0 to 255: what does not fit into one must not turn into success. */
export function validStatus(status: number): number {
  return Number.isInteger(status) && status >= 0 && status <= 255 ? status : 1;
}

/** How a command ended. */
export interface CommandResult {
  /** The exit status: what the handler returned, 1 when it threw, 130 when Ctrl-C ended it, else 0. */
  readonly status: number;
  /** What the handler threw. */
  readonly error?: unknown;
  /** Whether Ctrl-C or a signal asked it to end. */
  readonly interrupted: boolean;
  /** How long it took, in milliseconds. */
  readonly duration: number;
}
