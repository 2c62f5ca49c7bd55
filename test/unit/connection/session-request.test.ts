import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SIGNALS } from "../../../src/connection/index.ts";
import { SessionRequests } from "../../../src/connection/session-request.ts";
import type { Reading } from "../../../src/connection/session-request.ts";
import { messages, ProtocolError, Writer } from "../../../src/wire/index.ts";
import { bytes } from "./peer.ts";

const none = new Uint8Array(0);

interface PtyFields {
  term?: string;
  width?: number;
  height?: number;
  pixelWidth?: number;
  pixelHeight?: number;
  modes?: Uint8Array;
}
const pty = (fields: PtyFields = {}): Uint8Array =>
  messages.ptyRequest.encode({
    term: "xterm",
    width: 100,
    height: 30,
    pixelWidth: 800,
    pixelHeight: 600,
    modes: Buffer.from([0x35, 0, 0, 0, 1, 0]),
    ...fields,
  });
const size = (width: number, height: number): Uint8Array =>
  messages.windowChangeRequest.encode({ width, height, pixelWidth: 0, pixelHeight: 0x10000 });
const env = (name: string, value: string): Uint8Array => messages.envRequest.encode({ name, value });
const exec = (command: string | Uint8Array): Uint8Array => messages.execRequest.encode({ command: bytes(command) });
const signal = (name: string): Uint8Array => messages.signalRequest.encode({ signal: name });
const x11 = (protocol: string, cookie: string): Uint8Array =>
  new Writer().boolean(true).utf8(protocol).utf8(cookie).uint32(1).finish();

/** Reads a request and grants it. */
function grant(requests: SessionRequests, type: string, data: Uint8Array = none): Reading {
  const reading = requests.read(type, data);
  if (typeof reading !== "string") requests.granted(reading);
  return reading;
}

/** A session in which these have been granted. */
function after(...granted: [type: string, data?: Uint8Array][]): SessionRequests {
  const requests = new SessionRequests();
  for (const [type, data] of granted) assert.notEqual(grant(requests, type, data), "refused");
  return requests;
}

describe("pty-req", () => {
  const read = (fields: PtyFields): Reading => new SessionRequests().read("pty-req", pty(fields));

  test("tells the terminal, its size and its modes", () => {
    assert.deepEqual(read({}), {
      type: "pty-req",
      term: "xterm",
      width: 100,
      height: 30,
      pixelWidth: 800,
      pixelHeight: 600,
      modes: new Map([["ECHO", 1]]),
    });
  });

  test("without a size is 80 by 24, and sizes are never above 65535", () => {
    const untold = read({ width: 0, height: 0, pixelWidth: 0, pixelHeight: 0 });
    assert.deepEqual(untold, { ...Object(read({})), width: 80, height: 24, pixelWidth: 0, pixelHeight: 0 });
    const all = 0xffffffff;
    const huge = read({ width: all, height: all, pixelWidth: all, pixelHeight: all });
    const most = 65535;
    assert.deepEqual(huge, { ...Object(read({})), width: most, height: most, pixelWidth: most, pixelHeight: most });
  });

  test("is refused for a TERM with control characters, spaces or a slash; an empty one is none of ours to judge", () => {
    for (const term of ["\u001b[31m\0", "a b", "../../etc/passwd", "xtérm"]) assert.equal(read({ term }), "refused");
    for (const term of ["", "screen.xterm-256color", "xterm+256color"]) assert.equal(Object(read({ term })).term, term);
  });

  test("comes once, and before the program", () => {
    assert.equal(after(["pty-req", pty()]).read("pty-req", pty()), "refused");
    assert.equal(after(["shell"]).read("pty-req", pty()), "refused");
  });

  test("may come again if the first was not granted", () => {
    const requests = new SessionRequests();
    requests.read("pty-req", pty());
    assert.notEqual(requests.read("pty-req", pty()), "refused");
  });
});

describe("window-change", () => {
  test("needs a terminal", () => {
    assert.equal(new SessionRequests().read("window-change", size(1, 1)), "refused");
  });

  test("clamps, and ignores a dimension of zero", () => {
    const requests = after(["pty-req", pty()], ["shell"]);
    const pixels = { pixelWidth: 0, pixelHeight: 65535 };
    const wide = { type: "window-change", width: 65535, height: 30, ...pixels };
    assert.deepEqual(grant(requests, "window-change", size(0xffffffff, 0)), wide);
    const high = { type: "window-change", width: 65535, height: 50, ...pixels };
    assert.deepEqual(grant(requests, "window-change", size(0, 50)), high);
  });
});

