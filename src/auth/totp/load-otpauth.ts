import type * as otpauth from "otpauth";
import { ConfigError } from "../../server/index.ts";

/** The package that reads and checks codes. */
export type Otpauth = typeof otpauth;

/** @throws ConfigError `MISSING_PACKAGE` that says how to install it. */
export async function loadOtpauth(load: () => Promise<Otpauth> = () => import("otpauth")): Promise<Otpauth> {
  try {
    return await load();
  } catch (cause) {
    throw new ConfigError("MISSING_PACKAGE", "One-time codes need the package otpauth: npm install otpauth", { cause });
  }
}
