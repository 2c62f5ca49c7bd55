import { memoryStore } from "../../../../src/accounts/index.ts";
import { testAccountStore } from "../../../conformance/account-store.ts";

testAccountStore("memory", () => Promise.resolve(memoryStore()));
