import { authDecoders } from "./auth/decoders.ts";
import { publickeyTarget } from "./auth/publickey.ts";
import { commandDecoders } from "./commands/lines.ts";
import { decoders } from "./decoders.ts";
import { programDecoders } from "./files/programs.ts";
import { sftpSession } from "./files/sftp.ts";
import { keyFileTargets } from "./key-files.ts";
import { damagedStream, mutatedSession, walk } from "./sessions.ts";
import type { Target } from "./target.ts";
import { terminalDecoders } from "./terminal/decoders.ts";
import { editorDecoders } from "./terminal/editor.ts";
import { streamDecoders } from "./terminal/streams.ts";

/** Everything that is fuzzed. */
export const targets: readonly Target[] = [
  walk,
  mutatedSession,
  damagedStream,
  ...decoders,
  ...keyFileTargets,
  ...authDecoders,
  publickeyTarget,
  sftpSession,
  ...programDecoders,
  ...streamDecoders,
  ...terminalDecoders,
  ...editorDecoders,
  ...commandDecoders,
];
