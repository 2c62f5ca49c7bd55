import "./force-color.ts";
import type { Instance, RenderOptions } from "ink";
import type { ReactNode } from "react";
import type { Client } from "../server/index.ts";
import { ConfigError } from "../server/index.ts";

/** How {@link render} renders: Ink's options, but for those that the session decides. */
export interface InkOptions extends Omit<
  RenderOptions,
  "stdin" | "stdout" | "stderr" | "patchConsole" | "interactive"
> {
  /** Unmounts the app, as that of a command does with Ctrl-C. The end of the session does so anyway. */
  readonly signal?: AbortSignal;
}

/** A client, whatever its state is. */
type InkClient = Pick<Client, "stdin" | "stdout" | "stderr" | "signal" | "pty" | "screenReader">;

const ink = await import("ink").catch((error: unknown) => {
  throw new ConfigError("MISSING_PACKAGE", "Ink is not installed: npm install ink react", { cause: error });
});

/**
 * Renders an Ink app for one client, in its window and with its keys.
 *
 *     ssh.onUser("command", async (client, command, { signal }) => {
 *       await render(client, <Shop />, { signal }).waitUntilExit();
 *     });
 *
 * It is unmounted when the session ends; `waitUntilExit` then resolves. Console output stays the server's: Ink's own
 * option to catch it would show it to the visitor who came last. Without a terminal only the last frame is written.
 *
 * @throws ConfigError `MISSING_PACKAGE` where `ink` or `react` is not installed, when this module is imported.
 */
export function render(client: InkClient, node: ReactNode, options: InkOptions = {}): Instance {
  const { signal, ...others } = options;
  const instance = ink.render(node, {
    isScreenReaderEnabled: client.screenReader,
    ...others,
    stdin: client.stdin,
    stdout: client.stdout,
    stderr: client.stderr,
    patchConsole: false,
    interactive: client.pty !== undefined,
  });
  const unmount = (): void => instance.unmount();
  for (const end of [client.signal, signal]) {
    if (end?.aborted === true) unmount();
    end?.addEventListener("abort", unmount, { once: true });
  }
  return instance;
}
