import type { AuthMethod } from "../auth.ts";
import type { AuthData, AuthVerdict, Awaitable } from "../events.ts";
import type { Log } from "../log.ts";

/**
 * One way to log in, as an app lists it in the option `auth`. Those that judge a method are asked in the order of the
 * list; the first that gives a verdict decides. All that none of them decides is refused.
 */
export interface Authenticator {
  /** The methods that it judges; they are offered to clients. */
  readonly methods: readonly AuthMethod[];
  /**
   * Reads what it needs (files of keys, revocation lists), when the server starts.
   *
   * @param log the log of the server, for what is wrong now and later: a line that is skipped, a file that is gone.
   * @throws ConfigError when something is missing or broken that would let too many in; the server does not start then.
   */
  prepare?(log: Log): Awaitable<void>;
  /**
   * Judges an attempt. `undefined` leaves it to the next. Called for a key that is only offered too (`proved` is false);
   * a verdict counts for this one attempt and nothing may be remembered of an attempt that was not proved.
   *
   * With `keyboard-interactive`, ask with `data.prompt`, or by a verdict of `prompt`, whose answers come back to this
   * authenticator alone. Accepting where nothing was asked and answered is taken for a mistake, and refuses: no list of
   * answers may be found right because it is empty.
   */
  judge(data: AuthData): Awaitable<AuthVerdict | undefined>;
}
