/** The table of layers: which folder of `src/` may import which, and the lint rules that hold the code to it. */
import { readdirSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";

/** What one folder of `src/` may import. */
interface Layer {
  /** Other folders of `src/`, always through their `index.ts`; "*" is every folder. */
  readonly from: readonly string[];
  /** Modules of Node; absent: all of them. A folder with a list is part of the engine: no I/O, no clock, no timer. */
  readonly node?: readonly string[];
}

/** The file `src/index.ts` itself. */
const ROOT = "index.ts";

/** Top to bottom is downward: nothing here names a folder that stands below it in the package. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  [ROOT]: { from: ["server", "ssh", "crypto"] },
  cli: { from: ["*"] },
  testing: { from: ["*"] },
  libraries: { from: ["server"] },
  accounts: { from: ["server", "auth", "crypto"] },
  commands: { from: ["server", "sources"] },
  process: { from: ["server"] },
  recording: { from: ["server"] },
  cluster: { from: ["server"] },
  doors: { from: ["server"] },
  files: { from: ["server", "wire"] },
  forwarding: { from: ["server", "ssh"] },
  sources: { from: [] },
  auth: { from: ["crypto", "server"] },
  ssh: { from: ["protocol", "crypto", "server"] },
  server: { from: ["terminal"] },
  terminal: { from: [] },
  protocol: { from: ["wire", "crypto", "transport", "userauth", "connection"], node: ["node:buffer"] },
  connection: { from: ["wire"], node: ["node:buffer"] },
  userauth: { from: ["wire", "crypto"], node: ["node:buffer"] },
  transport: { from: ["wire", "crypto"], node: ["node:buffer", "node:crypto"] },
  crypto: { from: ["wire"], node: ["node:buffer", "node:crypto"] },
  wire: { from: [], node: ["node:buffer"] },
};

/** The folders that make the engine: bytes in, bytes out, and nothing else. */
export const ENGINE: readonly string[] = Object.keys(LAYERS).filter((name) => LAYERS[name]?.node !== undefined);

/** A folder with more files than this holds two things. */
const MAX_FILES = 12;
/** A file longer than this holds two things; from 400 lines on the linter already warns. */
const MAX_LINES = 500;

/** The little of the linter's plugin interface (ESLint's) that is used here; it ships no types of its own. */
interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly source?: Node | null;
  readonly importKind?: string;
  readonly exportKind?: string;
}
interface Context {
  readonly cwd: string;
  readonly filename: string;
  readonly sourceCode: { readonly text: string; readonly lines: readonly string[] };
  report(finding: { node: Node; message: string }): void;
}
interface Rule {
  create(context: Context): Record<string, (node: Node) => void>;
}

const imports: Rule = {
  create(context) {
    const here = layerOf(context);
    if (here === undefined) return {};
    const check = (node: Node): void => {
      const path = node.source;
      if (path === null || path === undefined) return;
      const specifier = path.type === "Literal" && typeof path.value === "string" ? path.value : undefined;
      const isStatic = node.type !== "ImportExpression" && node.type !== "TSImportType";
      const isValue = isStatic && node.importKind !== "type" && node.exportKind !== "type";
      const message =
        specifier === undefined
          ? "Write the path out: the layer table cannot judge a computed one."
          : specifier.startsWith(".")
            ? judgePath(here, context, specifier)
            : judgePackage(here, specifier, isValue);
      if (message !== undefined) context.report({ node: path, message });
    };
    return {
      ImportDeclaration: check,
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    };
  },
};

const folder: Rule = {
  create(context) {
    if (layerOf(context) === undefined) return {};
    const { lines, text } = context.sourceCode;
    const name = basename(context.filename);
    return {
      Program(node) {
        if (lines.length > MAX_LINES + 1) {
          context.report({ node, message: `More than ${MAX_LINES} lines: two things live in this file, part them.` });
        }
        const files = readdirSync(dirname(context.filename)).filter((file) => file.endsWith(".ts"));
        if (files.length > MAX_FILES && files.toSorted()[0] === name) {
          context.report({ node, message: `${files.length} files in this folder, at most ${MAX_FILES}.` });
        }
        if (name === "index.ts" && !/^\/\*\*[\s*]+\S/.test(text)) {
          context.report({ node, message: "Begin with a docstring: one sentence that says what this folder is for." });
        }
      },
    };
  },
};

const plugin: { meta: { name: string }; rules: Record<string, Rule> } = {
  meta: { name: "layers" },
  rules: { imports, folder },
};
export default plugin;

/** The layer a file under `src/` belongs to; undefined for any other file. */
function layerOf(context: Context): string | undefined {
  const [top, name] = relative(context.cwd, context.filename).split(sep);
  return top === "src" ? name : undefined;
}

function judgePath(here: string, context: Context, specifier: string): string | undefined {
  const [there = "", ...rest] = relative(join(context.cwd, "src"), join(dirname(context.filename), specifier)).split(
    sep,
  );
  if (there === "..") return "Nothing outside src/ is part of the package.";
  if (there === here) return undefined;
  const layer = LAYERS[here];
  if (layer === undefined) return `${here} has no row in the layer table (scripts/layers.ts).`;
  if (!layer.from.includes(there) && !(layer.from.includes("*") && there in LAYERS)) {
    return `${here} may not import ${there}; it may import ${layer.from.join(", ") || "no other folder"}.`;
  }
  if (there !== ROOT && rest.join() !== "index.ts") return `Import ${there} through its index.ts.`;
  return undefined;
}

function judgePackage(here: string, specifier: string, isValue: boolean): string | undefined {
  const allowed = LAYERS[here]?.node;
  if (allowed !== undefined) {
    if (allowed.includes(specifier)) return undefined;
    return `The engine does no I/O: ${here} may import ${allowed.join(", ")}, not ${specifier}.`;
  }
  if (specifier.startsWith("node:") || !isValue) return undefined;
  return `The package has no runtime dependency: load ${specifier} on use, with import(), and say how to install it.`;
}
