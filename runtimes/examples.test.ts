import { processCommand, type ProcessCommand, programCommand } from "./runtimes";
import { examplesWork } from "./testing/examples";
import { startProcess } from "./testing/runtimeProcess";

examplesWork("js", 2, () => startProcess(processCommand("nodejs:24", __dirname) as ProcessCommand));
examplesWork("python", 1, () => startProcess(processCommand("python:3", __dirname) as ProcessCommand));
examplesWork("sh", 1, () => startProcess(programCommand(__dirname)));
