/** Where guests arrive: they log in, sign up, or stay guests. */
import { escapeControls } from "sallyport";
import type { Client } from "sallyport";
import { AccountError } from "sallyport/accounts";
import type { Accounts } from "sallyport/accounts";

const CHOICES = [
  { label: "Log in", value: logIn },
  { label: "Sign up", value: signUp },
  { label: "Look around as a guest", value: lookAround },
  { label: "Leave", value: undefined },
];

/** Asks a guest what it is to be, until that is clear. Gives whether he stays. */
export async function receive(client: Client, accounts: Accounts): Promise<boolean> {
  client.sendln("You are here as a guest. What you do is gone when you leave.");
  for (;;) {
    const act = await client.choose("What may it be?", CHOICES);
    if (act === undefined) return false;
    const fault = await act(client, accounts);
    if (fault === undefined) return true;
    client.sendln(fault);
  }
}

/** Gives what was wrong, or undefined when all is well. */
type Act = (client: Client, accounts: Accounts) => Promise<string | undefined>;

async function logIn(...[client, accounts]: Parameters<Act>): Promise<string | undefined> {
  const name = await client.ask("Name: ");
  const password = await client.password();
  if (await accounts.signIn(client, name, { password })) return undefined;
  // An account that asks for a code is no other than one that there is not, as long as it was not given.
  const code = await client.ask("Code of your authenticator app, if you have one: ");
  if (code !== "" && (await accounts.signIn(client, name, { password, code }))) return undefined;
  return "That does not open any account.";
}

async function signUp(...[client, accounts]: Parameters<Act>): Promise<string | undefined> {
  const name = await client.ask("Choose a name: ");
  const password = await client.password("Choose a password: ");
  if (password !== (await client.password("Once more: "))) return "The two differ.";
  try {
    using spinner = client.spinner("Making your account …");
    const account = await accounts.signUp(client, name, { password });
    spinner.succeed(`Welcome, ${escapeControls(account.name)}!`);
    return undefined;
  } catch (error) {
    if (error instanceof AccountError) return error.message;
    throw error;
  }
}

async function lookAround(): Promise<undefined> {
  return undefined;
}
