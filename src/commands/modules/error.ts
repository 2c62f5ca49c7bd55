import type { ErrorPlace } from "../../sources/index.ts";

/** What a {@link ModuleError} is about. */
export type ModuleErrorCode =
  /** There is no such file or folder. */
  | "NO_FILE"
  /** No module of that name is loaded. */
  | "NO_MODULE"
  /** The file cannot be read as code, imports what is not there, or throws while it is loaded. */
  | "NOT_LOADED"
  /** The file has no module as its default export, or something is wrong with what it declares. */
  | "BAD_MODULE"
  /** Another module, or the command of another, has that name. */
  | "TAKEN"
  /** `setup` threw. */
  | "SETUP_FAILED"
  /** Loading the file, or `setup`, took too long. */
  | "TOO_SLOW"
  /** A module that it needs is not there, or one that needs it is. */
  | "NEEDED"
  /** It came without a file, and cannot be loaded again. */
  | "NO_RELOAD"
  /** The modules have been closed. */
  | "CLOSED";

/** What is known of a fault besides its text. */
export interface ModuleErrorOptions extends ErrorOptions {
  /** The name of the module. */
  readonly module?: string | undefined;
  /** Where the fault is. */
  readonly place?: ErrorPlace | undefined;
}

/** A module cannot be loaded, or not be had otherwise. What worked before works on. The message begins with file and line. */
export class ModuleError extends Error {
  override readonly name = "ModuleError";
  readonly code: ModuleErrorCode;
  /** The name of the module, as far as it is known. */
  readonly module: string | undefined;
  /** The file with the fault. */
  readonly file: string | undefined;
  /** The line in it, from 1. */
  readonly line: number | undefined;

  constructor(code: ModuleErrorCode, message: string, options: ModuleErrorOptions = {}) {
    const { module, place, ...rest } = options;
    super(place === undefined ? message : `${shown(place)}: ${message}`, rest);
    this.code = code;
    this.module = module;
    this.file = place?.file;
    this.line = place?.line;
  }
}

function shown({ file, line }: ErrorPlace): string {
  return line === undefined ? file : `${file}:${line}`;
}
