import assert from "node:assert/strict";
import { History, KeyDecoder, LineEditor } from "../../../src/terminal/index.ts";
import type { CompletionRequest, PromptOptions } from "../../../src/terminal/index.ts";
import { decoder } from "../decoders.ts";
import type { Random } from "../random.ts";
import type { Target } from "../target.ts";

/** What is typed at a prompt, by somebody who is out for trouble. */
const PIECES: readonly string[] = [
  "make ",
  "日本",
  "👩‍👩‍👧",
  "\u0301",
  "🇩",
  "\u202e",
  "\t",
  "\x1b[Z",
  "\x1b[A",
  "\x1b[B",
  "\x1b[C",
  "\x1b[D",
  "\x1b[H",
  "\x1b[F",
  "\x1b[6~",
  "\x7f",
  "\x1b\r",
  "\x1b.",
  "\x1bu",
  "\x1b/",
  "\x1b\x1b",
  "\x1b[200~two\nrows\x1b[2J\r\n\x1b]0;x\x07\x1b[201~",
  `\x1b[200~${"long ".repeat(400)}\x1b[201~`,
  ...Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)),
];

/** All that an editor may send: text without control characters, its own few sequences, the bell. */
const SENT = /^(?:\P{Cc}|\r\n|\r|\x07|\x1b\[(?:\d*[ABCDGJKm]|H|90m|7m|2m|1;31m))*$/u;

const LIMIT = 600;
const SIZES: readonly number[] = [0, 1, 2, 5, 20, 80, 400, 100_000];

const seeds = (random: Random): Uint8Array =>
  Buffer.from(Array.from({ length: 2 + random.below(20) }, () => random.pick(PIECES)).join(""));

/** The line editor, to whose screen nothing that a visitor types must do anything but show it. */
export const editorDecoders: readonly Target[] = [
  decoder("editor", seeds, (bytes) => {
    const [width = 0, height = 0, how = 0] = bytes;
    let written = "";
    const waiting: CompletionRequest[] = [];
    const editor = new LineEditor({
      write: (text) => (written += text),
      columns: SIZES[width % SIZES.length] ?? 80,
      rows: SIZES[height % SIZES.length] ?? 24,
      limit: LIMIT,
      history: new History(["make all", "two\nrows", "日本語 and so on"]),
      screenReader: how % 5 === 0,
    });
    const answer = (request: CompletionRequest): void =>
      editor.completed(request, {
        items: ["make", "mask", { value: "\x1b[2J日本", description: "d\r\n" }],
        start: how,
      });
    const options: PromptOptions = {
      multiline: how % 2 === 0,
      suggest: true,
      highlight: (text) => `\x1b[1;31m${text}\x1b[m`,
      complete: (request) => (how % 3 === 0 ? waiting.push(request) : answer(request)),
      ...(how % 7 === 0 && { mask: "*" }),
    };
    editor.prompt("\x1b[1;31m長い\x1b[m> ", options);
    const keys = new KeyDecoder();
    for (let at = 0; at < bytes.length; at += 3) {
      editor.batch(() => {
        for (const event of keys.decode(bytes.subarray(at, at + 3))) {
          if (editor.key(event) !== undefined) editor.prompt("> ", options);
        }
      });
      const request = at % 4 === 0 ? waiting.pop() : undefined;
      if (request !== undefined) answer(request);
      if (at % 31 === 0) editor.resize(SIZES[(at + width) % SIZES.length] ?? 80, SIZES[at % SIZES.length] ?? 24);
      assert.ok(editor.text.length <= LIMIT);
      assert.doesNotMatch(editor.text, /(?!\n)\p{Cc}|\p{Cs}/u);
      assert.match(written, SENT);
      written = "";
    }
    editor.cancel();
  }),
];
