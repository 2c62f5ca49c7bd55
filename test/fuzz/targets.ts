import { authDecoders } from "./auth/decoders.ts";
import { decoders } from "./decoders.ts";
import { damagedStream, mutatedSession, walk } from "./sessions.ts";
import type { Target } from "./target.ts";

/** Everything that is fuzzed. */
export const targets: readonly Target[] = [walk, mutatedSession, damagedStream, ...decoders, ...authDecoders];
