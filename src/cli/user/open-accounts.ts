import { existsSync } from "node:fs";
import { Accounts, memoryStore, postgresStore, sqliteStore } from "../../accounts/index.ts";
import type { AccountStore, NameRule } from "../../accounts/index.ts";
import { Failure, UsageError } from "../verb.ts";
import type { Given } from "./arguments.ts";
import type { UserVerb } from "./verb.ts";

const DEFAULT_STORE = ".sallyport/accounts.sqlite";
const VARIABLE = "SALLYPORT_STORE";

/**
 * The accounts of the store that the command line or the environment names.
 *
 * @throws {UsageError} {Failure} ConfigError
 */
export function openAccounts(given: Given, verb: UserVerb): Accounts {
  return new Accounts({ names: ruleIn(given), store: storeOf(given, verb) });
}

/** Accounts that are kept nowhere, to try whether an account can be made. */
export function trialAccounts(given: Pick<Given, "value">): Accounts {
  return new Accounts({ store: memoryStore(), names: ruleIn(given) });
}

function ruleIn(given: Pick<Given, "value">): NameRule {
  const rule = given.value("names") ?? "ascii";
  if (rule === "ascii" || rule === "unicode") return rule;
  throw new UsageError("--names is ascii or unicode.");
}

function storeOf(given: Given, verb: UserVerb): AccountStore {
  const schema = given.value("schema");
  const argument = given.value("store");
  const place = argument ?? (process.env[VARIABLE] || DEFAULT_STORE);
  if (place === "") throw new UsageError("--store needs a file or a URL.");
  if (/^\w+:\/\//.test(place)) {
    if (argument !== undefined && hasPassword(argument)) {
      throw new UsageError(
        `--store would show the password to everybody on this machine: leave it out and set PGPASSWORD, or put the whole URL into ${VARIABLE}.`,
      );
    }
    return postgresStore({ url: place, ...(schema !== undefined && { schema }) });
  }
  if (schema !== undefined) throw new UsageError("--schema is for PostgreSQL.");
  if (verb.makesStore !== true && !existsSync(place)) {
    throw new Failure(`there are no accounts at ${place}: name their store by --store or ${VARIABLE}.`);
  }
  return sqliteStore(place);
}

function hasPassword(url: string): boolean {
  return /^\w+:\/\/[^@/?#]*:[^@]*@/.test(url) || /[?&]password=/i.test(url);
}
