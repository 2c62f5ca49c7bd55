import type { Client } from "sallyport";

/** What modules know of those who are here; the app hands it to them as the module `people`. */
export interface People {
  /** Who somebody is: the account that was logged in to last, from outside or inside. Fit for the terminals of others. */
  readonly nameOf: (client: Client) => Promise<string>;
}
