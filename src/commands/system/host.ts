import type { ServerCore } from "../../server/index.ts";
import type { ResolvedSystemOptions } from "./options.ts";
import type { Sessions } from "./sessions.ts";

/** What all system commands work with. */
export interface SystemHost<State> {
  readonly options: ResolvedSystemOptions<State>;
  readonly server: ServerCore<State>;
  readonly sessions: Sessions<State>;
}
