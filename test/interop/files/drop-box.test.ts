import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startExample } from "../../unit/examples/example.ts";
import { makeFolder, run, Terminal, userKeyFile } from "../harness/index.ts";
import { config } from "../openssh/client.ts";
import { requirePeer } from "../peers.ts";

const OPTIONS = config({
  UserKnownHostsFile: "/dev/null",
  StrictHostKeyChecking: "no",
  LogLevel: "ERROR",
  IdentitiesOnly: "yes",
});

test("the drop box takes files by scp, scp -O, sftp and rsync, and hands one on by a link, once", async (t) => {
  const programs = (["ssh", "scp", "sftp", "rsync", "python3"] as const).map((name) => requirePeer(t, name) ?? "");
  if (programs.includes("")) return;
  const [ssh = "", scp = "", sftp = "", rsync = ""] = programs;
  const { port } = await startExample(t, "drop-box");
  const login = ["-F", "none", ...OPTIONS, "-o", `Port=${port}`, "-o", `IdentityFile=${userKeyFile("ed25519")}`];
  const here = makeFolder();
  const ok = async (command: string, args: readonly string[], input = ""): Promise<string> => {
    const { status, stdout, stderr } = await run(command, args, { input });
    assert.deepEqual([status, stderr], [0, ""], `${command} ${args.join(" ")}`);
    return stdout;
  };
  for (const way of ["new", "old", "batch", "delta"]) writeFileSync(join(here, way), `by ${way}`);
  await ok(scp, ["-q", ...login, join(here, "new"), "localhost:"]);
  await ok(scp, ["-O", "-q", ...login, join(here, "old"), "localhost:"]);
  await ok(sftp, ["-q", ...login, "-b", "-", "localhost"], `put ${join(here, "batch")}\n`);
  await ok(rsync, ["-e", [ssh, ...login].join(" "), join(here, "delta"), "localhost:"]);
  const listed = await ok(ssh, [...login, "localhost", "list"]);
  const names = [...listed.matchAll(/^ *(batch|delta|new|old) /gm)].map(([, name = ""]) => name);
  assert.deepEqual(names.toSorted(), ["batch", "delta", "new", "old"]);

  const terminal = new Terminal(120, 30, ssh, ["-t", ...login, "localhost"]);
  t.after(() => terminal.kill());
  await terminal.sees("Your files");
  terminal.type("old\r");
  await terminal.sees("make a link");
  terminal.type("\r");
  await terminal.sees(" > old");
  const [, code = ""] = /get ([0-9a-f]{30}) > old/.exec(terminal.output) ?? [];

  const stranger = ["-F", "none", ...OPTIONS, "-p", String(port), "-i", userKeyFile("ecdsa-256"), "localhost"];
  assert.equal(await ok(ssh, [...stranger, "get", code]), "by old");
  const again = await run(ssh, [...stranger, "get", code]);
  assert.deepEqual([again.status, again.stdout], [1, ""]);
  assert.match(again.stderr, /has been used/);
  assert.equal(await ok(ssh, [...stranger, "list"]), "Your box is empty.\n");

  const back = makeFolder();
  await ok(rsync, ["-e", [ssh, ...login].join(" "), "-r", "localhost:./", back]);
  assert.deepEqual(readdirSync(back).toSorted(), ["batch", "delta", "new", "old"]);
  assert.equal(readFileSync(join(back, "new"), "utf8"), "by new");
});
