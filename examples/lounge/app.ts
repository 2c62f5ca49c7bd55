/**
 * A lounge with everything in it: accounts, sign-up and login from inside, codes of an authenticator app, modules that can be
 * reloaded while guests are there, dialogs, progress, a list of who is here, and the door. Start it with
 * `node examples/lounge/app.ts`, or with `sallyport dev examples/lounge/app.ts`, and visit it:
 *
 *     ssh -p 2222 localhost -l guest
 *
 * At the first start it prints the password of `admin`, who may do everything.
 */
import { randomBytes } from "node:crypto";
import { escapeControls, formatEntry, Server } from "sallyport";
import type { LogEntry } from "sallyport";
import { Accounts } from "sallyport/accounts";
import { Commands, defineModule, Modules, systemCommands } from "sallyport/commands";
import { codesFor } from "./codes.ts";
import type { People } from "./people.ts";
import { receive } from "./reception.ts";

const accounts = new Accounts({
  roles: { member: ["lounge.*"], admin: ["*"] },
  guests: { name: "guest" },
  signUp: { keys: false, passwords: true, settings: { roles: ["member"] } },
  issuer: "Lounge",
});

const entries: LogEntry[] = [];
const ssh = new Server({
  auth: accounts.authenticators(),
  history: accounts.history(),
  banner: "Welcome to the lounge! Guests press Enter, and whoever takes a name that is free may choose a password.\n",
  log: (entry) => {
    if (entries.push(entry) > 500) entries.shift();
    if (/warn|error/.test(entry.level)) console.error(formatEntry(entry));
  },
});
accounts.serve(ssh);

const people: People = {
  nameOf: async (client) => escapeControls((await accounts.accountOf(client))?.name ?? client.username),
};

ssh.onUser("preshell", async (client) => {
  if ((await accounts.accountOf(client))?.guest === true && !(await receive(client, accounts))) return client.exit();
  const name = await people.nameOf(client);
  client.setPrompt(`${name}@lounge:~$ `);
  client.title(`${name}@lounge`);
  const before = await accounts.loginBefore(client);
  if (before !== undefined) client.sendln(`Your last visit was on ${new Date(before.at).toUTCString()}.`);
  client.sendln(`Hello ${name}! ${client.link("Where am I?", "https://en.wikipedia.org/wiki/Sally_port")}`);
  client.sendln("Type help for what there is.");
});

ssh.onUser("error", async (client, error) => {
  client.stderr.write("Something went wrong.\n");
  // What went wrong in the code is for those who write it.
  const isOne = await accounts.may(client, "staff.debug");
  if (isOne && error instanceof Error)
    client.stderr.write(`${escapeControls(String(error.stack)).replaceAll("\\n", "\n")}\n`);
});

const commands = new Commands({ may: accounts.may, sudo: accounts.sudo });
commands.mount(ssh);

commands.add({
  name: "otp",
  summary: "Has your next logins ask for a code of an authenticator app",
  category: "Account",
  permission: "lounge.account",
  run: async (client, _, { signal }) => codesFor(client, accounts, await people.nameOf(client), signal),
});

commands.add({
  name: "dmesg",
  summary: "Shows the log",
  category: "System",
  permission: "staff.log",
  pager: true,
  async run(client) {
    for (const entry of entries) {
      client.sendln(formatEntry(entry));
      await client.drained();
    }
  },
});

commands.add({
  name: "shutdown",
  summary: "Closes the lounge for everybody",
  category: "System",
  sudo: true,
  run: () => void leave("The lounge closes."),
});

const modules = new Modules({ server: ssh, commands });
await modules.add(systemCommands({ may: accounts.may, accounts, modules, nameOf: people.nameOf, hostname: "lounge" }));
await modules.add(defineModule({ name: "people", setup: () => people }));
await modules.load(new URL("./modules/", import.meta.url));

async function leave(message: string): Promise<void> {
  await ssh.close({ message });
  await modules.close();
  await accounts.close();
}
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void leave("The lounge closes."));

if ((await accounts.get("admin")) === undefined) {
  const password = process.env["LOUNGE_PASSWORD"] ?? randomBytes(12).toString("base64url");
  await accounts.add("admin", { password, roles: ["admin"], sudo: true });
  console.log(`The password of admin is ${password}, and this is the only time that it is shown.`);
}
const { port } = await ssh.run({ port: Number(process.env["PORT"] ?? 2222) });
console.log(`The lounge is open. In another window: ssh -p ${port} localhost -l guest`);
