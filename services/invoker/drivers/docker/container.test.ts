import { PassThrough } from "node:stream";
import { DockerContainer } from "./container";
import { Engine } from "./engine";
import { FakeEngine, reply } from "./testing/fakeEngine";

it("a container that was paused goes on while others start, however many these are", async () => {
  const fake = await FakeEngine.start((request, response) => {
    if (request.url === "/containers/mine/unpause") reply(response, 204);
  });
  const engine = new Engine(fake.host);
  try {
    const starts = Array.from({ length: 20 }, (_, n) => engine.call("POST", `/containers/${n}/start`).catch(() => undefined));
    await new DockerContainer("mine", 256, engine, new PassThrough()).resume();
    await engine.close();
    await Promise.all(starts);
  } finally {
    await fake.close();
  }
});
