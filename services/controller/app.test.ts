import http from "node:http";
import net from "node:net";
import { CODE, expectRefusal, Harness } from "./testing/harness";

let api: Harness;
beforeEach(async () => (api = await Harness.start()));
afterEach(() => api.close());

const basic = (text: string) => ({ as: null, headers: { authorization: `Basic ${Buffer.from(text).toString("base64")}` } });

describe("what needs no key", () => {
  test("tells what this is and whether it is well", async () => {
    const nobody = { as: null };
    expect((await api.get("/", nobody)).body).toMatchObject({ api_paths: ["/api/v1"], runtimes: { nodejs: [{ kind: "nodejs:24" }] }, limits: { sequence_length: 50, max_action_memory: 512 * 1024 * 1024 } });
    expect((await api.get("/api/v1", nobody)).body).toMatchObject({ api_version: "1.0.0", api_version_path: "v1", build: "1.2.3" });
    expect((await api.get("/ping", nobody)).text).toBe("pong");
    expect((await api.get("/health", nobody)).body).toEqual({ status: "ok", pid: process.pid, version: "1.2.3", instance: "instance-1" });
    api.ready = false;
    const draining = await api.get("/health", nobody);
    expect([draining.status, draining.body.status]).toEqual([503, "draining"]);
  });
});

describe("a key", () => {
  test("opens its own namespace, by name or by _", async () => {
    expect((await api.get("/api/v1/namespaces")).body).toEqual(["guest"]);
    expect((await api.get("/api/v1/namespaces/_/actions")).status).toBe(200);
    expect((await api.get("/api/v1/namespaces/guest/actions")).status).toBe(200);
    expectRefusal(await api.get("/api/v1/namespaces/other/actions"), 403, "The supplied authentication is not authorized to access 'other'.");
    expectRefusal(await api.get("/api/v1/namespaces/absent/actions"), 403, "The supplied authentication is not authorized to access 'absent'.");
  });

  test("that is missing is answered 401 with what to send", async () => {
    for (const path of ["/api/v1/namespaces", "/api/v1/namespaces/_/actions/x", "/api/v1/namespaces/guest/nothing"]) {
      const response = await api.get(path, { as: null });
      expectRefusal(response, 401, "The resource requires authentication, which was not supplied with the request");
      expect(response.headers["www-authenticate"]).toMatch(/^Basic realm=/);
    }
  });

  test("that is wrong is answered alike, whether the namespace exists or not", async () => {
    const answers = [];
    for (const wrong of ["uuid-of-guest:wrong", "uuid-of-guest:", "uuid-of-nobody:wrong", "uuid-of-nobody:", "uuid-of-guest:secret of other", "no colon", ":", ""]) {
      const response = await api.get("/api/v1/namespaces", basic(wrong));
      expectRefusal(response, 401, "The supplied authentication is invalid");
      const { date: _date, "x-request-id": id, ...headers } = response.headers as Record<string, string>;
      answers.push(JSON.stringify({ headers, body: response.text.replace(id!, "") }));
    }
    expect(new Set(answers).size).toBe(1);
  });

  test.each(["Bearer abc", "Basic", "Basic ~~~", "Digest x"])("cannot be %j", async (authorization) => {
    expectRefusal(await api.get("/api/v1/namespaces", { as: null, headers: { authorization } }), 401);
  });

  test("that is changed opens nothing any more after a second", async () => {
    expect((await api.get("/api/v1/namespaces")).status).toBe(200);
    await api.world.store.namespaces.put({ name: "guest", uuid: "uuid-of-guest", subject: "s", keys: [], blocked: false, limits: {}, rev: 2 });
    api.world.time += 1_000;
    expectRefusal(await api.get("/api/v1/namespaces"), 401);
  });
});

