import { join } from "node:path";
import { runtimeContract } from "../contract";
import { startProcess } from "../testing/runtimeProcess";
import type { StartOptions } from "../testing/runtime";
import { programs } from "./programs";
import { contract } from "./samples";

const command = { command: process.execPath, args: [join(__dirname, "..", "proxy", "main.cjs"), "--executable"], env: {} };
const start = (options?: StartOptions) => startProcess(command, options);

runtimeContract("programs as processes", { ...contract, start });
programs(start);
