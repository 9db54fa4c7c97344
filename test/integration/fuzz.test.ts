import fc from "fast-check";
import { once } from "node:events";
import net from "node:net";
import { gzipSync } from "node:zlib";
import type { Client } from "../support/client";
import { GUEST, TestPlatform } from "../support/platform";

const ENTITIES = ["actions/keep", "packages/keepers", "actions/keepers/keep", "triggers/kept", "rules/keeping"];

let platform: TestPlatform;
let client: Client;
beforeAll(async () => {
  platform = await TestPlatform.start();
  client = platform.client();
  await client.putAction("keep", "function main(args) { return args; }", { parameters: [{ key: "a", value: [1, { b: null }] }] });
  await client.must("PUT", "packages/keepers", { publish: true, annotations: [{ key: "for", value: "ever" }] });
  await client.putAction("keepers/keep", "function main() { return {}; }");
  await client.must("PUT", "triggers/kept", { parameters: [{ key: "x", value: "é" }] });
  await client.must("PUT", "rules/keeping", { trigger: "/_/kept", action: "/_/keep" });
});
afterAll(() => platform.dispose());

/** What is sent to the server, and whether it is a whole request. */
interface Sent {
  bytes: Buffer;
  /** The client ends it in the middle, as it may be waited for without end. */
  broken: boolean;
}

