/** Sets up the codes of an authenticator app. */
import type { Client } from "sallyport";
import type { Accounts } from "sallyport/accounts";

/** Gives the exit status of the command. */
export async function codesFor(client: Client, accounts: Accounts, name: string, signal: AbortSignal): Promise<number> {
  const { secret, uri } = await accounts.newTotp(name);
  client.sendln(`Give this secret to your app: ${secret}`);
  client.sendln(client.link("Or open it there.", uri));
  const code = await client.ask("The code that it shows: ", { signal });
  if (!(await accounts.setTotp(name, secret, code))) {
    client.stderr.write("That is not the code of this secret: nothing was changed.\n");
    return 1;
  }
  const codes = await accounts.newRecoveryCodes(name);
  await client.alert(`Keep these for when you lose it. Each is good once.\n\n${codes.join("\n")}`, {
    title: "Recovery codes",
  });
  client.sendln("From now on a login asks for a code.");
  return 0;
}
