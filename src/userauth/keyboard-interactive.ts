import { messages, ProtocolError, Reader, Writer } from "../wire/index.ts";
import { failure, unusable } from "./method.ts";
import type { Method, Outcome, Prompting } from "./method.ts";
import type { KeyboardInteractiveRequest, PromptVerdict, UnusableRequest } from "./policy.ts";
import { secretText } from "./text.ts";

const NAME = "keyboard-interactive";
const MAX_PROMPTS = 16;
const MAX_RESPONSE_LENGTH = 4096;
const MAX_SUBMETHODS_LENGTH = 256;

/** RFC 4256. */
export const keyboardInteractive: Method<KeyboardInteractiveRequest> = {
  name: NAME,
  listedAs: NAME,

  decode(data, { user }) {
    const from = new Reader(data);
    from.string(); // RFC 4256 §3.1: the language tag is deprecated, and ignored
    const submethods = secretText(from.string(), MAX_SUBMETHODS_LENGTH);
    from.end();
    if (submethods === undefined) {
      return unusable(user, NAME, `the submethods are over ${MAX_SUBMETHODS_LENGTH} bytes, or not UTF-8`);
    }
    const names = submethods.split(",").filter((name) => name !== "");
    return { method: NAME, user, submethods: names, round: 0, responses: [] };
  },

  settle(request, verdict) {
    if (verdict.type === "prompt") return ask(request, verdict);
    return verdict.type === "success" || verdict.type === "partial" ? verdict : failure;
  },
};

/**
 * Reads the client's answer to a round of prompts (RFC 4256 §3.4). Responses that are too many, too few or too long
 * make an unusable request; throws ProtocolError when the message is not whole.
 */
export function readResponses(
  payload: Uint8Array,
  { user, prompts, round, submethods }: Prompting,
): KeyboardInteractiveRequest | UnusableRequest {
  const message = messages.userauthInfoResponse.decode(payload);
  const from = new Reader(message.responses);
  // The count is the client's word; a response takes at least its four bytes of length (CVE-2026-42189).
  if (message.count > from.left / 4) {
    throw new ProtocolError(`INFO_RESPONSE: ${message.count} responses do not fit in ${from.left} bytes`);
  }
  if (message.count !== prompts) {
    return unusable(user, NAME, `${prompts} responses were expected, ${message.count} came`);
  }
  const responses: (string | undefined)[] = [];
  for (let i = 0; i < prompts; i++) responses.push(secretText(from.string(), MAX_RESPONSE_LENGTH));
  from.end();
  if (!responses.every((response) => response !== undefined)) {
    return unusable(user, NAME, `a response is over ${MAX_RESPONSE_LENGTH} bytes, or not UTF-8`);
  }
  return { method: NAME, user, submethods, round, responses };
}

function ask({ user, submethods, round }: KeyboardInteractiveRequest, verdict: PromptVerdict): Outcome {
  const { name, instruction, prompts } = verdict;
  if (prompts.length > MAX_PROMPTS) return failure;
  const to = new Writer();
  for (const { prompt, echo } of prompts) to.utf8(prompt).boolean(echo);
  const payload = messages.userauthInfoRequest.encode({
    name,
    instruction,
    language: "",
    count: prompts.length,
    prompts: to.finish(),
  });
  const next: Prompting = { name: "prompting", user, submethods, round: round + 1, prompts: prompts.length };
  return { type: "reply", payload, next };
}
