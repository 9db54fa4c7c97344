import { once } from "node:events";
import { createServer, request, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Registry } from "prom-client";
import { until } from "../../test/support/until";
import { observeRequests } from "./http";
import { samplesOf, valuesOf } from "./testing/samples";

const registry = new Registry();
let server: Server;
let app: RequestListener;

beforeAll(async () => {
  let now = 0;
  // Each request takes 30 ms by this clock.
  server = createServer(observeRequests(registry, (asked, response) => app(asked, response), () => (now += 30))).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const ask = (method: string) => request({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", method, agent: false, path: "/api/v1/namespaces/guest/actions/secret" });

async function answered(method: string, status: number): Promise<void> {
  app = (_request, response) => void response.writeHead(status).end();
  const [response] = (await once(ask(method).end(), "response")) as [NodeJS.ReadableStream];
  response.resume();
  await once(response, "end");
}

test("requests are counted by method and class of status, timed, and refusals are told apart", async () => {
  for (const [method, status] of [["GET", 200], ["GET", 404], ["POST", 200], ["POST", 202], ["POST", 429], ["POST", 503], ["POST", 503]] as const) await answered(method, status);
  const samples = await until("all are counted", async () => {
    const found = samplesOf(await registry.metrics());
    return found['stackwhisk_http_request_duration_seconds_count{method="POST"}'] === 5 && found;
  });
  expect(samples).toMatchObject({
    'stackwhisk_http_requests_total{method="GET",status="2xx"}': 1,
    'stackwhisk_http_requests_total{method="GET",status="4xx"}': 1,
    'stackwhisk_http_requests_total{method="POST",status="2xx"}': 2,
    'stackwhisk_http_requests_total{method="POST",status="4xx"}': 1,
    'stackwhisk_http_requests_total{method="POST",status="5xx"}': 2,
    'stackwhisk_http_refused_total{status="429"}': 1,
    'stackwhisk_http_refused_total{status="503"}': 2,
    'stackwhisk_http_request_duration_seconds_count{method="GET"}': 2,
  });
  expect(samples['stackwhisk_http_request_duration_seconds_sum{method="POST"}']).toBeCloseTo(0.15);
});

test("a client that goes away before it is answered is counted as such, whatever would have been said", async () => {
  const came = new Promise<void>((resolve) => (app = () => resolve()));
  const client = ask("DELETE").end();
  client.on("error", () => {});
  await came;
  client.destroy();
  const counted = 'stackwhisk_http_requests_total{method="DELETE",status="none"}';
  await until("it is counted", async () => samplesOf(await registry.metrics())[counted] === 1);
  expect(Object.keys(valuesOf(await registry.metrics(), "stackwhisk_http")).join()).not.toContain("secret");
});
