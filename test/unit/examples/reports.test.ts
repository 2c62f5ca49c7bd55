import assert from "node:assert/strict";
import test from "node:test";
import { OpenBit, Packet, Status } from "../../../src/files/sftp/wire/numbers.ts";
import { string } from "../../sftp/index.ts";
import { sftpOn } from "../files/sftp-visitor.ts";
import { FakeDoor } from "../server/fake-door.ts";
import { loadExample } from "./example.ts";

test("reports: ten lines are a file system that is listed, read and not written to", async (t) => {
  const ssh = await loadExample(t, "reports");
  const door = new FakeDoor();
  await ssh.open(door);
  const connection = await door.arrive();
  connection?.admit("alice");
  const client = await sftpOn(connection?.open() ?? assert.fail());
  await client.begin();
  const names = (await client.list("/")).map(({ name, longname }) => [String(name), String(longname).slice(0, 10)]);
  assert.deepEqual(names, [
    ["today.txt", "-r--r--r--"],
    ["memory.json", "-r--r--r--"],
  ]);
  assert.match(String(await client.content("/today.txt")), /^Today is \w{3} \w{3} \d{2} \d{4}\.\n$/);
  assert.ok(JSON.parse(String(await client.content("/memory.json"))).rss > 0);
  const { handle } = await client.open("/today.txt", OpenBit.READ);
  assert.equal((await client.read(handle, 10_000, 10)).status, Status.EOF);
  assert.equal((await client.open("/other.txt", OpenBit.READ)).status, Status.NO_SUCH_FILE);
  assert.equal((await client.open("/today.txt", OpenBit.WRITE)).status, Status.PERMISSION_DENIED);
  assert.equal(await client.status(Packet.REMOVE, string("/today.txt")), Status.OP_UNSUPPORTED);
});
