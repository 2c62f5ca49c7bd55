import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { sqliteStore } from "../../../../src/accounts/index.ts";
import { testAccountStore } from "../../../conformance/account-store.ts";
import { makeFolder } from "../folder.ts";

const folder = makeFolder();

testAccountStore("SQLite", () => Promise.resolve(sqliteStore(join(folder, `${randomUUID()}.sqlite`))));
