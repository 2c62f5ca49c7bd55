import "./force-color.ts";
import type { Instance, RenderOptions } from "ink";
import type { ReactNode } from "react";
import type { Client } from "../server/index.ts";
import { ConfigError } from "../server/index.ts";
import { offProcess } from "./off-process.ts";

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

const [ink, { Component, createElement }] = await Promise.all([import("ink"), import("react")]).catch(
  (error: unknown) => {
    throw new ConfigError("MISSING_PACKAGE", "Ink is not installed: npm install ink react", { cause: error });
  },
);

/**
 * Renders an Ink app for one client, in its window and with its keys.
 *
 *     ssh.onUser("command", async (client, command, { signal }) => {
 *       await render(client, <Shop />, { signal }).waitUntilExit();
 *     });
 *
 * It is unmounted when the session ends; `waitUntilExit` then resolves. Console output stays the server's: Ink's own
 * option to catch it would show it to the visitor who came last. So do faults: what a component throws unmounts the app, and
 * `waitUntilExit` rejects with it; Ink alone would show the visitor the file and the lines of its source. Without a
 * terminal only the last frame is written.
 *
 * @throws ConfigError `MISSING_PACKAGE` where `ink` or `react` is not installed, when this module is imported.
 */
export function render(client: InkClient, node: ReactNode, options: InkOptions = {}): Instance {
  const { signal, ...others } = options;
  const fault: { error?: unknown; isThere: boolean } = { isThere: false };
  const failed = (error: unknown): void => {
    if (!fault.isThere) Object.assign(fault, { error, isThere: true });
    // Not at once: React is in the middle of it.
    setImmediate(unmount);
  };
  const guarded = (child: ReactNode): ReactNode => createElement(Guard, { failed }, child);
  const instance = ink.render(guarded(node), {
    isScreenReaderEnabled: client.screenReader,
    ...others,
    stdin: client.stdin,
    stdout: client.stdout,
    stderr: client.stderr,
    patchConsole: false,
    interactive: client.pty !== undefined,
  });
  const unmount = (): void => instance.unmount();
  const ends = [client.signal, signal].filter((end) => end !== undefined);
  for (const end of ends) {
    if (end.aborted) unmount();
    end.addEventListener("abort", unmount, { once: true });
  }
  // A process that ends is nobody's reason to unmount: a session ends before.
  const exited = offProcess(() => instance.waitUntilExit()).finally(() => {
    for (const end of ends) end.removeEventListener("abort", unmount);
  });
  exited.catch(() => undefined); // whoever waits hears of it
  return {
    ...instance,
    rerender: (child) => instance.rerender(guarded(child)),
    async waitUntilExit() {
      const value: unknown = await exited;
      if (fault.isThere) throw fault.error;
      return value;
    },
  };
}

interface GuardProps {
  readonly failed: (error: unknown) => void;
  readonly children?: ReactNode;
}

/** Keeps what a component throws from Ink, which would show it. */
class Guard extends Component<GuardProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override componentDidCatch(error: unknown): void {
    this.props.failed(error);
  }

  override render(): ReactNode {
    return this.state.hasFailed ? null : this.props.children;
  }
}
