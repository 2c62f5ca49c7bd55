import { Reader } from "../wire/index.ts";
import { failure, success } from "./method.ts";
import type { Method } from "./method.ts";
import type { NoneRequest } from "./policy.ts";

/** RFC 4252 §5.2. It proves nothing, so it completes no step either: it logs in or it fails. */
export const none: Method<NoneRequest> = {
  name: "none",
  listedAs: undefined,

  decode(data, { user }) {
    new Reader(data).end();
    return { method: "none", user };
  },

  settle(_request, verdict) {
    return verdict.type === "success" ? success : failure;
  },
};
