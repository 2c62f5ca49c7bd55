import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { placeOf, sources, syntaxFault } from "../../../src/sources/index.ts";
import { makeCodeFolder } from "../code-folder.ts";

const FAULTS: Readonly<
  Record<string, { readonly code: string; readonly line: number | undefined; readonly file?: string }>
> = {
  "TypeScript that cannot be parsed": { code: "const a = 1;\nexport const b: number = ;\n", line: 2 },
  "TypeScript that Node cannot strip": { code: "const a = 1;\n\nenum Colour { Red }\n", line: 3 },
  "JavaScript that V8 refuses": { code: "const a = 1;\nconst a = 2;\n", line: 2 },
  "an import of a file that is not there": { code: '\n\nimport "./nowhere.ts";\n', line: 3 },
  "an import of a package that is not there": { code: '\nimport "no-such-package";\n', line: 2 },
  "an import of a name that is not exported": { code: '\nimport { nothing } from "./part.ts";\nnothing();', line: 2 },
  "something that is thrown": { code: 'function f(): void {\n  throw new Error("no");\n}\nf();\n', line: 2 },
  "JSON that is broken, and thrown at": { code: '\nJSON.parse("{");\n', line: 2 },
  "something thrown that is no error": { code: 'throw "no";\n', line: undefined },
};

describe("the place is found of", () => {
  for (const [what, { code, line }] of Object.entries(FAULTS)) {
    test(what, async (t) => {
      const { write } = makeCodeFolder(t);
      write("part.ts", "export const part = 1;\n");
      const file = write("entry.ts", code);
      const error: unknown = await sources.load(file).catch((error: unknown) => error);
      const place = await placeOf(error, sources.filesOf(file));
      assert.deepEqual(place, line === undefined ? undefined : { file, line });
    });
  }

  test("a fault in a file that the entry imports, in JavaScript, too", async (t) => {
    const { write } = makeCodeFolder(t);
    const file = write("entry.mjs", 'import "./part.mjs";');
    const part = write("part.mjs", "export const a = 1;\n\nexport const b = {{;\n");
    const error: unknown = await sources.load(file).catch((error: unknown) => error);
    assert.deepEqual(await placeOf(error, sources.filesOf(file)), { file: part, line: 3 });
  });
});

test("the syntax of a file is judged without running it", async (t) => {
  const { write } = makeCodeFolder(t);
  assert.equal(await syntaxFault(write("good.ts", 'export const a: string = "";\nawait 1;\nthrow a;')), undefined);
  assert.equal(await syntaxFault(write("data.json", "{")), undefined);
  const fault = await syntaxFault(write("bad.ts", "\nexport const a: = 1;"));
  assert.equal(fault?.line, 2);
  assert.match(fault.message, /SyntaxError/);
});

test("where no process may be started the line stays unknown, and nothing else goes wrong", (t) => {
  const { write } = makeCodeFolder(t);
  const bad = write("bad.mjs", "const a = 1;\nconst a = 2;");
  const index = new URL("../../../src/sources/index.ts", import.meta.url).href;
  const code = `import { placeOf, syntaxFault } from ${JSON.stringify(index)};
console.log(await syntaxFault(${JSON.stringify(bad)}), await placeOf(new SyntaxError("x"), [${JSON.stringify(bad)}]));`;
  const args = ["--permission", "--allow-fs-read=*", "--input-type=module", "--eval", code];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  assert.equal(stdout, "undefined undefined\n", stderr);
});
