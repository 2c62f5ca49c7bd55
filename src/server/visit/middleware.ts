import type { Client } from "../client/client.ts";

/**
 * Runs around every session: before it begins, and after it has ended.
 *
 *     ssh.use(async (client, next) => {
 *       if (maintenance) return client.sendln("Back at noon.");   // without next() the session is closed
 *       await next();                                             // resolves when the session has ended
 *       audit(client.username, client.endReason);
 *     });
 */
export type Middleware<State = Record<string, unknown>> = (
  client: Client<State>,
  next: () => Promise<void>,
) => void | Promise<void>;

/** Runs middleware around a session, the first outermost. Rejects with what one of them threw. */
export async function compose<State>(
  middleware: readonly Middleware<State>[],
  client: Client<State>,
  session: () => Promise<void>,
): Promise<void> {
  const run = async (index: number): Promise<void> => {
    const current = middleware[index];
    if (current === undefined) return session();
    let isCalled = false;
    await current(client, () => {
      const rest = isCalled ? Promise.reject(new Error("A middleware called next() twice.")) : run(index + 1);
      isCalled = true;
      // Who does not wait for the session to end does not hear of its errors either.
      rest.catch(() => undefined);
      return rest;
    });
  };
  await run(0);
}
