import { Server } from "sallyport";

const ssh = new Server({ allowAnyone: true });

ssh.onUser("connect", (client) => client.sendln(`Welcome, ${client.username}!`));

ssh.onUser("command", (client, command) => {
  if (command === "hello") client.sendln("world!");
});

await ssh.run({ port: 2222 });