describe("env", () => {
  test("tells name and value", () => {
    assert.deepEqual(new SessionRequests().read("env", env("LC_ALL", "de_DE")), {
      type: "env",
      name: "LC_ALL",
      value: "de_DE",
    });
  });

  test("is refused for what is not a variable's name, and for NUL in the value", () => {
    const names = ["", "A=B", "A\0B", "1A", "A-B", "--split-string", "Ä", " A", "A\n", "A".repeat(65)];
    for (const name of names) assert.equal(new SessionRequests().read("env", env(name, "x")), "refused");
    assert.equal(new SessionRequests().read("env", env("A", "x\0y")), "refused");
  });

  test("__proto__ is a name like others", () => {
    assert.deepEqual(new SessionRequests().read("env", env("__proto__", "x")), {
      type: "env",
      name: "__proto__",
      value: "x",
    });
  });

  test("comes before the program", () => {
    assert.equal(after(["shell"]).read("env", env("A", "x")), "refused");
  });
});

describe("a program", () => {
  test("shell, exec and subsystem tell what to run", () => {
    assert.deepEqual(new SessionRequests().read("shell", none), { type: "shell" });
    const raw = Buffer.from("a\0b\xff", "latin1");
    const run = { type: "exec", command: "a\0b\ufffd", raw };
    assert.deepEqual(new SessionRequests().read("exec", exec(raw)), run);
    const subsystem = messages.subsystemRequest.encode({ name: "sftp" });
    assert.deepEqual(new SessionRequests().read("subsystem", subsystem), { type: "subsystem", name: "sftp" });
  });

  test("with fields that it does not have ends the connection", () => {
    for (const type of ["shell", "auth-agent-req@openssh.com", "eow@openssh.com"]) {
      assert.throws(() => new SessionRequests().read(type, bytes("x")), ProtocolError);
    }
  });

  test("runs once on a channel", () => {
    const subsystem = messages.subsystemRequest.encode({ name: "sftp" });
    const programs: [string, Uint8Array][] = [
      ["shell", none],
      ["exec", exec("true")],
      ["subsystem", subsystem],
    ];
    for (const first of programs) {
      for (const [type, data] of programs) assert.equal(after(first).read(type, data), "refused");
    }
  });

  test("that was not granted makes room for another", () => {
    const requests = new SessionRequests();
    requests.read("shell", none);
    assert.notEqual(requests.read("exec", exec("true")), "refused");
  });

  test("a subsystem has a name of printable US-ASCII", () => {
    for (const name of ["", "sf\0tp", "a b", "x".repeat(65)]) {
      const data = messages.subsystemRequest.encode({ name });
      assert.equal(new SessionRequests().read("subsystem", data), "refused");
    }
  });
});

describe("signal and break", () => {
  test("reach a command that runs", () => {
    for (const requests of [after(["shell"]), after(["exec", exec("sleep 1")])]) {
      assert.deepEqual(requests.read("signal", signal("INT")), { type: "signal", signal: "INT" });
      const data = messages.breakRequest.encode({ milliseconds: 500 });
      assert.deepEqual(requests.read("break", data), { type: "break", milliseconds: 500 });
    }
  });

  test("are refused before the program and for a subsystem", () => {
    const subsystem = after(["subsystem", messages.subsystemRequest.encode({ name: "sftp" })]);
    for (const requests of [new SessionRequests(), subsystem]) {
      assert.equal(requests.read("signal", signal("INT")), "refused");
      assert.equal(requests.read("break", messages.breakRequest.encode({ milliseconds: 500 })), "refused");
    }
  });

  test("only the signals of RFC 4254 §6.10 are ones", () => {
    const requests = after(["shell"]);
    for (const name of SIGNALS) assert.notEqual(requests.read("signal", signal(name)), "refused");
    for (const name of ["BOGUS", "", "SIGKILL", "__proto__", "\u00ff", "9", "STOP", "int"]) {
      assert.equal(requests.read("signal", signal(name)), "refused");
    }
  });
});

describe("x11-req and auth-agent-req", () => {
  test("tell what RFC 4254 §6.3.1 says", () => {
    assert.deepEqual(new SessionRequests().read("x11-req", x11("MIT-MAGIC-COOKIE-1", "00fF")), {
      type: "x11-req",
      singleConnection: true,
      protocol: "MIT-MAGIC-COOKIE-1",
      cookie: "00fF",
      screen: 1,
    });
    const type = "auth-agent-req@openssh.com";
    assert.deepEqual(new SessionRequests().read(type, none), { type });
  });

  test("a cookie is hexadecimal and a protocol is a name: xauth takes commands on its input", () => {
    for (const [protocol, cookie] of [
      ["MIT", "00\nsource /etc/passwd"],
      ["MIT\n", "00"],
      ["", "00"],
      ["MIT", "0"],
    ]) {
      assert.equal(new SessionRequests().read("x11-req", x11(protocol!, cookie!)), "refused");
    }
  });

  test("come before the program", () => {
    assert.equal(after(["shell"]).read("x11-req", x11("MIT", "00")), "refused");
    assert.equal(after(["shell"]).read("auth-agent-req@openssh.com", none), "refused");
  });
});
