import { Engine, isAway } from "./engine";
import { Images, type PullPolicy } from "./images";
import { FakeEngine, reply } from "./testing/fakeEngine";

describe("images", () => {
  const present = new Set<string>();
  let refusal: string | undefined;
  let fake: FakeEngine;
  let engine: Engine;

  beforeEach(async () => {
    present.clear();
    refusal = undefined;
    fake = await FakeEngine.start((request, response) => {
      const url = new URL(request.url!, fake.host.replace("tcp", "http"));
      if (request.method === "GET") return reply(response, present.has(url.pathname.slice("/images/".length, -"/json".length)) ? 200 : 404, { message: "No such image" });
      const image = [url.searchParams.get("fromImage"), url.searchParams.get("tag")].filter((part) => part !== null).join(":");
      // So an engine answers: 200, and what went wrong later.
      response.writeHead(200).write(`${JSON.stringify({ status: "Pulling" })}\r\n`);
      if (refusal === undefined) present.add(image);
      response.end(`${JSON.stringify(refusal === undefined ? { status: "Done" } : { error: refusal, errorDetail: { message: refusal } })}\r\n`);
    });
    engine = new Engine(fake.host);
  });
  afterEach(async () => {
    await engine.close();
    await fake.close();
  });

  const pulled = () => fake.asked.filter((line) => line.startsWith("POST")).map((line) => line.replace("POST /images/create?", ""));
  const images = (policy: PullPolicy) => new Images(engine, policy);

  it.each([
    ["latest", "me/tool", ["fromImage=me%2Ftool&tag=latest"]],
    ["latest", "me/tool:latest", ["fromImage=me%2Ftool&tag=latest"]],
    ["latest", "me/tool:1", []],
    ["latest", "host:5000/me/tool", ["fromImage=host%3A5000%2Fme%2Ftool&tag=latest"]],
    ["always", "me/tool:1", ["fromImage=me%2Ftool&tag=1"]],
    ["missing", "me/tool", []],
    ["never", "me/tool", []],
  ] as const)("policy %s: %s, which an action brings and which is there", async (policy, image, expected) => {
    present.add(image);
    await images(policy).ensure(image, true);
    expect(pulled()).toEqual(expected);
  });

  it.each(["latest", "always", "missing"] as const)("policy %s: the platform's own are pulled when they are not there, and only then", async (policy) => {
    present.add("runtime:latest");
    await images(policy).ensure("runtime:latest", false);
    expect(pulled()).toEqual([]);
    await images(policy).ensure("other:latest", false);
    expect(pulled()).toEqual(["fromImage=other&tag=latest"]);
  });

  it("pulls by digest", async () => {
    await images("missing").ensure("me/tool@sha256:ab12", true);
    expect(pulled()).toEqual(["fromImage=me%2Ftool%40sha256%3Aab12"]);
  });

  it("pulls once for all who wait", async () => {
    const all = images("always");
    await Promise.all([all.ensure("me/tool", true), all.ensure("me/tool", true)]);
    expect(pulled()).toHaveLength(1);
  });

  it("does with what is there when the registry is away", async () => {
    refusal = "no such host";
    present.add("me/tool");
    await images("latest").ensure("me/tool", true);
  });

  it("tells an engine that goes while it pulls from an image that cannot be had", async () => {
    fake.answer = (request, response) => {
      if (request.method === "GET") return reply(response, 404, { message: "No such image" });
      response.writeHead(200).write(`${JSON.stringify({ status: "Pulling" })}\r\n`);
      setImmediate(() => response.destroy());
    };
    const error: unknown = await images("missing").ensure("me/tool", true).catch((reason: unknown) => reason);
    expect([isAway(error), String(error)]).toEqual([true, expect.stringContaining("The image me/tool could not be pulled: the Docker engine at ")]);
  });

  it("says why an image cannot be had, and the way out", async () => {
    refusal = "pull access denied";
    await expect(images("latest").ensure("me/tool", true)).rejects.toThrow(
      "The image me/tool could not be pulled: pull access denied. Check its name, and whether this machine may read it.",
    );
    await expect(images("missing").ensure("runtime", false)).rejects.toThrow(/^The image runtime could not be pulled: pull access denied. Build it on this machine/);
    await expect(images("never").ensure("me/tool", true)).rejects.toThrow(/is not on the machine of the Docker engine, and this platform pulls none/);
  });
});
