import { describeWithDocker, TestDocker } from "../support/docker";
import { docker } from "../support/docker/cli";
import { type DockerDistributed, startDistributedOnDocker } from "../support/docker/distributed";
import { containersOf } from "../support/docker/runtimes";
import { TestMongo } from "../support/mongodb";
import { TestRabbitMq } from "../support/rabbitmq";
import { describeWithServers } from "../support/servers";
import { until } from "../support/until";
import { isolationCases } from "./cases/isolation";

// Images may have to be built first.
jest.setTimeout(600_000);

const start = async (config: Record<string, unknown> = {}) =>
  startDistributedOnDocker({ rabbitmq: await TestRabbitMq.shared(), mongodb: await TestMongo.shared(), controllers: 2, invokers: 2, config });

describeWithDocker("a platform of several processes on Docker", () =>
  describeWithServers("and on servers", () => {
    let started: DockerDistributed | undefined;

    afterEach(async () => {
      await started?.platform.dispose();
      started = undefined;
    });

    describe("keeps containers to themselves:", () =>
      isolationCases(async () => {
        started = await start({ adminKey: "a".repeat(32) });
        const privatePorts = started.platform.processes.map(({ log }) => Number(new URL(/"admin":"([^"]+)"/.exec(log)![1]!).port));
        return { ...started, privatePorts };
      }));

    test("answers blocking calls and records accepted ones, with their logs, from containers of both invokers", async () => {
      started = await start();
      const { platform } = started;
      const client = platform.client();
      await client.putAction("talk", "async function main({ n }) { console.log('run ' + n); await new Promise((done) => setTimeout(done, 300)); return { n, host: require('os').hostname() } }");
      await until("the other controller knows the action", async () => (await platform.clientOf(1).call("GET", "actions/talk")).status === 200);
      const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => platform.clientOf(n % 2).invoke("talk", { n }, "blocking=true")));
      expect(answers.map(({ status, body }) => [status, body.response?.result?.n as number])).toEqual(Array.from({ length: 12 }, (_, n) => [200, n]));
      const accepted = await Promise.all(Array.from({ length: 12 }, (_, n) => client.must("POST", "actions/talk", { n })));
      for (const [n, { body }] of [...answers, ...accepted].entries()) {
        const record = await client.activation(body.activationId as string, 60_000);
        expect(record.response.result).toMatchObject({ n: n % 12 });
        expect(record.logs).toEqual([expect.stringMatching(new RegExp(`Z stdout: run ${n % 12}$`))]);
      }
    });

    test("removes what a killed invoker has left when that is started again, and nothing of the other's", async () => {
      started = await start({ prewarm: false });
      const { platform } = started;
      const [client, host] = [platform.client(), await TestDocker.host()];
      await client.putAction("wait", "const main = () => new Promise((done) => setTimeout(() => done({}), 500)); exports.main = main");
      await Promise.all(Array.from({ length: 6 }, () => client.invoke("wait")));
      const ownerOf = async (id: string) => docker(host, "inspect", "--format", '{{index .Config.Labels "stackwhisk.process"}}', id);
      const victim = platform.invokers[0]!;
      const mine = async () => {
        const owned: string[] = [];
        for (const id of await containersOf(platform.name)) if ((await ownerOf(id)).startsWith(`${victim.pid} `)) owned.push(id);
        return owned;
      };
      const left = await mine();
      const others = (await containersOf(platform.name)).filter((id) => !left.includes(id));
      expect(left.length).toBeGreaterThan(0);
      await victim.restart();
      const now = await containersOf(platform.name);
      expect(left.filter((id) => now.includes(id))).toEqual([]);
      expect(others.filter((id) => !now.includes(id))).toEqual([]);
      expect((await client.invoke("wait")).status).toBe(200);
    });
  }),
);
