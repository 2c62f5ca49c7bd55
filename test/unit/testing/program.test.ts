import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { Program } from "../../../src/testing/openssh/program.ts";

const lacking = spawnSync("python3", ["--version"]).error === undefined ? false : "there is no python3";

test(
  "what is typed waits for a program that first wants its output read, and holds it up no more than the other way round",
  { skip: lacking },
  async () => {
    // Far more than a terminal holds, each way.
    const script =
      "stty raw -echo; echo ready; head -c 500000 /dev/zero | tr '\\0' x; head -c 300000 | tr -d y | wc -c";
    const program = new Program("sh", ["-c", script], { env: {}, size: { columns: 80, rows: 24 } });
    let shown = "";
    program.listen((bytes) => {
      if (shown === "") program.send(Buffer.alloc(300_000, "z"));
      shown += Buffer.from(bytes).toString();
    });
    assert.equal(await program.over, 0);
    assert.equal(shown.match(/x/g)?.length, 500_000);
    assert.match(shown, /300000\s*$/);
  },
);
