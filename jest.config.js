/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/services", "<rootDir>/infra", "<rootDir>/runtimes", "<rootDir>/clients", "<rootDir>/tools", "<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  // Servers that test files share are started by whoever needs one first, and ended here.
  globalSetup: "<rootDir>/test/support/jestSetup.ts",
  globalTeardown: "<rootDir>/test/support/jestTeardown.ts",
  // Tests wait for conditions, each with a limit of its own; this one only ends what hangs.
  testTimeout: 120_000,
  transform: { "^.+\\.[tj]s$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2023" }, module: { type: "commonjs" } }] },
  // What takes long runs with `npm run test:full` only.
  testPathIgnorePatterns: ["/node_modules/", ...(process.env.STACKWHISK_TEST_TIER === "full" ? [] : ["<rootDir>/test/full/"])],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/infra/dist/", "/\\.stackwhisk/"],
};
