import { readFileSync } from "node:fs";
import { Failure } from "../verb.ts";

/** The text of a file. @throws {Failure} */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new Failure(`${file} cannot be read (${code}).`, { cause: error });
  }
}
