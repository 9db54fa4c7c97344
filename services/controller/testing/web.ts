import type { Response } from "supertest";
import { type ActivationResponse, success } from "../../core/model/activation";
import type { Action } from "../../core/model/entities";
import type { Json, JsonObject, KeyValue } from "../../core/model/parameters";
import { anAction } from "../../core/testing/fixtures";
import { seed } from "../../core/testing/memoryStore";
import { Harness, type Options } from "./harness";

/** Annotations of a web action: `web-export` and others. */
export const exported = (others: JsonObject = {}): KeyValue[] => Object.entries({ "web-export": true, ...others }).map(([key, value]) => ({ key, value }));

/** Nobody: web actions are called without a key. */
export const NOBODY: Options = { as: null };

export type Send = Options & { method?: Parameters<Harness["send"]>[0]; type?: string; body?: string | Buffer };

/** A controller with one web action, `guest/default/page`. */
export class WebHarness {
  private constructor(readonly api: Harness) {}

  static async start(): Promise<WebHarness> {
    return new WebHarness(await Harness.start());
  }

  /** Makes or changes the action: it answers with a value; without one, with its arguments. */
  async page(answer?: Json, annotations: JsonObject = {}, change: Partial<Action> = {}): Promise<void> {
    await this.run(answer === undefined ? undefined : success(answer), annotations, change);
  }

  /** The same for a run that ends in some way. */
  async run(outcome: ActivationResponse | undefined, annotations: JsonObject = {}, change: Partial<Action> = {}): Promise<void> {
    const { store, entities, invoker } = this.api.world;
    await seed(store, anAction("page", { annotations: exported(annotations), ...change }));
    entities.invalidate("guest/page");
    invoker.code.set("guest/page", ({ args }) => outcome ?? success(args));
  }

  /** @param rest what follows `page` in the URL */
  url = (rest = "") => `/api/v1/web/guest/default/page${rest}`;

  send(rest = "", { method = "get", type, body, ...options }: Send = {}): Promise<Response> {
    const test = this.api.send(method, rest.startsWith("/api") ? rest : this.url(rest), undefined, { ...NOBODY, ...options });
    if (type !== undefined) void test.set("content-type", type);
    if (body !== undefined) void test.serialize((value) => value as never).send(body as never);
    return Promise.resolve(test);
  }

  /** What the action is given. */
  async given(rest = ".json", options: Send = {}): Promise<JsonObject> {
    const response = await this.send(rest, options);
    if (response.status !== 200) throw new Error(`${response.status} ${response.text}`);
    return response.body as JsonObject;
  }

  close = () => this.api.close();
}
