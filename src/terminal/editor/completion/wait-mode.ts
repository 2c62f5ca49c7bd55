import type { Key } from "../../keys/key.ts";
import { NONE } from "../buffer/line.ts";
import type { Mode, Turn } from "../mode.ts";
import type { CompletionRequest } from "./candidates.ts";

/** A completer has been asked and has not answered. Nothing is shown of that, and any key but Tab calls it off. */
export class WaitMode implements Mode {
  readonly request: CompletionRequest;
  /** The cluster where the word begins. */
  readonly start: number;
  readonly #controller: AbortController;

  constructor(request: Omit<CompletionRequest, "signal">, start: number) {
    this.#controller = new AbortController();
    this.request = { ...request, signal: this.#controller.signal };
    this.start = start;
  }

  key({ name, ctrl, alt, shift }: Key): Turn {
    const isTab = name === "tab" && !ctrl && !alt && !shift;
    return { edit: NONE, next: isTab ? "stay" : "pass" };
  }

  paste(): Turn {
    return { edit: NONE, next: "pass" };
  }

  end(): void {
    this.#controller.abort();
  }
}
