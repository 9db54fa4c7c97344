import { FakeEngine, reply } from "../invoker/drivers/docker/testing/fakeEngine";
import { platformFields } from "./config";
import { createDriver } from "./driver";
import { RuntimeKinds, runtimesFolder } from "./kinds";

describe("the driver 'docker'", () => {
  const warned: unknown[] = [];
  const logger = { info: () => {}, warn: (_fields: object, message: string) => void warned.push(message), error: () => {} };
  const create = (host: string) => createDriver({ driver: "docker", docker: platformFields.docker.parse({ host, network: "mine" }) }, "test", new RuntimeKinds(runtimesFolder(), { driver: "docker" }), logger);

  it("waits at its start for an engine that is just starting", async () => {
    let away = 6;
    const engine = await FakeEngine.start((request, response) => {
      if (!request.url!.startsWith("/events") && away-- > 0) return void request.socket.destroy();
      if (request.url!.startsWith("/containers/json")) return reply(response, 200, []);
      if (request.url === "/networks/mine") return reply(response, 200, { Driver: "bridge", Options: { "com.docker.network.bridge.enable_icc": "false" }, IPAM: { Config: [{ Gateway: "10.1.0.1", Subnet: "10.1.0.0/24" }] } });
      return reply(response, 404, { message: "not there" });
    });
    try {
      const { driver, network } = await create(engine.host);
      await driver.close();
      expect(network).toEqual({ gateway: "10.1.0.1", subnets: ["10.1.0.0/24"] });
      expect(warned).toEqual(["the Docker engine is waited for"]);
    } finally {
      await engine.close();
    }
  }, 30_000);

  it("says at once that there is no engine", async () => {
    await expect(create("unix:///nowhere/docker.sock")).rejects.toThrow("the driver 'docker' cannot be used: Containers that earlier processes have left could not be removed: the Docker engine at unix:///nowhere/docker.sock does not answer");
  });
});
