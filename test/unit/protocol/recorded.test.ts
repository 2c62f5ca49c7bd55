import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { FIXTURES, predictable, record, script } from "./recording.ts";
import type { Turn } from "./recording.ts";

const turns = JSON.parse(readFileSync(new URL("handshake.json", FIXTURES), "utf8")) as Turn[];

describe("a recorded connection", () => {
  test("is answered to the byte as it was when it was recorded", () => {
    const link = predictable();
    link.app.echo = true;
    const answers = turns.map(({ client }) => {
      link.server.receive(Buffer.from(client, "hex"), 0);
      return Buffer.from(link.toClient()).toString("hex");
    });
    assert.deepEqual(
      answers,
      turns.map(({ server }) => server),
    );
  });

  test("is answered alike when its bytes come one at a time", () => {
    const link = predictable();
    link.app.echo = true;
    const answer: Uint8Array[] = [];
    for (const byte of Buffer.from(turns.map(({ client }) => client).join(""), "hex")) {
      link.server.receive(Uint8Array.of(byte), 0);
      answer.push(link.toClient());
    }
    assert.equal(Buffer.concat(answer).toString("hex"), turns.map(({ server }) => server).join(""));
  });

  test("is made of the script that stands beside it, with a client that checks every answer", () => {
    assert.equal(turns.length, script.length);
    assert.deepEqual(record(), turns);
  });

  test("holds a login, a session, new keys in the middle, and an end for a violation", () => {
    const link = predictable();
    for (const { client } of turns) link.server.receive(Buffer.from(client, "hex"), 0);
    assert.deepEqual(link.app.logins, ["alice by password"]);
    assert.deepEqual(
      link.app.sessions.map(({ requests }) => requests),
      [[{ type: "shell" }]],
    );
    assert.deepEqual(
      link.app.algorithms.map(({ names }) => names.cipherIn),
      ["aes256-ctr", "aes128-gcm@openssh.com"],
    );
    assert.equal(link.end?.by, "violation");
  });
});
