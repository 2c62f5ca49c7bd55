/** Files of code: loaded anew when they have changed, and where in them a fault is. */
export { hashOf, linesOf } from "./content.ts";
export { placeOf } from "./place.ts";
export type { ErrorPlace } from "./place.ts";
export { realPath, sources, VERSION_MARK, withoutVersions } from "./sources.ts";
export type { Exports } from "./sources.ts";
export { syntaxFault } from "./syntax.ts";
export type { SyntaxFault } from "./syntax.ts";
