import type { ErrorPlace } from "../../sources/index.ts";
import { linesOf, placeOf, sources, withoutVersions } from "../../sources/index.ts";
import { ModuleError } from "./error.ts";
import type { ModuleErrorCode } from "./error.ts";
import type { Module } from "./module.ts";
import { faultOf } from "./module.ts";
import { inTime, textOf } from "./service.ts";

/**
 * Loads the module in a file, in its current state.
 *
 * @throws ModuleError `NOT_LOADED`, `BAD_MODULE`, `TOO_SLOW`, with file and line.
 */
export async function loadModule<State>(file: string, seconds: number): Promise<Module<State>> {
  const aborted = new AbortController();
  try {
    const loaded = await inTime(sources.load(file, aborted.signal), seconds, "Loading the file");
    const { default: value } = loaded;
    const fault =
      value === undefined
        ? "The file has no default export: export default defineModule({ name, … })."
        : faultOf(value);
    if (fault !== undefined) throw new ModuleError("BAD_MODULE", fault);
    return value as Module<State>;
  } catch (error) {
    aborted.abort();
    throw await located(error, "NOT_LOADED", file, undefined);
  }
}

/**
 * A fault of a module as a {@link ModuleError} that knows file and line.
 *
 * @param clues what stands on the line, should the error not tell it; the first that is found.
 */
export async function located(
  error: unknown,
  code: ModuleErrorCode,
  file: string | undefined,
  module: string | undefined,
  clues: readonly RegExp[] = [],
): Promise<ModuleError> {
  if (error instanceof ModuleError && error.file !== undefined) return error;
  const files = file === undefined ? [] : [...sources.filesOf(file)];
  const thrown = error instanceof ModuleError && error.cause !== undefined ? error.cause : error;
  const own = error instanceof ModuleError ? [/\bdefineModule\b/, /^export default\b/] : [];
  const place =
    (await placeOf(thrown, files)) ??
    clueIn(files, [...clues, ...own]) ??
    (file === undefined ? undefined : { file, line: undefined });
  const message = withoutVersions(textOf(error));
  const cause = error instanceof ModuleError ? error.cause : error;
  return new ModuleError(error instanceof ModuleError ? error.code : code, message, { cause, module, place });
}

function clueIn(files: readonly string[], clues: readonly RegExp[]): ErrorPlace | undefined {
  for (const clue of clues) {
    for (const file of files) {
      const at = linesOf(file).findIndex((line) => clue.test(line));
      if (at >= 0) return { file, line: at + 1 };
    }
  }
  return undefined;
}
