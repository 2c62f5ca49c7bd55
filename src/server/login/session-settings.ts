/**
 * What the sessions of one connection have in place of the server's options. A handler of `login` sets them; what is left
 * out is as the options say.
 */
export interface SessionSettings {
  /** A text that each shell begins with. The option `banner` is another: it comes before the login. Default none. */
  readonly greeting?: string;
  readonly prompt?: string;
  /** Seconds without a key at the prompt; 0 for never. */
  readonly idleTimeout?: number;
  readonly inputSystem?: boolean;
  /** Whether the line at the prompt is shown while it is typed. One that is not is kept nowhere either. Default true. */
  readonly echo?: boolean;
}
