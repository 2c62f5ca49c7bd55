import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeFolder, run, startSubject, until } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";
import { config, sshArguments } from "./client.ts";

test("ten sessions of ssh share one connection, and an eleventh is refused", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  const ControlPath = join(makeFolder(), "master");
  const master = spawn(ssh, ["-M", "-N", ...config({ ControlPath }), ...sshArguments(subject)], { stdio: "ignore" });
  t.after(() => master.kill());
  await until("the control socket", () => existsSync(ControlPath));

  const shared = [...config({ ControlPath, ControlMaster: "no" }), ...sshArguments(subject)];
  const sessions = Array.from({ length: 10 }, () => spawn(ssh, [...shared, "cat"]));
  t.after(() => sessions.forEach((session) => session.kill()));
  const answers = sessions.map((session) => {
    let answer = "";
    session.stdout.on("data", (bytes: Buffer) => (answer += bytes.toString()));
    return () => answer;
  });
  sessions.forEach((session, index) => session.stdin.write(`I am ${index}\n`));
  await until("ten answers", () => answers.every((answer, index) => answer() === `I am ${index}\n`));

  const clients = [...subject.server.clients];
  assert.equal(clients.length, 10);
  assert.equal(new Set(clients.map((client) => client.connection)).size, 1);

  // When the master is refused, ssh tries a connection of its own; a proxy that ends at once keeps it from that.
  const eleventh = await run(ssh, [...config({ ProxyCommand: "false" }), ...shared, "exit", "3"]);
  assert.match(eleventh.stderr, /session request failed: Session open refused by peer/);
  assert.equal(eleventh.status, 255);

  const ends = sessions.map((session) => new Promise((resolve) => session.once("close", resolve)));
  for (const session of sessions) session.stdin.end();
  assert.deepEqual(
    await Promise.all(ends),
    Array.from({ length: 10 }, () => 0),
  );
  const { status } = await run(ssh, [...shared, "exit", "3"]);
  assert.equal(status, 3, "the connection takes new sessions when old ones have gone");
});
