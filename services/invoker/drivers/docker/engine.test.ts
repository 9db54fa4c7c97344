import { Engine, EngineError } from "./engine";
import { FakeEngine, reply } from "./testing/fakeEngine";

describe("calls to the engine", () => {
  let fake: FakeEngine;
  let engine: Engine;

  beforeEach(async () => {
    fake = await FakeEngine.start((_request, response) => reply(response, 200, {}));
    engine = new Engine(fake.host);
  });
  afterEach(async () => {
    await engine.close();
    await fake.close();
  });

  it("are bounded in number, however many are made", async () => {
    let [open, most] = [0, 0];
    fake.answer = (_request, response) => {
      most = Math.max(most, ++open);
      setImmediate(() => {
        open--;
        reply(response, 200, {});
      });
    };
    await Promise.all(Array.from({ length: 100 }, () => engine.call("GET", "/containers/json")));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
  });

  it("are made again when the engine was away, if they have the same outcome twice", async () => {
    let away = 2;
    fake.answer = (request, response) => (away-- > 0 ? request.socket.destroy() : reply(response, 200, { ok: true }));
    expect(await engine.call("GET", "/a")).toEqual({ ok: true });
    away = 1;
    expect(await engine.call("DELETE", "/b", { again: true })).toEqual({ ok: true });
    away = 1;
    await expect(engine.call("POST", "/c")).rejects.toThrow(EngineError);
    expect(fake.asked).toEqual(["GET /a", "GET /a", "GET /a", "DELETE /b", "DELETE /b", "POST /c"]);
  });

  it("are given up when the engine does not answer in time, those that wait for their turn too, and then not made again", async () => {
    fake.answer = () => undefined;
    const calls = Array.from({ length: 9 }, () => engine.call("GET", "/a", { limit: 200 }));
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { status: 0, message: expect.stringContaining("does not answer: it has taken more than 200 ms") as string } });
    }
    expect(fake.asked.length).toBeLessThanOrEqual(8);
  });

  it("whose answers are streams have to begin in time, and then take as long as they like", async () => {
    fake.answer = () => undefined;
    await expect(engine.stream("POST", "/a", { limit: 100 })).rejects.toThrow("it has taken more than 100 ms");
    fake.answer = (_request, response) => {
      response.writeHead(200).write("begun");
      setTimeout(() => response.end(", ended"), 300);
    };
    let text = "";
    for await (const chunk of await engine.stream("POST", "/a", { limit: 100 })) text += String(chunk);
    expect(text).toBe("begun, ended");
  });

  it("that are refused say what the engine says", async () => {
    fake.answer = (_request, response) => reply(response, 409, { message: "is paused" });
    await expect(engine.call("GET", "/a")).rejects.toMatchObject({ status: 409, message: "is paused" });
    expect(fake.asked).toHaveLength(1);
  });

  it("name the engine that does not answer", async () => {
    const { host } = fake;
    await fake.close();
    await expect(engine.call("POST", "/a")).rejects.toMatchObject({ status: 0, message: expect.stringContaining(`the Docker engine at ${host} does not answer: `) as string });
  });
});
