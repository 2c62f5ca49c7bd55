/** Users who are in before the storm: most do nothing, one types. And users who come in while it lasts, or after it. */
import { setTimeout as delay } from "node:timers/promises";
import { clientKey } from "../../client/index.ts";
import { carryOut } from "../part.ts";
import { Visitor } from "../visitor.ts";

const key = clientKey("ssh-ed25519");
const shells: Visitor[] = [];
let typist: Visitor | undefined;

/** Each from an address of its own, so that no limit for a source says anything about the others. */
const address = (index: number): string => `127.0.${index >> 7}.${1 + (index & 127)}`;

async function shell(port: number, index: number): Promise<Visitor> {
  const visitor = new Visitor(port, address(index));
  const isIn = (await visitor.handshake()) && (await visitor.tryKey("resident", key)) && (await visitor.openShell());
  if (isIn !== true) throw new Error(`resident ${index} did not get in`);
  return visitor;
}

/** How long each key took to be on the screen, in milliseconds, and how many never were. */
export interface Typing {
  readonly latencies: readonly number[];
  readonly lost: number;
}

/** A key that no control sequence has in it. */
const KEY = "z";
const LINE = 60;
const CLEAR_LINE = "\x15";

/** How long an echo may take before the key counts as lost, in milliseconds. */
const PATIENCE = 30_000;

/** Types at a steady pace, whether or not the screen keeps up, as people do. */
async function type(visitor: Visitor, keys: number, interval: number): Promise<Typing> {
  const sent: number[] = [];
  const latencies: number[] = [];
  visitor.output = "";
  const watching = watch(visitor, keys, sent, latencies);
  const begin = performance.now();
  for (let at = 0; at < keys && !visitor.isGone; at++) {
    await delay(Math.max(0, begin + at * interval - performance.now()));
    if (at % LINE === LINE - 1) visitor.type(CLEAR_LINE);
    sent.push(performance.now());
    visitor.type(KEY);
  }
  await Promise.race([watching, delay(PATIENCE)]);
  return { latencies, lost: keys - latencies.length };
}

/** Notes when each key is on the screen, until all are or the connection ends. */
async function watch(visitor: Visitor, keys: number, sent: readonly number[], latencies: number[]): Promise<void> {
  while (latencies.length < keys && (await visitor.until(() => visitor.output !== ""))) {
    const now = performance.now();
    const shown = visitor.output.split(KEY).length - 1;
    visitor.output = "";
    for (let at = 0; at < shown; at++) latencies.push(now - sent[latencies.length]!);
  }
}

const orders = {
  /** The typist and so many others log in and open their shells. */
  async begin({ port, count }: { readonly port: number; readonly count: number }): Promise<void> {
    typist = await shell(port, 0);
    // A few at a time: who comes all at once looks like a storm.
    const next = Array.from({ length: count }, (_, index) => index + 1).values();
    const enter = async (): Promise<void> => {
      for (const index of next) shells.push(await shell(port, index));
    };
    await Promise.all([enter(), enter(), enter(), enter()]);
  },

  type: ({ keys, interval }: { readonly keys: number; readonly interval: number }): Promise<Typing> =>
    type(typist!, keys, interval),

  /** How many of the shells are there still: each runs a command. */
  async callTheRoll(): Promise<number> {
    const answers = shells.map(async (visitor) => {
      visitor.output = "";
      visitor.type("present\r");
      return visitor.until(() => visitor.output.includes("yes, present"));
    });
    return (await Promise.all(answers)).filter(Boolean).length;
  },

  /** Comes from outside, now; gives whether that worked. */
  async comeIn({ port, password }: { readonly port: number; readonly password?: string }): Promise<boolean> {
    const visitor = new Visitor(port, "127.0.100.1");
    const isIn =
      (await visitor.handshake()) &&
      (await (password === undefined ? visitor.tryKey("resident", key) : visitor.tryPassword("resident", password)));
    visitor.leave();
    await visitor.gone;
    return isIn === true;
  },
};

export type Residents = typeof orders;
carryOut(orders);
