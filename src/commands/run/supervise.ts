/** What a supervised piece of work came to. */
export type Supervised<Value> = { readonly timedOut: false; readonly value: Value } | { readonly timedOut: true };

/** How long a command may go on once its signal was aborted for taking too long, in milliseconds. */
const GRACE = 1000;

/**
 * Does something with a signal that is aborted as another is, and after a time. Who does not heed the signal is left
 * behind a second later, so that a user gets the prompt back; what he throws then goes to `late`.
 *
 * @param seconds 0 is no limit.
 */
export async function supervise<Value>(
  outer: AbortSignal,
  seconds: number,
  work: (signal: AbortSignal) => Promise<Value>,
  late: (error: unknown) => void,
): Promise<Supervised<Value>> {
  if (seconds === 0) return { timedOut: false, value: await work(outer) };
  const controller = new AbortController();
  const abort = (): void => controller.abort(outer.reason);
  outer.addEventListener("abort", abort, { once: true });
  if (outer.aborted) abort();
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<Supervised<Value>>();
  let timer: NodeJS.Timeout | undefined;
  let isLate = false;
  let isOver = false;
  const expire = (): void => {
    if (outer.aborted) return;
    isLate = true;
    timer = setTimeout(() => giveUp({ timedOut: true }), GRACE);
    controller.abort(new DOMException("The command took too long.", "TimeoutError"));
  };
  timer = setTimeout(expire, seconds * 1000);
  const done = work(controller.signal).then(
    (value): Supervised<Value> => (isLate ? { timedOut: true } : { timedOut: false, value }),
    (error: unknown): Supervised<Value> => {
      if (isLate && isCalledOff(error)) return { timedOut: true };
      if (!isOver) throw error;
      late(error);
      return { timedOut: true };
    },
  );
  try {
    return await Promise.race([done, givenUp]);
  } finally {
    isOver = true;
    clearTimeout(timer);
    outer.removeEventListener("abort", abort);
  }
}

/** Whether an error says no more than that a signal was aborted. */
function isCalledOff(error: unknown): boolean {
  return error instanceof Error && (error.name === "AbortError" || error.name === "TimeoutError");
}