const KEY = `authorization: Basic ${Buffer.from(`${GUEST.uuid}:${GUEST.key}`).toString("base64")}`;
const method = fc.oneof({ weight: 8, arbitrary: fc.constantFrom("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS") }, { weight: 1, arbitrary: fc.constantFrom("TRACE", "PROPFIND", "CONNECT", "BREW", "get", "", "HEAD") });
const target = fc.oneof(
  fc.constantFrom("/", "*", "/ping", "/api/v1", "//", "/..", "http://elsewhere/api/v1/namespaces", "/api/v1/api-docs", "/api/v1/docs"),
  fc.constantFrom("actions/fuzz", "actions/keepers/fuzz", "actions/fuzz?blocking=true", "triggers/fuzz", "rules/fuzz", "packages/fuzz", "activations?limit[]=1&limit=2&limit[a]=3", "actions?skip=%ZZ", "actions/..%2f..%2fx", "actions/%00", "actions/%F0%9F%98%80", "limits").map((path) => `/api/v1/namespaces/_/${path}`),
  fc.string({ unit: "binary-ascii", maxLength: 40 }).map((text) => `/${text.replace(/[\s\0]/g, "")}`),
  fc.constantFrom(`/${"a/".repeat(3_000)}`, `/api/v1/namespaces/_/actions/${"x".repeat(9_000)}`, `/?${"a=b&".repeat(2_000)}`),
);
const header = fc.oneof(
  { weight: 4, arbitrary: fc.constant("content-type: application/json") },
  { weight: 3, arbitrary: fc.constantFrom("content-type: text/plain", "content-type: multipart/form-data", "content-encoding: gzip", "content-encoding: br", "expect: 100-continue", "expect: more", "upgrade: websocket\r\nconnection: upgrade", "accept: text/html", "x-request-id: \u0001", "range: bytes=0-1", "if-match: *", "te: trailers", "cookie: a", "x-http-method-override: DELETE") },
  { weight: 1, arbitrary: fc.tuple(fc.string({ unit: "binary-ascii", maxLength: 10 }), fc.string({ unit: "binary", maxLength: 20 })).map(([name, value]) => `${name}: ${value}`) },
  { weight: 1, arbitrary: fc.constantFrom(`x-long: ${"y".repeat(20_000)}`, ": none", "no colon", " folded", "content-length: 5", "content-length: -1", "content-length: 99999999999", "transfer-encoding: gzip", "host: a\r\nhost: b") },
);
const body = fc.oneof(
  fc.json().map(Buffer.from),
  fc.constantFrom("{}", '{"exec":{"kind":"nodejs:default","code":""}}', '{"a":1e400,"b":123456789012345678901234567890}', '{"__proto__":{"x":1},"a":1,"a":2}', '"\\ud800"', "\ufeff{}", "[".repeat(5_000), `{"a":${"[".repeat(5_000)}${"]".repeat(5_000)}}`, '{"a":"\u0000"}').map(Buffer.from),
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom("{}", '{"a":1}').map((text) => gzipSync(text)),
);
const framed = fc.tuple(body, fc.constantFrom("length", "chunked", "none", "short", "long", "bad chunk")).map(([bytes, framing]): { lines: string[]; bytes: Buffer; broken: boolean } => {
  const chunk = Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n0\r\n\r\n")]);
  switch (framing) {
    case "length":
      return { lines: [`content-length: ${bytes.length}`], bytes, broken: false };
    case "chunked":
      return { lines: ["transfer-encoding: chunked"], bytes: bytes.length === 0 ? Buffer.from("0\r\n\r\n") : chunk, broken: false };
    case "none":
      return { lines: [], bytes: Buffer.alloc(0), broken: false };
    case "bad chunk":
      return { lines: ["transfer-encoding: chunked"], bytes: Buffer.from("zz\r\n"), broken: true };
    default:
      return { lines: [`content-length: ${bytes.length + (framing === "short" ? 10 : 0)}`], bytes: framing === "long" ? Buffer.concat([bytes, Buffer.from("GET")]) : bytes, broken: true };
  }
});
const sent: fc.Arbitrary<Sent> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ method, target, version: fc.constantFrom("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/3", "HTTP"), headers: fc.array(header, { maxLength: 4 }), framed, withKey: fc.nat(4) }).map((one) => {
      const head = [`${one.method} ${one.target} ${one.version}`, "host: here", "connection: close", ...one.headers, ...one.framed.lines, ...(one.withKey > 0 ? [KEY] : [])];
      // Headers of one's own choice may ask for more than what comes.
      const broken = one.framed.broken || one.headers.some((line) => /length|encoding|upgrade|expect/i.test(line)) || one.method === "CONNECT";
      return { bytes: Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "utf8"), one.framed.bytes]), broken };
    }),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ bytes: Buffer.from(bytes), broken: true })) },
  { weight: 1, arbitrary: fc.constantFrom("GET / HTTP/1.1\r\nhost: x\r\n", "\r\n\r\n\r\n", "POST /api/v1/namespaces/_/actions/keep HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{", "\u0016\u0003\u0001", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").map((text) => ({ bytes: Buffer.from(text, "latin1"), broken: true })) },
);

test("whatever bytes come: an answer in time that is no 5xx, and JSON if it is a refusal; and nothing changes that was not meant", async () => {
  const before = await entities();
  await fc.assert(
    fc.asyncProperty(sent, async (one) => {
      const text = await exchange(one);
      if (!one.broken) expect(text).toMatch(/^HTTP\/1\.1 \d/);
      for (const answer of text.split(/(?=HTTP\/1\.1 \d{3} )/)) {
        const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 200);
        expect(status).toBeLessThan(500);
        const content = answer.split("\r\n\r\n").slice(1).join("\r\n\r\n");
        if (status >= 400 && content !== "") expect(JSON.parse(content)).toEqual({ error: expect.any(String), code: expect.any(String) });
      }
    }),
    { numRuns: 1_000 },
  );
  expect(await entities()).toEqual(before);
  expect((await client.invoke("keep", { c: 1 })).body).toEqual({ a: [1, { b: null }], c: 1 });
  expect(platform.log).not.toContain("a request failed");
});

const entities = () => Promise.all(ENTITIES.map(async (path) => (await client.must("GET", path)).body as unknown));

/** Longer than any answer takes. Milliseconds. */
const LIMIT = 20_000;

/** Sends bytes, and gives all that comes until the connection is closed. */
async function exchange({ bytes, broken }: Sent): Promise<string> {
  const chunks: Buffer[] = [];
  const socket = net.connect(Number(new URL(platform.apiHost).port), "127.0.0.1");
  const closed = once(socket, "close");
  // A server that has refused what it read so far may close before all has been sent.
  socket.on("data", (data: Buffer) => chunks.push(data)).on("error", () => {});
  socket.setTimeout(LIMIT, () => socket.destroy(new Error("no answer")));
  const late = once(socket, "timeout").then(() => true);
  if (broken) socket.end(bytes);
  else socket.write(bytes);
  if ((await Promise.race([closed.then(() => false), late])) === true) throw new Error(`no answer to ${JSON.stringify(bytes.toString("latin1").slice(0, 300))}`);
  return Buffer.concat(chunks).toString();
}
