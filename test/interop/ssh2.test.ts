import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Client } from "ssh2";
import type { ClientChannel, ConnectConfig } from "ssh2";
import { keyKinds, testLibrary, until } from "./harness/index.ts";
import type { Sight } from "./harness/index.ts";

type Scenario = (server: Server, ...args: string[]) => Promise<Sight>;

/** Where the server is, and the lines of its host keys. */
interface Server {
  readonly port: number;
  readonly hostKeys: readonly string[];
}

interface Result {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const scenarios: Readonly<Record<string, Scenario>> = {
  async password(server, password) {
    try {
      const client = await connect(server, { password: password ?? "" });
      return { in: true, status: (await runOnce(client, "exit 7")).status };
    } catch (error) {
      if (error instanceof Error && /authentication methods failed/.test(error.message)) return { in: false };
      throw error;
    }
  },

  async key(server, path) {
    return { status: (await runOnce(await connect(server, withKey(path)), "exit 7")).status };
  },

  async questions(server, json = "{}") {
    const answers = Object.entries(JSON.parse(json) as Record<string, string>);
    const rounds: unknown[] = [];
    const client = await connect(server, { username: "carol", tryKeyboard: true }, (questions) => {
      if (questions.length > 0) rounds.push(questions.map(({ prompt, echo }) => [prompt, echo]));
      return questions.map(({ prompt }) => answers.find(([part]) => prompt.includes(part))?.[1] ?? "");
    });
    return { rounds, status: (await runOnce(client, "exit 7")).status };
  },

  async commands(server, path) {
    const client = await connect(server, withKey(path));
    const unknown = await run(client, "reboot");
    const statuses: number[] = [];
    for (const status of [0, 3, 255]) statuses.push((await run(client, `exit ${status}`)).status);
    const piped = (await run(client, "cat", Buffer.from("pipe me\n"))).stdout.toString();
    const env = (await run(client, "env TEST_COLOUR", undefined, { TEST_COLOUR: "rot" })).stdout.toString();
    client.end();
    return { piped, unknown: [unknown.status, unknown.stdout.toString(), unknown.stderr], statuses, env };
  },

  async terminal(server, path) {
    const client = await connect(server, withKey(path));
    const channel = await new Promise<ClientChannel>((resolve, reject) => {
      client.shell({ term: "xterm", cols: 100, rows: 30 }, (error, opened) =>
        error ? reject(error) : resolve(opened),
      );
    });
    let shown = "";
    channel.on("data", (bytes: Buffer) => (shown += bytes.toString()));
    const sees = async (text: string): Promise<void> => {
      await until(`${text} in ${JSON.stringify(shown)}`, () => shown.includes(text));
      shown = shown.slice(shown.indexOf(text) + text.length);
    };
    const exited = once(channel, "exit");
    await sees("> ");
    channel.write("hallo\r");
    await sees("hallo\r\nhallo\r\n");
    channel.setWindow(43, 132, 0, 0);
    await sees("now 132 by 43");
    for (const name of ["INT", "USR1"]) {
      channel.signal(name);
      await sees(`got ${name}`);
    }
    channel.write("\u0004");
    const [status] = (await exited) as [number];
    client.end();
    return { status };
  },

  async bulk(server, path, mebibytes) {
    const client = await connect(server, withKey(path));
    const down = (await run(client, `noise ${mebibytes}`)).stdout;
    const up = (await run(client, "digest", down)).stdout.toString().trim();
    const back = (await run(client, "cat", down)).stdout;
    client.end();
    return { down: sha256(down), up, back: sha256(back) };
  },

  async algorithms(server, path, json = "{}") {
    const kinds = { kex: "kex", ciphers: "cipher", macs: "hmac", keys: "serverHostKey" };
    const lists = JSON.parse(json) as Record<keyof typeof kinds, string[]>;
    const failed: Record<string, string> = {};
    let tried = 0;
    for (const [kind, option] of Object.entries(kinds)) {
      for (const name of lists[kind as keyof typeof kinds]) {
        const cipher = kind === "macs" ? { cipher: ["aes128-ctr"] } : {};
        try {
          const algorithms = { ...cipher, [option]: [name] } as NonNullable<ConnectConfig["algorithms"]>;
          const client = await connect(server, { ...withKey(path), algorithms });
          if ((await runOnce(client, "exit 7")).status !== 7) failed[name] = "another status";
          tried++;
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          if (!message.startsWith("Unsupported algorithm")) failed[name] = message;
        }
      }
    }
    return { failed, tried };
  },
};

testLibrary({
  name: "ssh2",
  keys: keyKinds,
  bulk: 32,
  renewsWhileSending: true,
  signals: ["INT", "USR1"],
  play: (port, hostKeys, scenario, ...args) => scenarios[scenario]!({ port, hostKeys }, ...args),
});

type Question = { readonly prompt: string; readonly echo?: boolean };

function withKey(path: string | undefined): ConnectConfig {
  return { privateKey: readFileSync(path ?? "") };
}

async function connect(
  { port, hostKeys }: Server,
  options: ConnectConfig,
  answer?: (questions: readonly Question[]) => string[],
): Promise<Client> {
  const client = new Client();
  const known = new Set(hostKeys.map((line) => line.split(" ")[1]));
  client.on("keyboard-interactive", (_name, _instruction, _language, prompts, finish) =>
    finish(answer?.(prompts) ?? []),
  );
  const ready = new Promise<void>((resolve, reject) => {
    client.once("ready", resolve);
    client.on("error", reject);
  });
  client.connect({
    host: "127.0.0.1",
    port,
    username: "alice",
    readyTimeout: 60_000,
    hostVerifier: (key: Buffer) => known.has(key.toString("base64")),
    ...options,
  });
  await ready;
  return client;
}

async function runOnce(client: Client, command: string): Promise<Result> {
  const result = await run(client, command);
  client.end();
  return result;
}

function run(client: Client, command: string, input?: Buffer, env: Record<string, string> = {}): Promise<Result> {
  return new Promise((resolve, reject) => {
    client.exec(command, { env }, (error, channel) => {
      if (error) {
        reject(error);
        return;
      }
      const stdout: Buffer[] = [];
      let stderr = "";
      let status = -1;
      channel.on("data", (bytes: Buffer) => stdout.push(bytes));
      channel.stderr.on("data", (bytes: Buffer) => (stderr += bytes.toString()));
      channel.on("exit", (code: number) => (status = code));
      channel.on("close", () => resolve({ status, stdout: Buffer.concat(stdout), stderr }));
      channel.end(input);
    });
  });
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
