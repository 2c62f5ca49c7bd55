import { defineConfig } from "oxlint";
import { ENGINE } from "./scripts/layers.ts";

/** What reads a clock, waits, or reaches the process; the engine is handed the time and asks for nothing. */
const IMPURE = [
  "Date",
  "performance",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "clearTimeout",
  "clearInterval",
  "clearImmediate",
  "process",
  "globalThis",
  "global",
  "fetch",
  "WebSocket",
  "crypto",
];

export default defineConfig({
  plugins: ["eslint", "typescript", "unicorn", "oxc", "import", "promise", "node"],
  jsPlugins: ["./scripts/layers.ts"],
  options: { typeAware: true, reportUnusedDisableDirectives: "error" },
  categories: { correctness: "error", suspicious: "error", perf: "error" },
  ignorePatterns: ["dist", "coverage", ".cache"],
  rules: {
    "layers/imports": "error",
    "layers/folder": "error",
    "import/no-cycle": ["error", { ignoreTypes: true }],
    "max-lines": ["warn", { max: 400 }],

    "typescript/no-explicit-any": "error",
    "typescript/no-unsafe-argument": "error",
    "typescript/no-unsafe-assignment": "error",
    "typescript/no-unsafe-call": "error",
    "typescript/no-unsafe-member-access": "error",
    "typescript/no-unsafe-return": "error",
    "typescript/no-floating-promises": ["error", { checkThenables: true }],
    "typescript/no-misused-promises": "error",
    "typescript/only-throw-error": "error",
    "typescript/prefer-promise-reject-errors": "error",
    "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    "typescript/return-await": "error",
    "typescript/consistent-type-imports": "error",
    "typescript/no-deprecated": "error",
    "typescript/restrict-plus-operands": "error",
    "typescript/ban-ts-comment": "error",
    eqeqeq: "error",
    "no-empty": "error",
    "no-var": "error",
    "prefer-const": "error",
    "no-throw-literal": "error",
    "no-fallthrough": "error",
    "unicorn/no-useless-undefined": "off",

    // Judged one by one and left out; each would have cost clarity here.
    "no-await-in-loop": "off", // commands of one client run in order, on purpose
    "no-underscore-dangle": "off", // `_isStdio` and its like are names that others chose
    "no-shadow": "off",
    "no-control-regex": "off", // control characters are what a terminal and a protocol are about
    "typescript/no-generated-empty-object-type": "off", // a message without fields is one
    "unicorn/consistent-function-scoping": "off", // tests keep a fake beside the sentence it serves
    "unicorn/no-array-sort": "off",
    "unicorn/prefer-add-event-listener": "off",
    "typescript/no-unsafe-type-assertion": "off", // decoding at the border ends in one assertion
    "typescript/no-unnecessary-type-parameters": "off",
    "promise/always-return": "off",
    "typescript/consistent-return": "off", // the compiler's noImplicitReturns says it better
    "oxc/no-map-spread": "off",
    "import/no-unassigned-import": "off",
  },
  overrides: [
    {
      files: ENGINE.map((folder) => `src/${folder}/**/*.ts`),
      rules: {
        "no-restricted-globals": [
          "error",
          ...IMPURE.map((name) => ({
            name,
            message: "The engine reads no clock, sets no timer and touches no process.",
          })),
        ],
      },
    },
    { files: ["src/**/*.ts"], rules: { "no-console": "error", "import/no-cycle": ["error", { ignoreTypes: false }] } },
    { files: ["src/cli/**/*.ts"], rules: { "no-console": "off" } },
    {
      // Node's own `once()` and `JSON.parse()` give `any`; around the package it may pass through, written out it may not.
      files: ["test/**/*.ts", "bench/**/*.ts", "examples/**/*.ts"],
      rules: {
        "typescript/no-unsafe-argument": "off",
        "typescript/no-unsafe-assignment": "off",
        "typescript/no-unsafe-call": "off",
        "typescript/no-unsafe-member-access": "off",
        "typescript/no-unsafe-return": "off",
      },
    },
    {
      // node:test's `test()` returns a promise that the runner itself awaits.
      files: ["test/**/*.ts"],
      rules: {
        "typescript/no-floating-promises": [
          "error",
          {
            checkThenables: true,
            allowForKnownSafeCalls: [
              { from: "package", package: "node:test", name: ["test", "it", "describe", "suite"] },
            ],
          },
        ],
      },
    },
  ],
});
