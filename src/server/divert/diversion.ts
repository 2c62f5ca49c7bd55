import { AsyncLocalStorage } from "node:async_hooks";
import type { ClientWriteStream } from "../../terminal/index.ts";
import { OutputStream } from "../../terminal/index.ts";
import type { ClientFacts } from "../client/client-facts.ts";

/** Takes what is written to a client, in the client's place. */
export interface Diversion {
  /** Text, or bytes that must not be changed afterwards. */
  write(chunk: string | Uint8Array): void;
  /** Whether a writer should wait. */
  readonly isFull: boolean;
  /** Resolves when a writer may go on. */
  drained(): Promise<void>;
}

interface Current {
  readonly client: ClientFacts;
  readonly to: Diversion;
  isOver: boolean;
  stdout: OutputStream | undefined;
}

/** What is written within a call goes elsewhere, and what others write to the same client meanwhile does not. */
const current = new AsyncLocalStorage<Current>();

/** So much may wait in the stream of a diversion, in bytes. */
const MAX_UNSENT = 4 * 2 ** 20;

/**
 * Runs something whose output to a client goes elsewhere: what it sends and pages, its tables and its stdout. Questions,
 * spinners, bars and stderr stay with the visitor, and so does what others write to the client meanwhile. It ends with the
 * promise.
 */
export async function divert<Value>(client: ClientFacts, to: Diversion, run: () => Promise<Value>): Promise<Value> {
  const here: Current = { client, to, isOver: false, stdout: undefined };
  try {
    return await current.run(here, run);
  } finally {
    here.isOver = true;
  }
}

/** Where the caller's output to a client goes, if not to its visitor. */
export function diversionOf(client: ClientFacts): Diversion | undefined {
  return here(client)?.to;
}

/** The caller's stdout, if it is not the visitor's screen. */
export function divertedStdout(client: ClientFacts): ClientWriteStream | undefined {
  const found = here(client);
  if (found === undefined) return undefined;
  const { to } = found;
  found.stdout ??= new OutputStream({
    write: (chunk) => to.write(chunk),
    get isFull() {
      return to.isFull;
    },
    whenDrained: (goOn) => void to.drained().then(goOn),
    whenLeft: (goOn) => void to.drained().then(goOn),
    overflowed: () => undefined,
    failed: () => undefined,
    maxUnsent: MAX_UNSENT,
  });
  return found.stdout as unknown as ClientWriteStream;
}

function here(client: ClientFacts): Current | undefined {
  const found = current.getStore();
  return found === undefined || found.isOver || found.client !== client ? undefined : found;
}
