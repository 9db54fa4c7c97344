// @ts-check
"use strict";
/**
 * Compiles an action beforehand:
 *
 *     node compile.cjs [<function>] < main.swift > action.zip
 *     node compile.cjs [<function>] < package.zip > action.zip
 *
 * What it writes is the code of a binary action, which starts without being compiled.
 */
const fs = require("node:fs");
const { removeWorkdir } = require("../proxy/workdir.cjs");
const { Build } = require("./build.cjs");

const input = fs.readFileSync(0);
const binary = input.length >= 4 && input.readUInt32LE(0) === 0x04034b50;
process.on("exit", removeWorkdir);
new Build().make({ code: input.toString(binary ? "base64" : "utf8"), binary, main: process.argv[2] ?? "main" }).then(
  (made) => {
    const artifact = made.artifact();
    // It was compiled already.
    fs.writeSync(1, artifact === undefined ? input : Buffer.from(artifact, "base64"));
  },
  (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
