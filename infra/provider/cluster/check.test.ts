import { UNKNOWN, type Properties } from "../resource";
import { Bench } from "../background/testing/bench";
import { defaultName } from "./defaultName";

const SERVERS = { rabbitmq: { url: "amqp://me:s3cret@broker" }, mongodb: { url: "mongodb://me:s3cret@database" } };

let bench: Bench;
beforeEach(async () => (bench = await Bench.make("ClusterPlatform")));
afterEach(() => bench.clean());

const check = (inputs: Properties, old?: Properties, urn?: string) => bench.handler.check({ ...SERVERS, ...inputs }, old, bench.checkContext(urn));

test("the servers alone are enough; the name on them is that of project and stack", async () => {
  expect(await check({})).toEqual({
    inputs: {
      host: "127.0.0.1",
      port: 3234,
      dataDir: ".stackwhisk/trial",
      memory: 2048,
      idleTimeout: 600,
      retention: 604_800,
      prewarm: true,
      logLevel: "info",
      namespace: "guest",
      rabbitmq: SERVERS.rabbitmq,
      mongodb: { ...SERVERS.mongodb, database: "shop-trial" },
      name: "shop-trial",
      controllers: 2,
      invokers: 2,
      program: expect.stringMatching(/^[0-9a-f]{16}$/),
    },
    failures: [],
  });
});

test.each<[string, Properties, RegExp]>([
  ["rabbitmq.url", { rabbitmq: { url: "http://me:s3cret@broker" } }, /^expected a URL such as amqp:/],
  ["rabbitmq.url", { rabbitmq: { url: "s3cret" } }, /^expected a URL such as amqp:/],
  ["mongodb.url", { mongodb: { url: "postgres://me:s3cret@database" } }, /^expected a URL such as mongodb:/],
  ["mongodb.database", { mongodb: { url: "mongodb://database", database: "a/b" } }, /up to 60 letters/],
  ["name", { name: "1st" }, /beginning with a letter, got "1st"/],
  ["controllers", { controllers: 0 }, /a number of processes from 1 to 64, got 0/],
  ["invokers", { invokers: 65 }, /from 1 to 64, got 65/],
  ["limits.firesPerMinute", { limits: { firesPerMinute: -1 } }, /a limit from 0/],
])("a wrong %s is refused by name, and no secret is repeated", async (property, inputs, reason) => {
  const { failures } = await check(inputs);
  expect(failures).toEqual([{ property, reason: expect.stringMatching(reason) }]);
  expect(JSON.stringify(failures)).not.toContain("s3cret");
});

test("the name stays when the stack is renamed, and with it the database", async () => {
  const { inputs } = await check({});
  const renamed = await check({}, inputs, bench.context.urn.replace(":trial:", ":renamed:"));
  expect(renamed.inputs).toMatchObject({ name: "shop-trial", mongodb: { database: "shop-trial" } });
});

test("what is not known yet passes, and makes unknown what depends on it", async () => {
  const { inputs, failures } = await check({ rabbitmq: UNKNOWN, mongodb: { url: UNKNOWN }, name: UNKNOWN });
  expect(failures).toEqual([]);
  expect(inputs).toMatchObject({ rabbitmq: UNKNOWN, mongodb: { url: UNKNOWN, database: UNKNOWN } });
  expect(bench.handler.plan(inputs, undefined)).toMatchObject({ apiHost: "http://127.0.0.1:3234", auth: UNKNOWN, signingSecret: UNKNOWN, running: true });
});

test.each([
  ["shop", "cluster", /^shop-cluster$/],
  ["my.shop", "dev", /^my-shop-dev-[0-9a-f]{8}$/],
  ["2nd", "dev", /^nd-dev-[0-9a-f]{8}$/],
  ["123", "4", /^platform-[0-9a-f]{8}$/],
  ["a-project-with-a-name-of-its-own", "production", /^a-project-with-a-name-of-its-ow-[0-9a-f]{8}$/],
])("the default name for project %s and stack %s is allowed and its own", (project, stack, expected) => {
  const name = defaultName(`urn:pulumi:${stack}::${project}::stackwhisk:index:ClusterPlatform::platform`);
  expect(name).toMatch(expected);
  expect(name).toMatch(/^[A-Za-z][\w-]{0,39}$/);
});
