import { describeWithDocker, TestDocker } from "../../../test/support/docker";
import { baseImage } from "../../../test/support/docker/baseImages";
import { docker } from "../../../test/support/docker/cli";
import { until } from "../../../test/support/until";
import { Lifecycle } from "../testing/operation";
import { ContainerReadinessHandler } from "./readiness";

const MINUTES = 60_000;

describeWithDocker("the readiness of a container", () => {
  const lifecycle = new Lifecycle(new ContainerReadinessHandler(), "broker");
  const made: string[] = [];
  let dockerHost: string;
  let image: string;

  beforeAll(async () => {
    dockerHost = await TestDocker.host();
    image = await baseImage("debian:trixie");
  }, 10 * MINUTES);

  afterAll(async () => {
    if (made.length > 0) await docker(dockerHost, "rm", "--force", ...made);
  }, MINUTES);

  async function run(script: string, ...flags: string[]): Promise<string> {
    const id = await docker(dockerHost, "run", "--detach", "--init", "--network=none", ...flags, image, "sh", "-c", script);
    made.push(id);
    return id;
  }

  const failure = (container: string, timeout = 60) =>
    lifecycle.handler.create({ container, dockerHost }, { ...lifecycle.context, timeout }).then(
      () => "it is ready",
      (error: Error) => error.message,
    );

  test("comes with the first success of its health check, whenever Docker itself would have tried that", async () => {
    const container = await run("sleep 0.5; touch /tmp/ready; sleep 600", "--health-cmd", "test -e /tmp/ready", "--health-interval", "1h");
    const state = await lifecycle.create({ container, dockerHost });
    expect(state).toEqual({ id: container, inputs: { container, dockerHost }, outputs: { container, dockerHost, ready: true } });
    expect(await docker(dockerHost, "inspect", "--format", "{{.State.Health.Status}}", container)).toBe("starting");
    expect(await lifecycle.changes(state, { container, dockerHost })).toEqual({});
  }, MINUTES);

  test("that does not come says how long it was waited for, with status and the last lines of the log", async () => {
    const container = await run('echo "reading /etc/broker.conf"; echo \'{"level":40,"time":0,"msg":"no disk"}\'; sleep 600', "--health-cmd", "exit 3", "--health-interval", "1h");
    const name = (await docker(dockerHost, "inspect", "--format", "{{.Name}}", container)).slice(1);
    await until("it has written its log", async () => (await docker(dockerHost, "logs", container)).includes("reading"));
    expect(await failure(container, 1)).toBe(
      `container ${name} is not ready: not ready after 1 s: its health check ended with 3\nIts status: running\nThe last lines of its log (docker logs ${name}):\n  reading /etc/broker.conf\n  00:00:00.000 WARN no disk`,
    );
  }, MINUTES);

  test("of one that ends again and again is given up at once, with its exit code", async () => {
    const message = await failure(await run("echo wrong option; exit 2", "--restart", "unless-stopped", "--health-cmd", "exit 1", "--health-interval", "1h"));
    expect(message).toMatch(/is not ready: it ends again and again\nIts status: \w+, (exit code 2, )?\d+ restarts\n/);
    expect(message).toContain("\n  wrong option");
  }, MINUTES);

  test("of one that there is no more says what makes another", async () => {
    expect(await failure("0123456789ab")).toBe("there is no container 0123456789ab any more: `pulumi up --refresh` makes another one");
  }, MINUTES);

  test("one that somebody has stopped is a change, and started again", async () => {
    const container = await run("sleep 600");
    const state = await lifecycle.create({ container, dockerHost });
    await docker(dockerHost, "stop", "--time", "1", container);
    expect(await lifecycle.changes(state, { container, dockerHost })).toEqual({ ready: "update" });
    expect((await lifecycle.read(state))?.outputs.ready).toBe(false);
    await lifecycle.update(state, { container, dockerHost });
    expect(await docker(dockerHost, "inspect", "--format", "{{.State.Running}}", container)).toBe("true");
  }, MINUTES);
});
