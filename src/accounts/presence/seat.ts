import type { Account } from "../account/account.ts";

/** Whose a connection or a session is, and what was last known of the account. */
export interface Seat {
  /** The account's own, not its name's. Undefined for guests, who are kept nowhere. */
  readonly id: string | undefined;
  readonly key: string;
  /** That of the account when this one came in; when the account has a higher one, it has to go. */
  epoch: number;
  account: Account;
  /** When {@link account} was read, in milliseconds since 1970. */
  readAt: number;
  /** The account is gone, or not to be used: nothing is allowed any more. */
  isVoid: boolean;
}
