import { ConfigError } from "../../server/index.ts";
import type { AfterCommand, BeforeCommand, CommandCall, CommandMiddleware, CommandOutcome } from "./call.ts";

/** The exit status when a hook has kept a command from running. */
const KEPT = 1;

/** Functions that come and go while they are called. */
class Chain<Hook> {
  // Replaced, never changed in place: who adds or removes one does not disturb the command that runs.
  all: readonly { readonly call: Hook }[] = [];

  /** @throws ConfigError `BAD_OPTION` when it is no function. */
  add(call: Hook): () => void {
    if (typeof call !== "function") {
      throw new ConfigError("BAD_OPTION", `A hook of commands must be a function, not a value of type ${typeof call}.`);
    }
    const boxed = { call };
    this.all = [...this.all, boxed];
    return () => {
      this.all = this.all.filter((other) => other !== boxed);
    };
  }
}

/** What stands around the commands of a router. */
export class Hooks<State> {
  readonly before: Chain<BeforeCommand<State>> = new Chain();
  readonly middleware: Chain<CommandMiddleware<State>> = new Chain();
  readonly after: Chain<AfterCommand<State>> = new Chain();

  /** Runs a command within all that stands around it. @returns the exit status. */
  async around(call: CommandCall<State>, run: () => Promise<number>): Promise<number> {
    for (const hook of this.before.all) {
      if ((await hook.call(call)) === false) return KEPT;
    }
    const layers = this.middleware.all;
    const from = async (index: number): Promise<number> => {
      const layer = layers[index];
      if (layer === undefined) return run();
      let inner: Promise<number> | undefined;
      const returned = await layer.call(call, () => {
        if (inner !== undefined) return Promise.reject(new Error("A middleware of commands has called next() twice."));
        return (inner = from(index + 1));
      });
      return typeof returned === "number" ? returned : ((await inner) ?? 0);
    };
    return from(0);
  }

  /** Tells how a command came out. */
  async tell(call: CommandCall<State>, outcome: CommandOutcome): Promise<void> {
    for (const hook of this.after.all) await hook.call(call, outcome);
  }
}
