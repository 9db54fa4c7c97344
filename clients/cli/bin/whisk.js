#!/usr/bin/env node
const { existsSync } = require("node:fs");
const path = require("node:path");

const bundle = path.join(__dirname, "../../../dist/clients/whisk.js");
if (existsSync(bundle)) require(bundle);
else {
  console.error("error: the CLI is not built yet: run `npm run build` in the checkout");
  process.exitCode = 1;
}
