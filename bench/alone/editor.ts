// A line editor without a network: editor.ts sallyport|readline ROUNDS. Run it with --expose-gc; it prints one line of JSON.
import { EventEmitter } from "node:events";
import { createInterface, type ReadLineOptions } from "node:readline";

import { History, KeyDecoder, LineEditor } from "../../src/terminal/index.ts";

/** What an editor alone costs. */
export interface EditorCost {
  /** KiB of memory of an editor that shows its prompt and nothing else. */
  readonly idle: number;
  /** Microseconds of CPU for a key at the end of the line, and bytes that it sends. */
  readonly end: { readonly cpu: number; readonly bytes: number };
  /** The same for a key in the middle of a line of 60 letters. */
  readonly middle: { readonly cpu: number; readonly bytes: number };
}

/** An editor that takes what a terminal sends, and sends what is to be shown to a sink. */
interface Editor {
  receive(bytes: Uint8Array): void;
}

/** How an editor is made, ready for a line. */
type Make = (write: (text: string) => void) => Editor;

const COLUMNS = 80;
const ROWS = 24;

const makers: Readonly<Record<string, Make>> = { sallyport: makeSallyport, readline: makeReadline };

const idleEditors = 2000;
const keysPerLine = 40;

const [name = "", rounds = "1"] = process.argv.slice(2);
const make = makers[name];
if (make === undefined) throw new Error(`The editor is one of ${Object.keys(makers).join(", ")}, not ${name}.`);

const lines = 1000 * Number(rounds);
// What is compiled on the way is no editor's cost.
typeLines(make, 500);
typeInside(make, 500);
console.log(JSON.stringify({ idle: idle(make), end: typeLines(make, lines), middle: typeInside(make, lines) }));

function idle(make: Make): number {
  const held: Editor[] = [];
  const before = memory();
  for (let count = 0; count < idleEditors; count++) held.push(make(() => undefined));
  return (memory() - before) / held.length / 1024;
}

/** Letters at the end of a line, 40 and then Enter. */
function typeLines(make: Make, lines: number): EditorCost["end"] {
  const keys = Array.from({ length: keysPerLine }, (_, index) => Buffer.from([97 + (index % 26)]));
  return measure(make, lines, [], [...keys, Buffer.from("\r")]);
}

/** A letter in the middle of a line, and its end again, so that the line stays as long as it is. */
function typeInside(make: Make, lines: number): EditorCost["middle"] {
  const left = Array.from({ length: 30 }, () => Buffer.from("\x1b[D"));
  const letter = Buffer.from("x");
  const backspace = Buffer.from("\x7f");
  return measure(make, lines, [Buffer.from("a".repeat(60)), ...left], [letter, backspace, letter, backspace]);
}

function measure(
  make: Make,
  times: number,
  first: readonly Uint8Array[],
  keys: readonly Uint8Array[],
): EditorCost["end"] {
  let bytes = 0;
  const editor = make((text) => (bytes += text.length));
  for (const key of first) editor.receive(key);
  bytes = 0;
  const began = process.cpuUsage();
  for (let count = 0; count < times; count++) for (const key of keys) editor.receive(key);
  const { user, system } = process.cpuUsage(began);
  const total = times * keys.length;
  return { cpu: (user + system) / total, bytes: bytes / total };
}

function memory(): number {
  global.gc?.();
  global.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function makeSallyport(write: (text: string) => void): Editor {
  const decoder = new KeyDecoder();
  const editor = new LineEditor({ write, columns: COLUMNS, rows: ROWS, history: new History([], { lines: 100 }) });
  const options = { multiline: true, suggest: true } as const;
  editor.prompt("> ", options);
  return {
    receive(bytes) {
      const events = decoder.decode(bytes);
      editor.batch(() => {
        for (const event of events) if (editor.key(event) !== undefined) editor.prompt("> ", options);
      });
    },
  };
}

/** node:readline at its best: streams that are not more than it needs. */
function makeReadline(write: (text: string) => void): Editor {
  const still = (): void => undefined;
  const input = Object.assign(new EventEmitter(), { resume: still, pause: still });
  const output = Object.assign(new EventEmitter(), { write, columns: COLUMNS, rows: ROWS, isTTY: true });
  const options = { input, output, terminal: true, prompt: "> ", historySize: 100 } as unknown as ReadLineOptions;
  const readline = createInterface(options);
  readline.on("line", () => readline.prompt());
  readline.prompt();
  return { receive: (bytes) => void input.emit("data", bytes) };
}
