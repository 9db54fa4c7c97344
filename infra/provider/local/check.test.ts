import { rmSync } from "node:fs";
import { UNKNOWN, type Properties } from "../resource";
import { Bench } from "../background/testing/bench";

let bench: Bench;
beforeEach(async () => (bench = await Bench.make()));
afterEach(() => bench.clean());

const check = (inputs: Properties, old?: Properties) => bench.handler.check(inputs, old, bench.checkContext());

test("no inputs mean the defaults, in the folder of the stack", async () => {
  expect(await check({})).toEqual({
    inputs: {
      host: "127.0.0.1",
      port: 3233,
      dataDir: ".stackwhisk/trial",
      memory: 2048,
      idleTimeout: 600,
      retention: 604_800,
      prewarm: true,
      logLevel: "info",
      namespace: "guest",
      program: expect.stringMatching(/^[0-9a-f]{16}$/),
    },
    failures: [],
  });
});

test("units are resolved, so that another way to write the same is no change", async () => {
  const { inputs } = await check({ memory: "2 GB", idleTimeout: "10 minutes", retention: "2 days", dataDir: "data//here/" });
  expect(inputs).toMatchObject({ memory: 2048, idleTimeout: 600, retention: 172_800, dataDir: "data/here" });
});

test("a data folder that cannot be is refused before the old one goes", async () => {
  const failures = [{ property: "dataDir", reason: `expected a folder, ${__filename} is none` }];
  expect((await check({ dataDir: __filename })).failures).toEqual(failures);
  expect((await check({ dataDir: `${__filename}/below` })).failures).toEqual(failures);
});

test.each([
  ["host", "example.com", /address of this machine/],
  ["port", 0, /from 1 to 65535, got 0/],
  ["port", 65536, /from 1 to 65535, got 65536/],
  ["dataDir", "", /a folder of its own/],
  ["dataDir", "..", /a folder of its own/],
  ["dataDir", "/", /a folder of its own/],
  ["dataDir", "data/..", /a folder of its own/],
  ["memory", "lots", /such as "2048 MB"/],
  ["memory", "127 MB", /at least 128 MB/],
  ["idleTimeout", "soon", /such as "30 seconds"/],
  ["retention", "for ever", /such as "30 seconds"/],
  ["namespace", "no spaces", /a name of up to 128/],
  ["node", "node", /absolute path of a Node program/],
  ["node", "/no/such/node", /absolute path of a Node program/],
])("%s: %j is refused by name", async (property, value, reason) => {
  expect((await check({ [property]: value })).failures).toEqual([{ property, reason: expect.stringMatching(reason) }]);
});

test("all that is wrong is named at once", async () => {
  const { failures } = await check({ port: -1, memory: "lots" });
  expect(failures.map(({ property }) => property)).toEqual(["port", "memory"]);
});

test("what is not known yet passes, and makes unknown what depends on it", async () => {
  const { inputs, failures } = await check({ port: UNKNOWN, dataDir: UNKNOWN });
  expect(failures).toEqual([]);
  expect(bench.handler.plan(inputs, undefined)).toEqual({ ...inputs, apiHost: UNKNOWN, auth: UNKNOWN, adminKey: UNKNOWN, logFile: UNKNOWN, running: true });
});

test("the folder stays when the stack is renamed", async () => {
  const { inputs } = await check({});
  const renamed = bench.checkContext(bench.context.urn.replace(":trial:", ":renamed:"));
  expect((await bench.handler.check({}, inputs, renamed)).inputs.dataDir).toBe(".stackwhisk/trial");
});

test("a program that has not been built is named, with what to do", async () => {
  rmSync(bench.program);
  expect((await check({})).failures).toEqual([{ property: "program", reason: `${bench.program} has not been built: run \`npm run build\` first` }]);
});
