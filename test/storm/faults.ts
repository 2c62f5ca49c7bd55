import { resolveLimits } from "../../src/index.ts";
import type { Aftermath, Defence, Round, Size } from "./storm.ts";

const MIB = 1024 ** 2;
/** A connection holds 20 KiB and more: this is less than every tenth of the big storm's. */
const MAX_KEPT = 16 * MIB;
const MAX_RESIDENT = 1024 * MIB;
/** The allocator keeps what the first storm took; a second one has to do with about that. */
const MAX_MORE = 192 * MIB;

/** What was not as it has to be, in words; nothing about how long anything took. */
export function faultsOf(aftermath: Aftermath, size: Size, defence: Defence): string[] {
  const { calm, before, rounds, shells, isOpen } = aftermath;
  const [first, ...others] = rounds.map(({ after }) => after.resident);
  return [
    fault(calm.lost > 0, `${calm.lost} keys were not echoed in the calm`),
    fault(shells !== size.shells, `${shells} of ${size.shells} shells are left`),
    fault(!isOpen, "the right password is not taken when all is over"),
    ...rounds.flatMap((round) => [
      ...faultsOfRound(round, before.held),
      ...(defence === "none" ? faultsOfCapacity(round, size) : faultsOfLimits(round)),
    ]),
    ...others.map((more) =>
      fault(
        more > first! + MAX_MORE,
        `the first storm left ${mib(first!)} with the process, a further one ${mib(more)}`,
      ),
    ),
  ].filter((text) => text !== undefined);
}

function faultsOfRound({ typing, guesses, leftOver, sight, after }: Round, held: number): (string | undefined)[] {
  return [
    fault(typing.lost > 0, `${typing.lost} keys were not echoed`),
    fault(guesses.accepted > 0, `${guesses.accepted} wrong passwords were accepted`),
    fault(leftOver !== 0, `${leftOver} connections are left of attackers that are gone`),
    fault(after.held > held + MAX_KEPT, `${mib(after.held - held)} more are held than before`),
    fault(sight.resident > MAX_RESIDENT, `the process had ${mib(sight.resident)}`),
  ];
}

/** Without limits everybody is served, one way or the other. */
function faultsOfCapacity({ sight, cameIn, guesses }: Round, { lurkers }: Size): (string | undefined)[] {
  return [
    fault(guesses.refused === 0 || sight.verified === 0, "no password was verified: there was no storm"),
    fault(sight.startups < lurkers, `${sight.startups} connections without a login at once: there was no storm`),
    fault(sight.turnedAway === 0, "no password was turned away from a full queue"),
    // On a machine that is far too slow for it, one or the other may miss the deadline of its handshake.
    fault(cameIn.worked < cameIn.tried / 2, `${cameIn.worked} of ${cameIn.tried} logins by key worked`),
  ];
}

function faultsOfLimits({ sight }: Round): (string | undefined)[] {
  const { maxStartups, perSourceMaxStartups, maxConnections } = resolveLimits();
  const { startups, ofOneSource, connections } = sight;
  return [
    fault(startups > maxStartups.full, `${startups} connections without a login at once`),
    fault(ofOneSource > perSourceMaxStartups, `${ofOneSource} of them from one source`),
    fault(connections > maxConnections, `${connections} connections at once`),
    fault(sight.refused === 0, "no connection was refused: there was no storm"),
    fault(sight.penalised === 0, "no source was penalised"),
    fault(sight.tooEarly > 0, `${sight.tooEarly} connections were taken from sources that had to wait`),
  ];
}

function fault(isOne: boolean, text: string): string | undefined {
  return isOne ? text : undefined;
}

export function mib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}
