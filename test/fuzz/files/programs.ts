import assert from "node:assert/strict";
import { matchesPattern } from "../../../src/files/command/glob.ts";
import { splitWords } from "../../../src/files/command/words.ts";
import { readHookCall } from "../../../src/files/git/push.ts";
import { protocolOf, repositoryOf } from "../../../src/files/git/request.ts";
import { encodePath, FileError } from "../../../src/files/index.ts";
import { LONG_OPTIONS } from "../../../src/files/rsync/allowed.ts";
import { parseRsync } from "../../../src/files/rsync/command.ts";
import { parseScp } from "../../../src/files/scp/command.ts";
import { readRecord } from "../../../src/files/scp/records.ts";
import { decoder } from "../decoders.ts";
import type { Random } from "../random.ts";
import type { Target } from "../target.ts";

const RECORDS = [
  "C0644 5 name",
  "D0755 0 dir",
  "E",
  "T1 0 2 0",
  "\x01scp: no",
  "C4755 9007199254740991 ü\u{1f600}",
  "C0644 1 ..",
];
const SCP = ["scp -t .", "scp -r -p -d -t -- 'a b'", "scp -f *.txt [a-z]? \\*", "scp -prf ~/x"];
const RSYNC = [
  "rsync --server -vlogDtprze.iLsfxCIvu --delete --partial-dir .part . 'a b'",
  "rsync --server --sender -logDtpre.iLsfxCIvu --remove-source-files . x/* y",
  "rsync --server -nde.LsfxCIvu -B700 --suffix=.bak --timeout=5 . .",
];
const GIT = ["git-upload-pack 'team/app.git'", "git-receive-pack '/app'", "git-upload-archive ~/a/b/c"];
const ZERO = "0".repeat(40);
const CALLS = [`pre-receive\n${ZERO} ${"1".repeat(40)} refs/heads/main\n\n`, "post-receive\n\n"];
/** A name that leads nowhere else, and can be looked at. */
const NAME = /^(?!\.{1,2}$)[^/\x00-\x1f\x7f-\x9f]+$/s;

const pick =
  (texts: readonly string[]) =>
  (random: Random): Uint8Array =>
    Buffer.from(random.pick(texts));

/** Runs something of which a client hears no more than a {@link FileError}. */
function told<Value>(action: () => Value): Value | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof FileError && error.code === "INVALID") return undefined;
    throw error;
  }
}

/** Every text that a client of scp, rsync or git sends before a file system or a process is asked. */
export const programDecoders: readonly Target[] = [
  decoder("scp record", pick(RECORDS), (bytes) => {
    const record = told(() => readRecord(bytes));
    if (record?.type !== "file" && record?.type !== "directory") return;
    assert.match(record.name, NAME);
    assert.ok(encodePath(record.name).length <= 255 && (record.mode & ~0o777) === 0);
    if (record.type === "file") assert.ok(Number.isSafeInteger(record.size) && record.size >= 0);
  }),
  decoder("scp command", pick(SCP), (bytes) => {
    const parsed = told(() => parseScp(Buffer.from(bytes).toString()));
    if (parsed?.role === "sink") assert.equal(parsed.paths.length, 1);
  }),
  decoder("rsync command", pick(RSYNC), (bytes) => {
    const parsed = told(() => parseRsync(Buffer.from(bytes).toString()));
    for (const option of parsed?.options ?? []) {
      const [, long] = /^--([^=]*)/.exec(option) ?? [];
      if (long === undefined)
        assert.match(option, /^-([BDEHIJNORSUWbcdghilmnopqrtuvxyz]+(e\d*\.[A-Za-z]*)?|e\d*\.[A-Za-z]*|[B@]-?\d+)$/);
      else assert.ok(LONG_OPTIONS.has(long));
    }
  }),
  decoder("git command", pick(GIT), (bytes) => {
    const text = Buffer.from(bytes).toString();
    const repository = told(() => repositoryOf(text));
    if (repository !== undefined) assert.match(repository, /^[A-Za-z0-9_][\w.+-]*(\/[A-Za-z0-9_][\w.+-]*)*$/);
    assert.match(protocolOf(text) ?? "version=2", /^version=[0-2]/);
  }),
  decoder("git hook", pick(CALLS), (bytes) => {
    for (const { name } of readHookCall(Buffer.from(bytes).toString())?.refs ?? []) assert.match(name, /^refs\//);
  }),
  decoder("pattern", pick(["*.txt", "[!a-z]?*", "\\*[]]", "a*b*c*d"]), (bytes) => {
    const text = Buffer.from(bytes).toString();
    matchesPattern(text, "some name.txt");
    matchesPattern("*[a-m]*.txt", text);
    for (const { pattern } of told(() => splitWords(text)) ?? []) matchesPattern(pattern ?? "", "name");
  }),
];
