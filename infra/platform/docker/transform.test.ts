import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DockerTransforms } from "./dockerTarget";
import { CONTAINER, IMAGE, NETWORK, Program, VOLUME } from "./testing/program";

const program = Program.ofEachTest();

describe("transform changes what a child is told:", () => {
  const READINESS = "stackwhisk:index:ContainerReadiness";
  const [label, memory, platform, url] = [{ labels: [{ label: "team", value: "shop" }] }, { memory: 512 }, { platform: "linux/arm64" }, { url: "http://127.0.0.1:1/ready" }];
  const cases: [keyof DockerTransforms, string, string[], object][] = [
    ["keys", "stackwhisk:index:PlatformKeys", ["main"], { namespace: "shop" }],
    ["platformNetwork", NETWORK, ["main-platform"], label],
    ["actionNetwork", NETWORK, ["main-actions"], { internal: true }],
    ["rabbitmqVolume", VOLUME, ["main-rabbitmq"], { driver: "nfs" }],
    ["mongodbVolume", VOLUME, ["main-mongodb"], { driver: "nfs" }],
    ["runtimeImage", IMAGE, ["main-runtime-nodejs-22", "main-runtime-nodejs-24", "main-runtime-python-3"], platform],
    ["actionContainers", "stackwhisk:index:ActionContainers", ["main-invoker-0", "main-invoker-1"], { dockerHost: "tcp://docker.example:2375" }],
    ...([["rabbitmq", "rabbitmq"], ["mongodb", "mongodb"], ["controller", "controller-0", "controller-1"], ["invoker", "invoker-0", "invoker-1"], ["loadBalancer", "api"]] as const).flatMap(([part, ...each]): typeof cases => {
      const all = each.map((name) => `main-${name}`);
      const image = `main-${part === "loadBalancer" ? "api" : part}`;
      return [[`${part}Image`, IMAGE, [image], platform], [`${part}Container`, CONTAINER, all, memory], [`${part}Readiness`, READINESS, all, url]];
    }),
  ];

  test("every one of them, by values", async () => {
    await program.make({ transform: Object.fromEntries(cases.map(([transform, , , values]) => [transform, values])) });
    for (const [, type, children, values] of cases) for (const child of children) expect([child, program.inputsOf(type, child)]).toEqual([child, expect.objectContaining(values)]);
    expect(cases.flatMap(([, type, children]) => children.map((child) => `${type} ${child}`)).sort()).toEqual(
      program.recorded.filter(({ type }) => type.startsWith("docker:") || type.startsWith("stackwhisk:index:")).map(({ type, name }) => `${type} ${name}`).sort(),
    );
  });

  test("every one of them, by functions, which get its options too", async () => {
    const seen: string[] = [];
    const transform = (name: string) => (args: object, opts: pulumi.CustomResourceOptions) => {
      Object.assign(args, cases.find(([one]) => one === name)![3]);
      if (opts.parent !== undefined) seen.push(name);
    };
    await program.make({ transform: Object.fromEntries(cases.map(([name]) => [name, transform(name)])) });
    for (const [, type, children, values] of cases) for (const child of children) expect([child, program.inputsOf(type, child)]).toEqual([child, expect.objectContaining(values)]);
    expect(seen.sort()).toEqual(cases.flatMap(([name, , children]) => children.map(() => name)).sort());
  });

  test("another way to build an image makes another image", async () => {
    const tag = async (transform: DockerTransforms) => {
      await program.again({ name: "shop", transform });
      return String(program.inputsOf(IMAGE, "main-controller").name);
    };
    const usual = await tag({});
    const changed = await tag({ controllerImage: (args) => void (args.build = { ...(args.build as docker.types.input.RemoteImageBuild), buildArgs: { BASE: pulumi.output("mine/node") } }) });
    expect(changed).toMatch(/^shop\/controller:[0-9a-f]{16}$/);
    expect(changed).not.toBe(usual);
    expect(await tag({ controllerImage: { forceRemove: false } })).toBe(usual);
    expect(await tag({ controllerImage: { name: "mine/controller:1" } })).toBe("mine/controller:1");
  });
});
