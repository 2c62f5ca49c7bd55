import type { Client } from "../../../server/index.ts";
import type { CommandDefinition } from "../../definition.ts";
import { command } from "../../definition.ts";
import { Tally } from "../../sudo/tally.ts";
import type { AccountAdministration } from "./administration.ts";
import type { SystemHost } from "../host.ts";
import { orSay, refuse } from "../refusal.ts";

/** Wrong passwords of one user, in whichever session, and how long he has to wait then, in seconds. */
const TRIES = 3;
const WAIT = 60;

/** `passwd`: a user changes his own password, and is asked for the one of now. */
export function passwd<State>(
  name: string,
  { options }: SystemHost<State>,
  accounts: AccountAdministration,
): CommandDefinition<State> {
  const tally = new Tally(TRIES, WAIT);
  return command({
    name,
    summary: "Changes your password",
    description: "Whoever else is in by your account is thrown out.",
    run: (client: Client<State>, _, { signal }) =>
      orSay(client, "AccountError", async () => {
        const user =
          accounts.accountOf === undefined ? await options.nameOf(client) : (await accounts.accountOf(client))?.name;
        const account = user === undefined ? undefined : await accounts.get(user);
        if (account === undefined) return refuse(client, "You have no account here.");
        if (account.hasPassword && !(await hasProved(client, accounts, account.name, tally, signal))) return 1;
        const password = await newPassword(client, signal);
        if (password === undefined) return 1;
        await accounts.setPassword(account.name, password, { keep: client });
        client.sendln("Your password has been changed.");
        return 0;
      }),
  });
}

/** Asks for a new password twice; on a pipe once. Undefined when the two differ. */
export async function newPassword<State>(client: Client<State>, signal: AbortSignal): Promise<string | undefined> {
  const password = await client.password("New password: ", { signal });
  if (client.pty === undefined || password === (await client.password("Once more: ", { signal }))) return password;
  refuse(client, "The two differ: nothing was changed.");
  return undefined;
}

async function hasProved<State>(
  client: Client<State>,
  accounts: AccountAdministration,
  user: string,
  tally: Tally,
  signal: AbortSignal,
): Promise<boolean> {
  const waits = tally.waits(user, Date.now());
  if (waits > 0) {
    refuse(client, `Too many wrong passwords: try again in ${waits} seconds.`);
    return false;
  }
  const password = await client.password("Current password: ", { signal });
  if (tally.take(user, Date.now()) && (await accounts.verifyPassword(user, password))) {
    tally.clear(user);
    return true;
  }
  refuse(client, "That is not your password: nothing was changed.");
  return false;
}
