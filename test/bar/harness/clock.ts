/** The clock that a server's deadlines go by: tests put it forward and do not wait. */
import { setTimeout as sleep } from "node:timers/promises";
import { Server } from "../../../src/index.ts";
import type { LimitOptions } from "../../../src/index.ts";

const { limits } = new Server().options;

/** The deadlines of a server that nobody told otherwise; one of the harness has more time. */
export const usualDeadlines = {
  loginGraceTime: limits.loginGraceTime,
  identificationTime: limits.identificationTime,
  handshakeTime: limits.handshakeTime,
  rekeyTime: limits.rekeyTime,
  unusedConnectionTime: limits.unusedConnectionTime,
  clientAliveInterval: limits.clientAliveInterval,
} as const satisfies LimitOptions;

/** Longer than a door lets pass between two looks at the clock; both are timers of this process, and run in their order. */
const A_SWEEP = 300;

const now = performance.now.bind(performance);
let ahead = 0;
performance.now = () => now() + ahead;

/**
 * Lets so many seconds pass for every server of this process; when it resolves, they have seen it. What has to be there
 * before has to be answered before: a server may look at its clock first, and at its sockets afterwards.
 */
export async function pass(seconds: number): Promise<void> {
  ahead += seconds * 1000;
  await sleep(A_SWEEP);
}
