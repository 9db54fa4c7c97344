import { describeWithRuntime } from "../support/needs";
import { annotation, type Suite } from "../support/suite";

/** The kinds of code besides JavaScript. */
export function runtimeCases(suite: Suite): void {
  const { n } = suite;

  describeWithRuntime(suite.target, "python", "Python", () => {
    const name = n("python");
    beforeAll(() => suite.api.must(`PUT actions/${name}`, { body: { exec: { kind: "python:default", code: "def main(args):\n    print('hear me')\n    return {'hello': args.get('name')}\n" } } }));

    test("has a kind of a version", async () => expect((await suite.api.must(`GET actions/${name}`)).body.exec.kind).toMatch(/^python:\d/));
    test("runs", async () => expect((await suite.api.invoke(name, { name: "ü" })).body).toEqual({ hello: "ü" }));
    test("is named by the record", async () => expect(annotation(await suite.api.run(name), "kind")).toMatch(/^python:\d/));
    test("has its log", async () => expect((await suite.record((await suite.api.run(name)).activationId)).logs.join("\n")).toMatch(/stdout: hear me/));
    test("keeps its parameters when its code becomes JavaScript", async () => {
      const changing = n("python-changes");
      await suite.api.must(`PUT actions/${changing}`, { body: { exec: { kind: "python:default", code: "def main(args):\n    return args\n" }, parameters: [{ key: "a", value: 1 }] } });
      await suite.api.must(`PUT actions/${changing}?overwrite=true`, { body: { exec: { kind: "nodejs:default", code: "function main(args) { return args }" } } });
      expect((await suite.api.invoke(changing)).body).toEqual({ a: 1 });
    });
    test("that fails tells so", async () => {
      await suite.api.must(`PUT actions/${n("python-fails")}`, { body: { exec: { kind: "python:default", code: "def main(args):\n    raise Exception('on purpose')\n" } } });
      const { status, body } = await suite.api.call(`POST actions/${n("python-fails")}?blocking=true`);
      expect([status, body.response.success]).toEqual([502, false]);
    });
  });
}
