/** The streams of a session go wherever Node's types ask for those of a process, and promise no more than there is. */
import { createHash } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { start } from "node:repl";
import { Readable } from "node:stream";
import type { Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import type { ReadStream, WriteStream } from "node:tty";
import { styleText } from "node:util";
import type { Client, ClientReadStream, ClientWriteStream } from "../../src/index.ts";
import type { TerminalInputStream, TerminalOutputStream } from "../../src/terminal/index.ts";

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Promised<Stream> = keyof { [Name in keyof Stream as [Stream[Name]] extends [never] ? never : Name]: true };

export const allIsThere: [
  Equals<Exclude<Promised<ClientReadStream>, keyof TerminalInputStream>, never>,
  Equals<Exclude<Promised<ClientWriteStream>, keyof TerminalOutputStream>, never>,
] = [true, true];

export async function usesStreams(client: Client): Promise<void> {
  const { stdin, stdout, stderr } = client;
  const readers: [NodeJS.ReadStream, ReadStream, NodeJS.ReadableStream, Readable] = [stdin, stdin, stdin, stdin];
  const writers: [NodeJS.WriteStream, WriteStream, NodeJS.WritableStream, Writable] = [stdout, stdout, stderr, stdout];
  void [readers, writers];

  await pipeline(stdin, createHash("sha256"));
  await pipeline(stdin, stdout, { signal: client.signal });
  await pipeline(Readable.from([]), stdout);
  await finished(stdout);
  await createInterface({ input: stdin, output: stdout }).question("? ");
  start({ input: stdin, output: stdout });
  stdout.write(styleText("red", "x", { stream: stdout }));
  stdin.pipe(stdout);
  stdin
    .setRawMode(true, { suspend: true })
    .setEncoding("utf8")
    .on("data", () => undefined);
  stdout.setRawOutput(true).cursorTo(0, 0);
  for await (const chunk of stdin) stdout.write(chunk as Uint8Array);

  // @ts-expect-error: nothing can be written to what a visitor sends.
  stdin.write("x");
  // @ts-expect-error: nothing can be read from what a visitor sees.
  stdout.read();
  // @ts-expect-error: they are no sockets.
  stdout.setNoDelay(true);
}
