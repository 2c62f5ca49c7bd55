/** One ref of a push. */
export interface PushedRef {
  /** In full, such as `refs/heads/main`, as the client sent it: escape it before you print it. */
  readonly name: string;
  /** The object that it was; undefined when the push makes the ref. */
  readonly from: string | undefined;
  /** The object that it becomes; undefined when the push deletes the ref. */
  readonly to: string | undefined;
}

/** A push, before it is taken or after. */
export interface Push {
  /** Without the `.git` behind it. */
  readonly repository: string;
  readonly refs: readonly PushedRef[];
}

/** When a hook of git's asks. */
export type HookName = "pre-receive" | "post-receive";

/** What a hook of git's tells: its name, and the refs that it got on its standard input. */
export interface HookCall {
  readonly hook: HookName;
  readonly refs: readonly PushedRef[];
}

/**
 * Asks the server, which has the other end of descriptor 3, and shows what that says. Nothing but a line that begins with `ok` lets
 * a push in: not the end of the server either.
 */
export const HOOK_SCRIPT = `#!/bin/sh
{ echo "\${0##*/}" && cat && echo; } >&3
IFS= read -r verdict <&3 || exit 1
case $verdict in ok) exit 0 ;; esac
printf '%s\\n' "\${verdict#no }" >&2
exit 1
`;

const LINE = /^([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64}) (refs\/.+)$/;
const NOTHING = /^0+$/;

/** Reads what {@link HOOK_SCRIPT} sends, up to the empty line; undefined when it is anything else. */
export function readHookCall(text: string): HookCall | undefined {
  const [hook, ...lines] = text.split("\n").slice(0, -2);
  if (hook !== "pre-receive" && hook !== "post-receive") return undefined;
  const refs: PushedRef[] = [];
  for (const line of lines) {
    const [, from = "", to = "", name = ""] = LINE.exec(line) ?? [];
    if (name === "") return undefined;
    refs.push({ name, from: objectOf(from), to: objectOf(to) });
  }
  return { hook, refs };
}

function objectOf(id: string): string | undefined {
  return NOTHING.test(id) ? undefined : id;
}
