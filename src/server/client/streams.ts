import { OutputStream, TerminalOutputStream } from "../../terminal/index.ts";
import type { ClientReadStream, ClientWriteStream, InputStream, TerminalSink } from "../../terminal/index.ts";
import type { Input } from "../input/input.ts";
import type { PtyData, WindowSize } from "../session.ts";
import { AbortError } from "./abort-error.ts";
import type { Output } from "./output.ts";

/** Hears what the app's own listeners threw, and where. */
type ListenerFailed = (name: string, error: unknown) => void | Promise<void>;

/** What streams have to know of their session. */
interface Facts {
  readonly kind: unknown;
  readonly pty: PtyData | undefined;
  readonly window: WindowSize;
}

/** The streams of one session. Each is made when somebody asks for it: most sessions never do. */
export class ClientStreams {
  readonly #output: Output;
  readonly #facts: Facts;
  readonly #intake: { readonly input: Input };
  readonly #failed: ListenerFailed;
  #stdout: OutputStream | undefined;
  #stderr: OutputStream | undefined;

  constructor(output: Output, facts: Facts, intake: { readonly input: Input }, failed: ListenerFailed) {
    this.#output = output;
    this.#facts = facts;
    this.#intake = intake;
    this.#failed = failed;
  }

  get stdin(): ClientReadStream {
    this.#mustBeKnown();
    return asReadStream(this.#intake.input.stream);
  }

  get stdout(): ClientWriteStream {
    return asWriteStream((this.#stdout ??= this.#open("stdout")));
  }

  get stderr(): ClientWriteStream {
    return asWriteStream((this.#stderr ??= this.#open("stderr")));
  }

  /** The window has this size. */
  resize({ width, height }: WindowSize): void {
    for (const stream of [this.#stdout, this.#stderr]) {
      if (stream instanceof TerminalOutputStream) stream.resize(width, height);
    }
  }

  /** A command is over; the next one finds the streams as this one did. */
  reset(): void {
    this.#stdout?.setRawOutput(false);
    this.#stderr?.setRawOutput(false);
  }

  /** The session ends: what was written leaves, however much waits. */
  finish(): void {
    this.#output.beginEnd();
    this.#stdout?.flush();
    this.#stderr?.flush();
  }

  /** The session is over. */
  close(): void {
    const reason = new AbortError("disconnected", undefined, "The session has ended");
    this.#stdout?.close(reason);
    this.#stderr?.close(reason);
  }

  #open(name: "stdout" | "stderr"): OutputStream {
    this.#mustBeKnown();
    const output = this.#output;
    const facts = this.#facts;
    const intake = this.#intake;
    const sink: TerminalSink = {
      write(chunk, isRaw) {
        if (typeof chunk === "string" && !isRaw) intake.input.print(chunk, name);
        else intake.input.printBytes(typeof chunk === "string" ? Buffer.from(chunk) : chunk, name, isRaw);
      },
      get isFull() {
        return output.isFull;
      },
      whenDrained: (goOn) => output.whenDrained(goOn),
      whenLeft: (goOn) => output.whenLeft(goOn),
      overflowed: () => output.overflow(),
      failed: (error) => void this.#failed(name, error),
      maxUnsent: output.maxUnsent,
      columns: facts.window.width,
      rows: facts.window.height,
      get colors() {
        return output.colors() || 1;
      },
    };
    return facts.pty === undefined ? new OutputStream(sink) : new TerminalOutputStream(sink);
  }

  /** A client asks for a terminal before it asks for a program. */
  #mustBeKnown(): void {
    const { kind, pty } = this.#facts;
    if (kind !== undefined || pty !== undefined) return;
    throw new Error(
      "A client's streams are there once it has asked for something: in middleware, in connectpty, from connect on.",
    );
  }
}

// Node's types make sockets of what is none of their methods' business; test/types/streams.ts holds ours to the rest.
function asReadStream(stream: InputStream): ClientReadStream {
  return stream as unknown as ClientReadStream;
}

function asWriteStream(stream: OutputStream): ClientWriteStream {
  return stream as unknown as ClientWriteStream;
}
