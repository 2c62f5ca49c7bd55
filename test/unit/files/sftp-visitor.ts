import assert from "node:assert/strict";
import { SftpClient } from "../../sftp/index.ts";
import { settle } from "../server/fake-door.ts";
import type { FakeSession } from "../server/fake-door.ts";

/** A client of SFTP on a session of a door without a network; it has not greeted. */
export async function sftpOn(session: FakeSession): Promise<SftpClient> {
  const client = new SftpClient((bytes) => session.events.input(bytes));
  const write = session.write.bind(session);
  session.write = (bytes, stream) => {
    // What the server is told has left is its own again.
    if (stream === "stdout") client.receive(bytes.slice());
    return write(bytes, stream);
  };
  assert.ok(session.events.subsystem("sftp"));
  await settle();
  return client;
}
