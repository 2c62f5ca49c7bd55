/** The fields of an attempt that prove who somebody is. */
const SECRETS = ["password", "newPassword", "responses"] as const;

/**
 * Keeps what proves who somebody is out of sight: it can be read by its name, and is shown by no `console.log` and in no
 * JSON of the data, which handlers log when logins go wrong.
 */
export function hideSecrets<Data extends object>(data: Data): Data {
  for (const name of SECRETS) {
    if (!Object.hasOwn(data, name)) continue;
    const value = (data as Record<string, unknown>)[name];
    // A getter: even `showHidden` shows no more than that there is one.
    Object.defineProperty(data, name, { get: () => value, enumerable: false });
  }
  return data;
}