describe("what is not there", () => {
  test.each(["/nothing", "/api", "/api/v2/namespaces", "/api/v1/nothing", "/api/v1/namespaces/_/nothing", "/api/v1/namespaces/_/actions/a/b/c", "/api/v1/namespaces/_/triggers/a/b", "/api/v1/web", "/api/v1/web/guest/default"])("%s is answered 404", async (path) => {
    expectRefusal(await api.get(path), 404, "The requested resource does not exist.");
  });

  test.each(["/api/v1/namespaces/_/actions/%", "/api/v1/namespaces/%E0%A4%A/actions/x", "/api/v1/web/guest/%ZZ/x"])("%s, which cannot be decoded, is answered 400", async (path) => {
    expect(await raw(api.port, `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Basic ${Buffer.from(api.key("guest")).toString("base64")}\r\nconnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
  });

  test.each([
    ["post", "actions", "GET"],
    ["put", "triggers", "GET"],
    ["delete", "rules", "GET"],
    ["post", "packages", "GET"],
    ["post", "activations", "GET"],
    ["patch", "actions/x", "GET, PUT, POST, DELETE"],
    ["patch", "actions/p/x", "GET, PUT, POST, DELETE"],
    ["patch", "triggers/x", "GET, PUT, POST, DELETE"],
    ["patch", "rules/x", "GET, PUT, POST, DELETE"],
    ["post", "packages/x", "GET, PUT, DELETE"],
    ["post", "/api/v1/namespaces", "GET"],
  ] as const)("%s of %s is answered 405 with what is", async (method, path, allowed) => {
    const response = await api.send(method, path, {});
    expectRefusal(response, 405, `HTTP method not allowed, supported methods: ${allowed}`);
    expect(response.headers.allow).toBe(allowed);
  });
});

describe("a body", () => {
  beforeEach(() => api.have(["actions/hello", CODE]));
  const send = (text: string, type = "application/json", path = "actions/hello") => api.send("post", path, undefined, { query: { blocking: true } }).set("content-type", type).send(text);

  test.each(["{", "{]", "nul", "{\"a\":}", "\u0000", "{'a': 1}"])("%j, which is no JSON, is answered 400", async (text) => {
    expectRefusal(await send(text), 400, /^The request content was malformed/);
  });

  test.each(["[]", "[1]", "null", "5", '"text"', "true"])("%j, which is no object, is answered 400", async (text) => {
    expectRefusal(await send(text), 400, "The request content was malformed:\nObject expected");
    for (const path of ["actions/x", "triggers/x", "rules/x", "packages/x"]) {
      expectRefusal(await api.send("put", path).set("content-type", "application/json").send(text), 400, "The request content was malformed:\nObject expected");
    }
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application/json-seq-not", "multipart/form-data; boundary=x"])("of type %s is answered 415", async (type) => {
    expectRefusal(await send("{}", type), 415);
  });

  test("without a type is answered 415", async () => {
    expectRefusal(await api.send("post", "actions/hello").unset("content-type").serialize(String).send("{}").set("content-type", ""), 415);
  });

  test.each(["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8", "application/vnd.x+json"])("of type %s is read", async (type) => {
    expect((await send('{"a": "é"}', type)).body.response.result).toEqual({ a: "é" });
  });

  test.each(["latin-1", "utf-0"])("in charset %s is answered 415", async (charset) => {
    expectRefusal(await send("{}", `application/json; charset=${charset}`), 415);
  });

  test("in an unknown encoding, or in another than it says, is refused", async () => {
    expectRefusal(await send("{}").set("content-encoding", "zstd-not"), 415);
    expectRefusal(await send("{}").set("content-encoding", "gzip"), 400);
  });

  test("that is too large is answered 413", async () => {
    const text = JSON.stringify({ a: "x".repeat(1024 * 1024) });
    expectRefusal(await send(text), 413, `Request larger than allowed: ${text.length} > 1048576 bytes.`);
  });

  test("that is nested too deeply is answered 400, not by a broken stack", async () => {
    const nested = (depth: number) => `{"a": ${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
    expect((await send(nested(1_000))).status).toBe(200);
    expectRefusal(await send(nested(1_001)), 400, /nested too deeply/);
    expectRefusal(await send(nested(400_000)), 400, /nested too deeply/);
    expectRefusal(await api.send("post", "actions/hello").set("content-type", "application/json").send(nested(400_000)), 400);
    expectRefusal(await api.send("put", "actions/deep").set("content-type", "application/json").send(`{"exec": {"kind": "nodejs", "code": ""}, "parameters": [{"key": "a", "value": ${nested(400_000)}}]}`), 400);
  });
});

describe("a request id", () => {
  test("is the client's own if it is harmless, and made otherwise", async () => {
    expect((await api.get("/ping", { headers: { "x-request-id": "my-id_1" } })).headers["x-request-id"]).toBe("my-id_1");
    for (const strange of ["a b", "<script>", "x".repeat(65), ""]) {
      expect((await api.get("/ping", { headers: { "x-request-id": strange } })).headers["x-request-id"]).toMatch(/^[0-9A-Za-z]{32}$/);
    }
  });
});

describe("browsers", () => {
  test("may call the REST API from any origin; to ask whether needs no key", async () => {
    const expected = {
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "Authorization, Origin, X-Requested-With, Content-Type, Accept, User-Agent",
      "access-control-allow-methods": "GET, DELETE, POST, PUT, HEAD",
    };
    for (const path of ["/api/v1/namespaces/_/actions/x", "/api/v1/namespaces"]) {
      const response = await api.send("options", path, undefined, { as: null });
      expect([response.status, response.text]).toEqual([200, ""]);
      expect(response.headers).toMatchObject(expected);
    }
    expect((await api.get("actions")).headers).toMatchObject(expected);
    expect((await api.get("actions", { as: null })).headers).toMatchObject(expected);
  });
});

test("a connection that the client gives up while it sends is no failure of ours", async () => {
  const request = http.request({ port: api.port, method: "POST", path: "/api/v1/namespaces/_/actions/x", headers: { authorization: `Basic ${Buffer.from(api.key("guest")).toString("base64")}`, "content-type": "application/json", "content-length": 100 } });
  request.on("error", () => {});
  const connected = new Promise((resolve) => api.server.once("request", (incoming) => incoming.once("close", resolve)));
  request.write("{");
  request.on("socket", (socket) => socket.once("connect", () => setImmediate(() => socket.destroy())));
  await connected;
  expect(api.world.logged).toEqual([]);
});

function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = net.connect(port, "127.0.0.1", () => void socket.write(text));
    socket.on("data", (data: Buffer) => (answer += data)).on("close", () => resolve(answer)).on("error", reject);
  });
}
