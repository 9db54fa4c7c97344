import { networkInterfaces } from "node:os";
import { TestDocker } from "../../support/docker";
import { docker } from "../../support/docker/cli";
import { TestMongo } from "../../support/mongodb";
import { TestRabbitMq } from "../../support/rabbitmq";
import type { TestedPlatform } from "./platform";

export interface IsolatedPlatform {
  platform: TestedPlatform;
  /** Name of the network of its actions. */
  network: string;
  /** Ports of this machine that are the platform's own: health, metrics. */
  privatePorts: number[];
}

/** Tries to connect, and to read over HTTP what is there. */
const PROBE = `async function main({ targets, urls }) {
  const reach = ([host, port]) => new Promise((resolve) => {
    const socket = require("node:net").connect({ host, port });
    const done = (what) => { socket.destroy(); resolve(what); };
    socket.setTimeout(1000, () => done("silence"));
    socket.once("connect", () => done("reached"));
    socket.once("error", ({ code }) => done(code));
  });
  const status = (url) => fetch(url, { signal: AbortSignal.timeout(5000) }).then(({ status }) => status, ({ cause, name }) => cause?.code ?? name);
  return { reached: await Promise.all(targets.map(reach)), statuses: await Promise.all(urls.map((url) => status(url.replace("API", process.env.__OW_API_HOST)))) };
}`;

const UNREACHED = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "silence"];

/** What actions in containers can reach, and what not. */
export function isolationCases(start: () => Promise<IsolatedPlatform>): void {
  test("an action reaches the API and its way out, but neither broker, database, admin API, the platform's own ports nor another action", async () => {
    const { platform, network: name, privatePorts } = await start();
    const host = await TestDocker.host();
    const client = platform.client();
    await client.putAction("other", "function main() { return { address: Object.values(require('os').networkInterfaces()).flat().find(({ internal, family }) => !internal && family === 'IPv4').address } }");
    await client.putAction("probe", PROBE);
    const { address: other } = (await client.invoke("other")).body as { address: string };
    const network = JSON.parse(await docker(host, "network", "inspect", "--format", "{{json .}}", name)) as { IPAM: { Config: { Gateway: string }[] }; Internal: boolean };
    const gateway = network.IPAM.Config[0]!.Gateway;
    const isolated = await isolatedListener(name);
    try {
      const servers = [await TestRabbitMq.shared(), await TestMongo.shared()].map((url) => Number(new URL(url).port));
      const targets = [
        [other, 8080],
        [isolated.address, 8080],
        ...[gateway, ...ownAddresses()].flatMap((address) => [...servers, ...privatePorts].map((port) => [address, port])),
      ];
      const answer = await client.invoke("probe", { targets, urls: ["API/api/v1", "API/api/v1/namespaces", "API/admin/v1/namespaces", "API/%61dmin/v1/namespaces", "API//admin/v1/namespaces"] });
      const { reached, statuses } = answer.body as { reached: string[]; statuses: number[] };
      expect(targets.map((target, i) => [...target, UNREACHED.includes(reached[i]!) || reached[i]])).toEqual(targets.map((target) => [...target, true]));
      expect(statuses).toEqual([200, 401, 404, 404, 404]);
      expect(network.Internal).toBe(false);
    } finally {
      await isolated.remove();
    }
  });

  /** In the place of a broker or database in Docker: a listener on another network, without published ports. */
  async function isolatedListener(actions: string): Promise<{ address: string; remove(): Promise<void> }> {
    const [host, network] = [await TestDocker.host(), `${actions}-private`];
    await docker(host, "network", "create", network);
    const id = await docker(host, "run", "--detach", "--network", network, "stackwhisk-test/runtime-nodejs:24");
    const address = await docker(host, "inspect", "--format", `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`, id);
    return {
      address,
      async remove() {
        await docker(host, "rm", "--force", id);
        await docker(host, "network", "rm", network);
      },
    };
  }

  /** Of this machine in other networks. */
  function ownAddresses(): string[] {
    return Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === "IPv4" && !internal)
      .map(({ address }) => address)
      .slice(0, 3);
  }
}
