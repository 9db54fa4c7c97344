import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Suite } from "./suite";

/** What /run promises, whatever runs the code. */
export function runContract({ launchWith, samples }: Suite): void {
  describe("run", () => {
    it.each([
      {},
      { string: "hello" },
      { string: "❄ ☃ ❄ \u{1f600} \u0000 \\ \"" },
      { numbers: [42, -1, 1.5, 1e21] },
      { "with\nline": null, yes: true, no: false },
      { object: { a: { b: [{}] } } },
    ])("parameters come back as they were: %j", async (value) => {
      const runtime = await launchWith(samples.echo);
      expect(await runtime.run(value)).toEqual({ status: 200, body: value });
    });

    it("a run without a value has empty parameters", async () => {
      const runtime = await launchWith(samples.echo);
      for (const body of ["{}", '{"value":null}', ""]) expect(await runtime.post("/run", body)).toEqual({ status: 200, body: {} });
    });

    it("a request with line ends between its tokens is understood", async () => {
      const runtime = await launchWith(samples.echo);
      expect(await runtime.post("/run", '{\r\n  "value": {\n    "a": 1\n  }\n}\n')).toEqual({ status: 200, body: { a: 1 } });
    });

    it("arrays are parameters and results too", async () => {
      const echo = await launchWith(samples.echo);
      expect(await echo.run(["c", { d: 1 }])).toEqual({ status: 200, body: ["c", { d: 1 }] });
      const array = await launchWith(samples.array);
      expect(await array.run()).toEqual({ status: 200, body: ["a", "b"] });
    });

    it("unicode survives in source, parameters, log and result", async () => {
      const runtime = await launchWith(samples.unicode);
      expect(await runtime.run({ delimiter: "❄" })).toEqual({ status: 200, body: { winter: "❄ ☃ ❄" } });
      expect(await runtime.logs(1)).toEqual([{ stdout: "❄ ☃ ❄\n", stderr: "" }]);
    });

    it("the context of a run is in its environment", async () => {
      const runtime = await launchWith(samples.context);
      const context = {
        api_host: "http://xyz",
        api_key: "abc",
        namespace: "zzz",
        action_name: "/zzz/xxx",
        action_version: "0.0.1",
        activation_id: "iii",
        transaction_id: "ttt",
        deadline: "123",
      };
      const names = Object.entries(context).map(([key, value]) => [`__OW_${key.toUpperCase()}`, value]);
      expect(await runtime.run({}, context)).toEqual({ status: 200, body: Object.fromEntries(names) });
    });

    it("a deadline that is a number is exported as text", async () => {
      const runtime = await launchWith(samples.context);
      expect(await runtime.run({}, { deadline: 1_700_000_000_000 })).toEqual({ status: 200, body: { __OW_DEADLINE: "1700000000000" } });
    });

    it("an API key is there only in the runs that were given one", async () => {
      const runtime = await launchWith(samples.context);
      expect((await runtime.run({}, { namespace: "n", api_key: "secret" })).body).toEqual({ __OW_NAMESPACE: "n", __OW_API_KEY: "secret" });
      expect((await runtime.run({}, { namespace: "n" })).body).toEqual({ __OW_NAMESPACE: "n" });
      expect((await runtime.run({}, { api_key: "other" })).body).toEqual({ __OW_API_KEY: "other" });
    });

    it("the container's own environment holds where a run says nothing", async () => {
      const runtime = await launchWith(samples.context, { env: { __OW_API_HOST: "container" } });
      expect((await runtime.run()).body).toEqual({ __OW_API_HOST: "container" });
      expect((await runtime.run({}, { api_host: "run" })).body).toEqual({ __OW_API_HOST: "run" });
      expect((await runtime.run()).body).toEqual({ __OW_API_HOST: "container" });
    });

    it("parameters and results of megabytes come through", async () => {
      const echo = await launchWith(samples.echo);
      const value = { text: "å".repeat(1 << 20), list: Array.from({ length: 10_000 }, (_, index) => ({ index })) };
      expect(await echo.run(value)).toEqual({ status: 200, body: value });
      const large = await launchWith(samples.large);
      expect(await large.run({ size: 5 << 20 })).toEqual({ status: 200, body: { text: "x".repeat(5 << 20) } });
    });

    it.each(["text", "nothing"] as const)("a result that is neither object nor array is the developer's error: %s", async (kind) => {
      const runtime = await launchWith(samples[kind]);
      const answer = { status: 502, body: { error: "The action did not return a dictionary or array." } };
      expect(await runtime.run()).toEqual(answer);
      expect(await runtime.run()).toEqual(answer);
      await runtime.logs(2);
    });

    it("an error that the action returns is its answer", async () => {
      const runtime = await launchWith(samples.applicationError);
      expect(await runtime.run()).toEqual({ status: 200, body: { error: "sorry" } });
      expect(await runtime.logs(1)).toEqual([{ stdout: "", stderr: "" }]);
    });

    it("a second run while one is under way is refused", async () => {
      const runtime = await launchWith(samples.waiting);
      const file = join(runtime.folder, "go");
      const first = runtime.run({ file });
      await runtime.printed("waiting");
      expect(await runtime.run({ file })).toEqual({ status: 403, body: { error: "System not ready, status is running." } });
      writeFileSync(file, "");
      expect(await first).toEqual({ status: 200, body: { done: true } });
    });
  });
}
