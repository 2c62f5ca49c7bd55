// The bench service on Sallyport: sallyport.ts PORT HOST_KEY_FILE AUTHORIZED_KEY_FILE [FOLDER_TO_SERVE]
import { readFileSync } from "node:fs";

import { directory, serveFiles } from "../../src/files/index.ts";
import { Server, type Client } from "../../src/index.ts";

const chunk = new Uint8Array(64 * 1024);
const [port, hostKeyFile, authorizedKeyFile, folder = ""] = process.argv.slice(2) as [string, string, string, string?];
const authorized = Buffer.from(readFileSync(authorizedKeyFile, "utf8").split(" ")[1] ?? "", "base64");
const unlimited = 100_000;
const isEditor = process.env["BENCH_EDITOR"] !== undefined;

const server = new Server({
  port: Number(port),
  hostKeys: hostKeyFile,
  useExternalAuth: true,
  authMethods: ["publickey"],
  inputSystem: isEditor,
  log: false,
  penalties: false,
  limits: {
    maxStartups: { start: unlimited, full: unlimited },
    perSourceMaxStartups: unlimited,
    maxConnections: unlimited,
  },
});

server.onUser(
  "auth",
  (data) => data.username === "bench" && data.method === "publickey" && authorized.equals(data.key.blob),
);

if (isEditor) {
  server.onUser("command", () => undefined);
} else {
  server.onUser("rawtype", (client, key) => {
    client.send(key);
  });
}

server.onUser("exec", (client, command) => {
  const [name, count] = command.split(" ");
  if (name === "down") return down(client, Number(count));
  return name === "up" ? up(client) : 127;
});

if (folder !== "") serveFiles(server, { fileSystem: () => directory(folder) });

// A profile is written when the process leaves by itself.
process.once("SIGTERM", () => process.exit(0));
await server.run();

async function down(client: Client, mebibytes: number): Promise<number> {
  for (let left = (mebibytes * 1024 * 1024) / chunk.length; left > 0; left -= 1) {
    if (!client.stdout.write(chunk)) await new Promise((resolve) => client.stdout.once("drain", resolve));
  }
  return 0;
}

async function up(client: Client): Promise<number> {
  let received = 0;
  for await (const bytes of client.stdin) received += (bytes as Uint8Array).length;
  client.sendln(String(received));
  return 0;
}
