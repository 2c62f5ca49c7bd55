import type { Duplex } from "node:stream";
import { escapeControls } from "../../server/index.ts";
import type { HookCall } from "./push.ts";
import { readHookCall } from "./push.ts";

/** What all refs of a push may take, in bytes; git itself has no bound. */
const MAX_CALL = 4 * 1024 * 1024;
/** The longest reason that is shown. */
const MAX_REASON = 1000;
const END = "\n\n";

/** Answers a hook: true lets git go on, a text says why not. */
export type HookJudge = (call: HookCall) => Promise<true | string>;

/** Hears the hooks of one `git receive-pack` over the stream, one after the other, and answers them. Never rejects. */
export async function answerHooks(stream: Duplex, judge: HookJudge): Promise<void> {
  // The hook, or git, may be gone before it is answered.
  stream.on("error", () => undefined);
  stream.setEncoding("utf8");
  let text = "";
  try {
    // The end of the call is not the end of the answer: a stream that the loop destroys may not have sent it yet.
    for await (const piece of stream.iterator({ destroyOnReturn: false })) {
      text += piece as string;
      if (text.length > MAX_CALL) return void stream.destroy();
      if (!text.endsWith(END)) continue;
      const call = readHookCall(text);
      text = "";
      const verdict = call === undefined ? "refs that nobody can read" : await judge(call);
      stream.write(verdict === true ? "ok\n" : `no ${escapeControls(verdict, { limit: MAX_REASON })}\n`);
    }
  } catch {
    // As above: a push that nobody answers is not taken.
  }
  stream.end();
}
