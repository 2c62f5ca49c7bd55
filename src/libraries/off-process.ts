/**
 * Calls a function, and takes off `process` what it has put there: the listeners by which libraries mean to tidy up the terminal when
 * their process ends, and which they never take away. Of a server, each session would leave some, and itself with them.
 *
 *     const terminal = offProcess(() => terminalKit.createTerminal({ stdin: client.stdin, stdout: client.stdout }));
 *
 * It is for what happens at once, not for what a promise brings. Import the library before: what it puts there as it is loaded is
 * there once for all.
 */
export function offProcess<Made>(make: () => Made): Made {
  const before = new Map(process.eventNames().map((name) => [name, new Set(process.rawListeners(name))]));
  try {
    return make();
  } finally {
    for (const name of process.eventNames()) {
      const known = before.get(name);
      for (const listener of process.rawListeners(name)) {
        if (known?.has(listener) !== true) process.removeListener(name, listener as () => void);
      }
    }
  }
}
