import type * as pg from "pg";
import { AccountError } from "../error.ts";

/** The package that speaks with PostgreSQL. */
export type Pg = typeof pg;

/** @throws AccountError `MISSING_PACKAGE` that says how to install it. */
export async function loadPg(load: () => Promise<Pg> = () => import("pg")): Promise<Pg> {
  try {
    return await load();
  } catch (cause) {
    throw new AccountError("MISSING_PACKAGE", "Accounts in PostgreSQL need the package pg: npm install pg", { cause });
  }
}
