import { createRequire } from "node:module";
import type { ActivationRecord, Client } from "../../support/client";
import type { StartPlatform, TestedPlatform } from "./platform";

/* The package brings no types: this is what is used of it. */
interface Composition {
  compile(): object;
}
type Combinator = (...parts: unknown[]) => Composition;
interface ComposerClient {
  compositions: { deploy(composition: object, overwrite?: boolean): Promise<unknown> };
}
const load = createRequire(__filename);
const composer = load("openwhisk-composer") as Record<string, Combinator>;
const composerClient = load("openwhisk-composer/client") as (options: object, basic: boolean) => ComposerClient;

const CONDUCTOR = { annotations: [{ key: "conductor", value: true }] };
const valueOf = ({ annotations }: ActivationRecord, key: string): unknown => annotations.find((annotation) => annotation.key === key)?.value;

/** What a user may expect of conductors and of compositions made by Composer, whatever the platform is made of. */
export function compositionCases(start: StartPlatform): void {
  let platform: TestedPlatform;
  let client: Client;

  beforeAll(async () => {
    platform = await start();
    client = platform.client();
    await client.putAction("triple", "function main({ value }) { return { value: value * 3 } }");
    await client.putAction("increment", "function main({ value }) { return { value: value + 1 } }", { limits: { memory: 128 } });
    await client.putAction("fail", "function main() { return { error: 'no such thing' } }");
  });

  afterAll(() => platform.dispose());

  describe("a conductor", () => {
    beforeAll(() =>
      client.putAction(
        "tripleAndIncrement",
        `function main(params) {
          const step = params.$step || 0;
          delete params.$step;
          switch (step) {
            case 0: return { action: "triple", params, state: { $step: 1 } };
            case 1: return { action: "increment", params, state: { $step: 2 } };
            case 2: return { params };
          }
        }`,
        CONDUCTOR,
      ),
    );

    test("runs the actions that it names, one after the other, with its result as the end", async () => {
      expect(await client.invoke("tripleAndIncrement", { value: 3 })).toMatchObject({ status: 200, body: { value: 10 } });
    });

    test("is recorded like a sequence: with its runs and those of the actions as its logs, each of which names it as its cause", async () => {
      const { body } = await client.invoke("tripleAndIncrement", { value: 3 }, "blocking=true");
      const { activationId, logs } = body as ActivationRecord;
      const record = await client.activation(activationId);
      expect(record.logs).toEqual(logs);
      expect(record.cause).toBeUndefined();
      expect([valueOf(record, "kind"), valueOf(record, "conductor"), valueOf(record, "topmost"), valueOf(record, "path")]).toEqual(["sequence", true, true, "guest/tripleAndIncrement"]);
      expect(valueOf(record, "limits")).toMatchObject({ memory: 256 });
      const runs = await Promise.all(record.logs.map((id) => client.activation(id)));
      expect(runs.map(({ name }) => name)).toEqual(["tripleAndIncrement", "triple", "tripleAndIncrement", "increment", "tripleAndIncrement"]);
      for (const run of runs) expect([run.cause, valueOf(run, "causedBy"), valueOf(run, "kind")]).toEqual([activationId, "sequence", "nodejs:24"]);
      expect(record.duration).toBe(runs.reduce((sum, { duration }) => sum + duration, 0));
      expect(record.start).toBeLessThanOrEqual(runs[0]!.start);
      expect(record.end).toBeGreaterThanOrEqual(runs.at(-1)!.end);
    });

    test("invoked without waiting is answered 202 and recorded later", async () => {
      const { status, body } = await client.invoke("tripleAndIncrement", { value: 3 }, "");
      expect(status).toBe(202);
      const record = await client.activation((body as { activationId: string }).activationId);
      expect([record.response.result, record.logs.length]).toEqual([{ value: 10 }, 5]);
    });

    test("is told that an action is missing", async () => {
      await client.putAction("lost", "function main(params) { return params.error ? { params: { told: params.error } } : { action: 'nowhere' } }", CONDUCTOR);
      expect((await client.invoke("lost")).body).toEqual({ told: "Failed to resolve action with name 'guest/nowhere' during composition." });
    });

    test("runs when a trigger is fired, too", async () => {
      await client.must("PUT", "triggers/go?overwrite=true", {});
      await client.must("PUT", "rules/go-compose?overwrite=true", { trigger: "/_/go", action: "/_/tripleAndIncrement" });
      const fire = await client.activation(((await client.must("POST", "triggers/go", { value: 1 })).body as { activationId: string }).activationId);
      const { activationId } = JSON.parse(fire.logs[0]!) as { activationId: string };
      expect((await client.activation(activationId)).response.result).toMatchObject({ value: 4 });
    });
  });

  describe("a composition made by Composer", () => {
    let deployed = 0;

    async function run(composition: Composition, payload: object) {
      const name = `composition-${++deployed}`;
      const [host, options] = [platform.apiHost, { api_key: platform.auth }];
      await composerClient({ apihost: host, ...options }, true).compositions.deploy({ name: `/_/${name}`, ...composition.compile() }, true);
      const { status, body } = await client.invoke(name, payload);
      return { status, body: body as unknown };
    }

    test.each<[string, () => Composition, object, object]>([
      ["sequence", () => composer.sequence!("triple", "increment"), { value: 3 }, { value: 10 }],
      ["function", () => composer.function!("({ x, y }) => ({ product: x * y })"), { x: 6, y: 7 }, { product: 42 }],
      ["literal", () => composer.sequence!(composer.literal!({ value: 1 }), "increment"), { value: 9 }, { value: 2 }],
      ["empty", () => composer.empty!(), { value: 9 }, { value: 9 }],
      ["if, taken", () => composer.if!(composer.function!("({ value }) => ({ value: value % 2 === 0 })"), "triple", "increment"), { value: 4 }, { value: 12 }],
      ["if, not taken", () => composer.if!(composer.function!("({ value }) => ({ value: value % 2 === 0 })"), "triple", "increment"), { value: 3 }, { value: 4 }],
      ["while", () => composer.while!(composer.function!("({ value }) => ({ value: value < 50 })"), "triple"), { value: 1 }, { value: 81 }],
      ["dowhile", () => composer.dowhile!("triple", composer.function!("({ value }) => ({ value: value < 5 })")), { value: 5 }, { value: 15 }],
      ["repeat", () => composer.repeat!(3, "increment"), { value: 1 }, { value: 4 }],
      ["let", () => composer.let!({ factor: 5 }, composer.function!("({ value }) => ({ value: value * factor })"), "increment"), { value: 2 }, { value: 11 }],
      ["mask", () => composer.let!({ n: 1 }, composer.let!({ n: 2 }, composer.mask!(composer.function!("() => ({ n })")))), {}, { n: 1 }],
      ["try", () => composer.try!("fail", composer.function!("({ error }) => ({ caught: error })")), {}, { caught: "no such thing" }],
      ["finally", () => composer.finally!("fail", composer.function!("({ error }) => ({ after: error })")), {}, { after: "no such thing" }],
      ["retry", () => composer.let!({ n: 2 }, composer.retry!(2, composer.function!("() => n-- > 0 ? { error: 'again' } : { done: true }"))), {}, { done: true }],
      ["retain", () => composer.retain!("increment"), { value: 1 }, { params: { value: 1 }, result: { value: 2 } }],
      ["retain_catch", () => composer.retain_catch!("fail"), { value: 1 }, { params: { value: 1 }, result: { error: "no such thing" } }],
      ["merge", () => composer.merge!(composer.function!("({ value }) => ({ twice: 2 * value })")), { value: 4 }, { value: 4, twice: 8 }],
      ["dynamic", () => composer.dynamic!(), { type: "action", name: "triple", params: { value: 2 } }, { value: 6 }],
      ["action, with its code", () => composer.action!("greet", { action: "const main = ({ name }) => ({ text: `Hello, ${name}!` })" }), { name: "Ada" }, { text: "Hello, Ada!" }],
    ])("runs unchanged: %s", async (_, compose, payload, expected) => {
      expect(await run(compose(), payload)).toEqual({ status: 200, body: expected });
    });

    test("that fails is answered with its error", async () => {
      expect(await run(composer.sequence!("triple", "fail", "increment"), { value: 1 })).toEqual({ status: 502, body: { error: "no such thing" } });
    });

    test("that goes on by itself invokes itself with the key that it asks for", async () => {
      const { status, body } = await run(composer.async!("triple", "increment"), { value: 3 });
      expect([status, body]).toEqual([200, { method: "async", activationId: expect.any(String), sessionId: expect.any(String) }]);
      expect((await client.activation((body as { activationId: string }).activationId)).response.result).toEqual({ value: 10 });
    });
  });
}
