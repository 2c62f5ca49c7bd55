#!/usr/bin/env node
/** The `sallyport` command. */
import { complaintAbout } from "./node-version.ts";

const complaint = complaintAbout(process.versions.node);
if (complaint === undefined) {
  // Loaded late: an older Node cannot link what these files import, and would say so in its own words.
  const { run } = await import("./run.ts");
  const { TerminalConsole } = await import("./terminal-console.ts");
  const console = new TerminalConsole();
  // Whoever has read enough, as `sallyport user list | head` does, is no fault of the command's.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(1);
  });
  process.exitCode = await run(process.argv.slice(2), console, (line) => process.stderr.write(`${line}\n`));
  console.close();
} else {
  process.stderr.write(`${complaint}\n`);
  process.exitCode = 1;
}
