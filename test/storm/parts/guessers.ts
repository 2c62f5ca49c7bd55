/** Clients that try passwords, none of which is right, as fast as they were told to. */
import { setTimeout as delay } from "node:timers/promises";
import { carryOut } from "../part.ts";
import { Visitor } from "../visitor.ts";

/** What they have done. */
export interface Guesses {
  readonly sent: number;
  readonly refused: number;
  /** Right ones, of which there are none. */
  readonly accepted: number;
}

/** How many share an address. */
const A_SOURCE = 4;
const TICK = 20;
/** Of ten names nine are nobody's. */
const NAMES = ["resident", "root", "admin", "test", "oracle", "git", "pi", "ubuntu", "postgres", "user"];

const count = { sent: 0, refused: 0, accepted: 0 };
let visits = 0;
/** Those who wait for their turn. */
const turns: (() => void)[] = [];

/** Tries on until it is thrown out, and comes again. */
async function guess(port: number, index: number): Promise<never> {
  for (;;) {
    const visitor = new Visitor(
      port,
      `127.2.${Math.floor(index / A_SOURCE / 128)}.${1 + (Math.floor(index / A_SOURCE) % 128)}`,
    );
    const name = NAMES[visits++ % NAMES.length]!;
    if (await visitor.handshake()) {
      while (!visitor.isGone) {
        await new Promise<void>((resolve) => turns.push(resolve));
        count.sent++;
        const verdict = await visitor.tryPassword(name, `guess ${count.sent}`);
        if (verdict === true) count.accepted++;
        else count.refused++;
      }
    }
    visitor.leave();
    await delay(200 + 200 * Math.random());
  }
}

const orders = {
  /** Tries so many a second, over so many connections. */
  begin({
    port,
    rate,
    connections,
  }: {
    readonly port: number;
    readonly rate: number;
    readonly connections: number;
  }): void {
    for (let index = 0; index < connections; index++) void guess(port, index);
    let since = performance.now();
    let due = 0;
    setInterval(() => {
      const now = performance.now();
      // What could not be tried in its time is not made up for.
      due = Math.min(due + ((now - since) / 1000) * rate, rate / 5);
      since = now;
      for (; due >= 1 && turns.length > 0; due--) turns.shift()!();
    }, TICK);
  },

  count: (): Guesses => count,
};

export type Guessers = typeof orders;
carryOut(orders);
