import { describeWithDocker, TestDocker } from "../../../test/support/docker";
import { baseImage } from "../../../test/support/docker/baseImages";
import { docker } from "../../../test/support/docker/cli";
import { randomPrefix } from "../../../test/support/rabbitmq";
import { Lifecycle } from "../testing/operation";
import { ActionContainersHandler } from "./actionContainers";

const MINUTES = 60_000;

describeWithDocker("the containers of an invoker's actions", () => {
  const lifecycle = new Lifecycle(new ActionContainersHandler(), "platform-invoker-0");
  const platform = randomPrefix();
  const network = "5cd8f5688334";
  const made: string[] = [];
  let dockerHost: string;
  let image: string;

  beforeAll(async () => {
    dockerHost = await TestDocker.host();
    image = await baseImage("debian:trixie");
  }, 10 * MINUTES);

  afterAll(async () => {
    if (made.length > 0) await docker(dockerHost, "rm", "--force", "--volumes", ...made).catch(() => undefined);
  }, MINUTES);

  /** A container with the labels that an invoker gives those of its actions. */
  async function container(command: "run" | "create", invoker: string, of = platform): Promise<string> {
    const labels = Object.entries({ platform: of, invoker, process: "7 0" }).flatMap(([name, value]) => ["--label", `stackwhisk.${name}=${value}`]);
    const id = await docker(dockerHost, command, ...(command === "run" ? ["--detach"] : []), "--network=none", ...labels, image, "sleep", "600");
    made.push(id);
    return id;
  }

  const present = async () => (await docker(dockerHost, "ps", "--all", "--quiet", "--no-trunc")).split("\n").filter((id) => made.includes(id)).sort();

  test("go with the resource, in whatever state they are, and nobody else's do", async () => {
    const state = await lifecycle.create({ platform, invoker: `${platform}-0`, network, dockerHost });
    const paused = await container("run", `${platform}-0`);
    await docker(dockerHost, "pause", paused);
    const ended = await container("run", `${platform}-0`);
    await docker(dockerHost, "kill", ended);
    await container("run", `${platform}-0`);
    await container("create", `${platform}-0`);
    const others = [await container("run", `${platform}-1`), await container("create", `${platform}-0`, `${platform}-other`)];
    await lifecycle.delete(state);
    expect(await present()).toEqual(others.sort());
    // What is gone already is no failure.
    await lifecycle.delete(state);
  }, 2 * MINUTES);

  test("of another invoker are another resource; the engine may be reached in another way", async () => {
    const state = await lifecycle.create({ platform, invoker: "a", network, dockerHost });
    expect(await lifecycle.changes(state, { platform, invoker: "a", network, dockerHost })).toEqual({});
    const moved = { platform, invoker: "a", network: "157d45644afd", dockerHost };
    expect(await lifecycle.handler.diff(state, moved, lifecycle.context)).toEqual({ changes: { network: "update-replace" }, deleteBeforeReplace: true });
    expect(await lifecycle.changes(state, { platform, invoker: "b", network, dockerHost: "tcp://127.0.0.1:2375" })).toEqual({ invoker: "update-replace", dockerHost: "update" });
  });

  test("on an engine that does not answer are a failure that names it", async () => {
    await expect(lifecycle.delete(await lifecycle.create({ platform, invoker: "a", network, dockerHost: "unix:///nowhere/docker.sock" }))).rejects.toThrow("/nowhere/docker.sock");
  });
});
