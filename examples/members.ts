/**
 * A club: a name belongs to the first key that comes under it, and members are known again. The founder sees all of them.
 *
 *     node --conditions=sallyport-source examples/members.ts
 *     ssh -p 2222 ada@localhost
 */
import { Server } from "sallyport";
import { Accounts } from "sallyport/accounts";

const accounts = new Accounts({ signUp: true, roles: { founder: ["members.*"] } });
const ssh = new Server({ auth: accounts.authenticators(), history: accounts.history() });
accounts.serve(ssh);

ssh.onUser("connect", async (client) => {
  const before = await accounts.loginBefore(client);
  if (before === undefined) client.sendln(`Welcome to the club, ${client.username}.`);
  else client.sendln(`Welcome back, ${client.username}. You were here from ${before.address}.`);
});

ssh.onUser("command", async (client, command) => {
  if (command === "found") {
    for await (const { name, roles } of accounts.list()) {
      if (roles.includes("founder")) return client.sendln(`${name} was first.`);
    }
    await accounts.update(client.username, { roles: ["founder"] });
    return client.sendln("The club is yours.");
  }
  if (!(await accounts.may(client, "members.list"))) return client.sendln("That is the founder's.");
  for await (const { name, keys } of accounts.list()) client.sendln(`${name}, ${keys.length} key`);
});

await ssh.run({ port: 2222 });
