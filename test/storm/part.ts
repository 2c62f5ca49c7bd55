import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { getPriority, setPriority } from "node:os";

/** What a process of the storm can be told to do, by name. */
export type Orders = Readonly<Record<string, (input: never) => unknown>>;

interface Call {
  readonly id: number;
  readonly order: string;
  readonly input: unknown;
}
interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** In the process of a part: carries out what the storm asks for, until that ends. */
export function carryOut(orders: Orders): void {
  process.on("message", (call: Call) => {
    const { id, order, input } = call;
    const work = async (): Promise<unknown> => orders[order]!(input as never);
    work().then(
      (value) => process.send?.({ id, value }),
      (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.stack : String(error) }),
    );
  });
  process.on("disconnect", () => process.exit());
}

/** A process of the storm, from outside. */
export class Part<Known extends Orders> {
  readonly #child: ChildProcess;
  readonly #calls: Map<number, PromiseWithResolvers<unknown>> = new Map();
  #count = 0;

  /** @param isHostile it yields to the others: it stands for machines that are elsewhere. */
  constructor(file: URL, isHostile = false) {
    this.#child = fork(file, { execArgv: ["--expose-gc"] });
    if (isHostile) setPriority(this.#child.pid!, Math.min(19, getPriority() + 10));
    this.#child.on("message", ({ id, value, error }: Reply) => {
      const call = this.#calls.get(id);
      this.#calls.delete(id);
      if (error === undefined) call?.resolve(value);
      else call?.reject(new Error(error));
    });
    this.#child.once("exit", (status, signal) => {
      for (const call of this.#calls.values()) call.reject(new Error(`${file.pathname} ended: ${signal ?? status}`));
    });
  }

  /** Has an order carried out, and gives what comes of it. */
  ask<Name extends keyof Known & string>(
    order: Name,
    ...[input]: Parameters<Known[Name]>
  ): Promise<Awaited<ReturnType<Known[Name]>>> {
    const call = Promise.withResolvers<unknown>();
    const id = this.#count++;
    this.#calls.set(id, call);
    this.#child.send({ id, order, input });
    return call.promise as Promise<Awaited<ReturnType<Known[Name]>>>;
  }

  /** Ends the process, and with it all of its connections. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
  }
}
