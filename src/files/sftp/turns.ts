import { MAX_REQUESTS } from "./wire/numbers.ts";
import type { Order, Prepared } from "./operation.ts";

/** Bytes that are being read and written at once: enough to keep a disk busy, and no more memory for a client that asks for more. */
const MAX_LOAD = 2 * 1024 * 1024;

/** Which requests may be served at once: how many, how much, and in what order. */
export class Turns {
  #running = 0;
  #load = 0;
  #writes = 0;
  #isAlone = false;

  /** Whether nothing is being served. */
  get areIdle(): boolean {
    return this.#running === 0;
  }

  /** Whether another may begin at all, whatever it is; there is one at least. */
  get areOpen(): boolean {
    return !this.#isAlone && this.#running < MAX_REQUESTS && (this.#load < MAX_LOAD || this.#running === 0);
  }

  /** Whether this one may begin now. */
  mayBegin(request: Prepared): boolean {
    return this.areOpen && MAY_BEGIN[request.order](request, this.#running, this.#writes);
  }

  begin({ order, file, load }: Prepared): void {
    this.#running++;
    this.#load += load;
    this.#isAlone = order === "alone";
    if (file === undefined) return;
    if (order === "read") file.reads++;
    if (order === "write") {
      this.#writes++;
      file.isWriting = true;
    }
  }

  end({ order, file, load }: Prepared): void {
    this.#running--;
    this.#load -= load;
    this.#isAlone = false;
    if (file === undefined) return;
    if (order === "read") file.reads--;
    if (order === "write") {
      this.#writes--;
      file.isWriting = false;
    }
  }
}

const MAY_BEGIN: Readonly<Record<Order, (request: Prepared, running: number, writes: number) => boolean>> = {
  alone: (_, running) => running === 0,
  together: (_, __, writes) => writes === 0,
  read: ({ file }) => file?.isWriting !== true,
  write: ({ file }) => file?.isWriting !== true && (file?.reads ?? 0) === 0,
};
