import assert from "node:assert/strict";
import { test } from "node:test";
import { complaintAbout } from "../../../src/cli/node-version.ts";
import { run } from "../../../src/cli/run.ts";
import { FakeConsole } from "./fake-console.ts";

/** The status, and what was written to either output. */
async function sallyport(...args: readonly string[]) {
  const console = new FakeConsole([], false);
  const complaints: string[] = [];
  const status = await run(args, console, (line) => void complaints.push(line));
  return { status, printed: console.lines.join("\n"), complained: complaints.join("\n") };
}

test("without a verb the command lists the verbs, and fails", async () => {
  const { status, printed, complained } = await sallyport();
  assert.deepEqual([status, printed], [1, ""]);
  assert.match(complained, /^sallyport VERB/);
  assert.match(complained, /keygen +makes a key pair/);
});

test("a verb that there is not is named, and fails", async () => {
  for (const verb of ["frobnicate", "constructor", "\x1b[2J"]) {
    const { status, complained } = await sallyport(verb);
    assert.equal(status, 1);
    assert.ok(complained.startsWith(`sallyport: there is no verb ${JSON.stringify(verb)}.`), complained);
  }
});

test("help is printed, and succeeds", async () => {
  for (const flag of ["--help", "-h", "help"]) {
    const { status, printed, complained } = await sallyport(flag);
    assert.deepEqual([status, complained], [0, ""]);
    assert.match(printed, /keygen/);
  }
  const { status, printed } = await sallyport("keygen", "--help");
  assert.equal(status, 0);
  assert.match(printed, /--passphrase/);
});

test("a wrong option is told with the usage, a file that is not there without", async () => {
  const wrong = await sallyport("keygen", "--colour");
  assert.equal(wrong.status, 1);
  assert.match(wrong.complained, /^sallyport keygen: .*--colour[^]*\n\nsallyport keygen \[-t/);
  const missing = await sallyport("keygen", "-y", "-f", "/nowhere/key");
  assert.deepEqual(missing, {
    status: 1,
    printed: "",
    complained: "sallyport keygen: /nowhere/key does not exist: name the file with -f.",
  });
});

test("a Node that is too old is told so in one line", () => {
  for (const version of ["18.20.8", "20.20.0", "23.11.1", "4.9.1"]) {
    assert.match(
      complaintAbout(version)!,
      new RegExp(`^sallyport needs Node 24 or newer, and this is ${version}\\..*$`),
    );
  }
  for (const version of ["24.0.0", "24.21.0", "26.10.0", "100.0.0"]) assert.equal(complaintAbout(version), undefined);
});
