import { inspect } from "node:util";

/** The fields of an attempt that prove who somebody is. */
const SECRETS = ["password", "newPassword", "responses"] as const;

/**
 * Keeps what proves who somebody is out of what is printed of `data`, which handlers log when logins go wrong: neither
 * `console.log` nor JSON shows it. It is a field as any other in all else.
 */
export function hideSecrets<Data extends object>(data: Data): Data {
  const shown = (): object => {
    const hidden = SECRETS.filter((name) => (data as Record<string, unknown>)[name] !== undefined);
    return { ...data, ...Object.fromEntries(hidden.map((name) => [name, "[hidden]"])) };
  };
  return Object.defineProperties(data, {
    [inspect.custom]: { value: shown, enumerable: false },
    toJSON: { value: shown, enumerable: false },
  });
}
