import { runtimeImage } from "../../runtimes/testing/images";
import { ContainerClient } from "../../services/invoker/containerClient";
import { DockerDriver } from "../../services/invoker/drivers/docker";
import { describeWithDocker, TestDocker } from "../support/docker";
import { docker, moveImage } from "../support/docker/cli";
import { until } from "../support/until";

const KIND = "nodejs:24";
/** Base images and runtimes may have to be built first. */
const BUILD_LIMIT = 600_000;

describeWithDocker("the Docker driver and its engine", () => {
  it("outlive each other: containers that the engine keeps over its restart are of use, and those that it loses are told as gone", async () => {
    const engine = await TestDocker.own();
    const platform = "restarted";
    try {
      const runtime = await runtimeImageOn(engine.host);
      const driver = new DockerDriver({ host: engine.host, platform, imageOf: () => runtime, readyTimeout: 60_000 });
      const [kept, lost] = await Promise.all([0, 1].map(() => driver.create({ name: "a", kind: KIND, memory: 128, env: {} })));
      const client = new ContainerClient(kept!.address);
      const code = "function main(args) { console.log(args.text); return args }";
      await client.post("/init", JSON.stringify({ value: { name: "a", main: "main", code, binary: false, env: {} } }), 20_000);
      await engine.kill();
      // A run needs no engine.
      expect(await client.post("/run", JSON.stringify({ value: { text: "away" } }), 20_000)).toMatchObject({ status: 200, body: '{"text":"away"}' });
      await engine.start();
      await docker(engine.host, "kill", lost!.id);
      expect(await lost!.gone).toBe("was ended by SIGKILL");
      const heard: string[] = [];
      kept!.onLog((_stream, line) => heard.push(line));
      await until("output comes again", async () => {
        await client.post("/run", JSON.stringify({ value: { text: "back" } }), 20_000);
        return heard.includes("back");
      });
      const another = await driver.create({ name: "b", kind: KIND, memory: 128, env: {} });
      client.close();
      await driver.close();
      await Promise.all([kept!.gone, another.gone]);
      expect(await docker(engine.host, "ps", "--all", "--quiet")).toBe("");
    } finally {
      await engine.dispose();
    }
  }, BUILD_LIMIT);

  it("come back together: containers that have ended with the engine are told as gone, what was to be started or removed meanwhile is", async () => {
    const engine = await TestDocker.own({ liveRestore: false });
    try {
      const runtime = await runtimeImageOn(engine.host);
      const driver = new DockerDriver({ host: engine.host, platform: "restarted", imageOf: () => runtime, readyTimeout: 60_000 });
      const create = () => driver.create({ name: "a", kind: KIND, memory: 128, env: {} });
      const present = async () => (await docker(engine.host, "ps", "--all", "--quiet", "--no-trunc")).split("\n").sort();
      const [idle, paused, unwanted] = [await create(), await create(), await create()];
      await paused.pause();
      const cutShort = create();
      await until("it is about to start", async () => (await present()).length === 4);
      await engine.kill();
      const started = create();
      await expect(unwanted.destroy()).rejects.toThrow("could not be removed: the Docker engine at");
      await engine.start();
      expect(await Promise.all([idle.gone, paused.gone])).toEqual(Array(2).fill(expect.stringMatching(/^(was|exited)/)));
      const containers = await Promise.all([started, cutShort]);
      for (const { address } of containers) {
        const client = new ContainerClient(address);
        expect(await client.post("/init", JSON.stringify({ value: { name: "a", main: "main", code: "function main() { return {} }", binary: false } }), 20_000)).toMatchObject({ status: 200 });
        client.close();
      }
      await until("nothing else is there", async () => (await present()).join() === containers.map(({ id }) => id).sort().join());

      process.kill(engine.pid!, "SIGSTOP");
      const [another, removal] = [create(), containers[0]!.destroy()];
      await new Promise((resolve) => setImmediate(resolve));
      process.kill(engine.pid!, "SIGCONT");
      await removal;
      expect((await present()).join()).toBe([(await another).id, containers[1]!.id].sort().join());
      await driver.close();
    } finally {
      await engine.dispose();
    }
  }, BUILD_LIMIT);

  /** The same image on another engine. */
  async function runtimeImageOn(engine: string): Promise<string> {
    const [host, image] = [await TestDocker.host(), await runtimeImage("stackwhisk/runtime-nodejs:24")];
    await docker(host, "tag", image, "stackwhisk-test/moved");
    return moveImage(host, engine, "stackwhisk-test/moved");
  }
}, { own: true });
