import { setTimeout as delay } from "node:timers/promises";
import type { ServerOptions } from "../../src/index.ts";
import { Part } from "./part.ts";
import type { Guesses, Guessers } from "./parts/guessers.ts";
import type { Lurkers } from "./parts/lurkers.ts";
import type { Residents, Typing } from "./parts/residents.ts";
import type { Memory, Sight, StormServer } from "./parts/server.ts";

/** How many of each there are. */
export interface Size {
  /** Connections that never finish their handshake. */
  readonly lurkers: number;
  /** Wrong passwords a second. */
  readonly guesses: number;
  /** Shells that are open before it begins. */
  readonly shells: number;
  /** Keys that somebody types before it, and during it. */
  readonly calmKeys: number;
  readonly stormKeys: number;
  /** How many storms follow each other. */
  readonly rounds: number;
}

export const FULL: Size = { lurkers: 2000, guesses: 500, shells: 200, calmKeys: 500, stormKeys: 1000, rounds: 2 };
/** The same weather on a smaller scale, for every day. */
export const SMALL: Size = { lurkers: 200, guesses: 100, shells: 20, calmKeys: 50, stormKeys: 100, rounds: 1 };

/** What the server does against it. */
export const DEFENCES = {
  /** Everybody is taken in, so that all of the storm gets as far as the server's own work. */
  none: {
    penalties: false,
    limits: {
      maxStartups: { start: 100_000, full: 100_000 },
      perSourceMaxStartups: 100_000,
      maxConnections: 100_000,
    },
  },
  /** As it comes, but that no address is exempt from penalties. */
  limits: { penalties: { exempt: [] } },
} as const satisfies Record<string, ServerOptions>;

export type Defence = keyof typeof DEFENCES;

/** One storm. */
export interface Round {
  readonly typing: Typing;
  /** What the server looked like from inside. */
  readonly sight: Sight;
  readonly guesses: Guesses;
  /** How long somebody typed through it. */
  readonly seconds: number;
  /** Logins by key that were tried meanwhile, and that worked. */
  readonly cameIn: { readonly tried: number; readonly worked: number };
  /** Connections that were there still when the attackers had gone, those of the residents not counted. */
  readonly leftOver: number;
  readonly after: Memory;
}

/** What the storms left behind. */
export interface Aftermath {
  readonly calm: Typing;
  readonly before: Memory;
  readonly rounds: readonly Round[];
  /** Shells that were there still when all was over. */
  readonly shells: number;
  /** Whether the right password was taken then. */
  readonly isOpen: boolean;
}

const PASSWORD = "correct horse";
/** The pace of typing, in milliseconds a key. */
const PACE = 20;
/** More than any machine needs; nothing is asserted about time. */
const PATIENCE = 60_000;

/** Lets storms go over a server, each side in a process of its own, and looks at what is left. */
export async function storm(size: Size, defence: Defence): Promise<Aftermath> {
  const server = new Part<StormServer>(new URL("parts/server.ts", import.meta.url));
  const residents = new Part<Residents>(new URL("parts/residents.ts", import.meta.url));
  try {
    const port = await server.ask("begin", { password: PASSWORD, options: DEFENCES[defence] });
    await residents.ask("begin", { port, count: size.shells });
    const calm = await residents.ask("type", { keys: size.calmKeys, interval: PACE });
    const before = await server.ask("memory");
    const rounds: Round[] = [];
    for (let at = 0; at < size.rounds; at++) rounds.push(await round(size, defence, port, server, residents));
    const shells = await residents.ask("callTheRoll");
    const isOpen = await residents.ask("comeIn", { port, password: PASSWORD });
    return { calm, before, rounds, shells, isOpen };
  } finally {
    await Promise.all([residents.stop(), server.stop()]);
  }
}

async function round(
  size: Size,
  defence: Defence,
  port: number,
  server: Part<StormServer>,
  residents: Part<Residents>,
): Promise<Round> {
  const inside = await server.ask("connections");
  const lurkers = new Part<Lurkers>(new URL("parts/lurkers.ts", import.meta.url), true);
  const guessers = new Part<Guessers>(new URL("parts/guessers.ts", import.meta.url), true);
  try {
    await server.ask("watch");
    await lurkers.ask("begin", { port, count: size.lurkers });
    // More than may wait for their password to be verified, so that there is always one that can try.
    await guessers.ask("begin", { port, rate: size.guesses, connections: 100 + size.guesses / 2 });
    await until("the height of the storm", async () => {
      const { startups, refused, penalised, turnedAway } = await server.ask("sight");
      return defence === "none" ? startups >= size.lurkers && turnedAway > 0 : refused >= size.lurkers && penalised > 0;
    });

    const started = performance.now();
    const earlier = await guessers.ask("count");
    const cameIn = { tried: 0, worked: 0 };
    const working = residents.ask("type", { keys: size.stormKeys, interval: PACE });
    for (let isTyping = true; isTyping;) {
      cameIn.tried++;
      if (await residents.ask("comeIn", { port })) cameIn.worked++;
      isTyping = await Promise.race([working.then(() => false), delay(500, true)]);
    }
    const typing = await working;
    const seconds = (performance.now() - started) / 1000;
    const later = await guessers.ask("count");
    const sight = await server.ask("sight");
    const guesses = { ...later, sent: later.sent - earlier.sent, refused: later.refused - earlier.refused };

    await Promise.all([lurkers.stop(), guessers.stop()]);
    let leftOver = Infinity;
    for (const end = performance.now() + PATIENCE; leftOver > 0 && performance.now() < end; await delay(100)) {
      leftOver = (await server.ask("connections")) - inside;
    }
    return { typing, sight, guesses, seconds, cameIn, leftOver, after: await server.ask("memory") };
  } finally {
    await Promise.all([lurkers.stop(), guessers.stop()]);
  }
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + PATIENCE; !(await isSo()); await delay(100)) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
  }
}
