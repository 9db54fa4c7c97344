#!/usr/bin/env node
const { existsSync } = require("node:fs");
const path = require("node:path");

const bundle = path.join(__dirname, "../../../dist/clients/whisk.js");
const fail = (message) => {
  console.error(`error: ${message}`);
  process.exitCode = 1;
};

if (Number.parseInt(process.versions.node, 10) < 24)
  fail(`whisk needs Node 24, this is ${process.versions.node}: in the checkout, \`npx whisk\` brings its own`);
else if (!existsSync(bundle)) fail("the CLI is not built yet: run `npm run build` in the checkout");
else require(bundle);
