import tseslint from "typescript-eslint";

/** Dependencies point inwards: core imports nothing of ours, adapters import core only. */
const inwards = (patterns, message) => ["error", { patterns: [{ group: patterns, message }] }];

export default tseslint.config(
  { ignores: ["**/node_modules/**", "**/dist/**", "**/.stackwhisk/**", "coverage/**"] },
  ...tseslint.configs.recommended,
  {
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-require-imports": "off",
      eqeqeq: "error",
      "no-console": "off",
    },
  },
  {
    files: ["services/core/**/*.ts"],
    rules: {
      "no-restricted-imports": inwards(
        ["../store/*", "../lanes/*", "../controller/*", "../invoker/*", "../../infra/*", "node:fs*", "node:net", "node:http", "express"],
        "services/core is the domain: no I/O and no adapters.",
      ),
    },
  },
  {
    files: ["services/store/**/*.ts", "services/lanes/**/*.ts"],
    rules: { "no-restricted-imports": inwards(["**/controller/*", "**/invoker/*"], "Adapters import services/core only.") },
  },
);
