import http from "node:http";
import net from "node:net";
import { identityOf } from "../core/testing/fixtures";
import { CODE, expectRefusal, Harness } from "./testing/harness";

let api: Harness;
beforeEach(async () => (api = await Harness.start()));
afterEach(() => api.close());

const basic = (text: string) => ({ as: null, headers: { authorization: `Basic ${Buffer.from(text).toString("base64")}` } });

describe("a key", () => {
  test("opens its own namespace, by name or by _", async () => {
    expect((await api.get("/api/v1/namespaces")).body).toEqual(["guest"]);
    expect((await api.get("/api/v1/namespaces/_/actions")).status).toBe(200);
    expect((await api.get("/api/v1/namespaces/guest/actions")).status).toBe(200);
    expectRefusal(await api.get("/api/v1/namespaces/other/actions"), 403, "The supplied authentication is not authorized to access 'other'.");
    expectRefusal(await api.get("/api/v1/namespaces/absent/actions"), 403, "The supplied authentication is not authorized to access 'absent'.");
  });

  test("that is missing is answered 401 with what to send", async () => {
    for (const path of ["/api/v1/namespaces", "/api/v1/namespaces/_/actions/x", "/api/v1/namespaces/guest/nothing", "/api/v1/nothing", "/api/v1/web"]) {
      const response = await api.get(path, { as: null });
      expectRefusal(response, 401, "The resource requires authentication, which was not supplied with the request");
      expect(response.headers["www-authenticate"]).toMatch(/^Basic realm=/);
    }
  });

  test("that is wrong is answered alike, whether the namespace exists or not", async () => {
    const [guest, nobody] = [identityOf("guest").uuid, identityOf("nobody").uuid];
    const answers = [];
    for (const wrong of [`${guest}:wrong`, `${guest}:`, `${nobody}:wrong`, `${nobody}:`, `${guest}:secret of other`, "no uuid:wrong", "no uuid:", "no colon", ":"]) {
      const response = await api.get("/api/v1/namespaces", basic(wrong));
      expectRefusal(response, 401, "The supplied authentication is invalid");
      const { date: _date, "x-request-id": id, ...headers } = response.headers as Record<string, string>;
      answers.push(JSON.stringify({ headers, body: response.text.replace(id!, "") }));
    }
    expect(new Set(answers).size).toBe(1);
  });

  test.each(["Bearer abc", "Basic", "Basic ====", "Basic a b", "Digest x", ""])("cannot be %j", async (authorization) => {
    const response = await api.get("/api/v1/namespaces", { as: null, headers: { authorization } });
    expectRefusal(response, 401, "The resource requires authentication, which was not supplied with the request");
    expect(response.headers["www-authenticate"]).toBe('Basic realm="OpenWhisk secure realm",charset=UTF-8');
  });

  test("that is changed opens nothing any more after a second", async () => {
    expect((await api.get("/api/v1/namespaces")).status).toBe(200);
    await api.world.store.namespaces.put({ name: "guest", uuid: identityOf("guest").uuid, subject: "s", keys: [], blocked: false, limits: {}, rev: 2 });
    api.world.time += 1_000;
    expectRefusal(await api.get("/api/v1/namespaces"), 401);
  });
});

describe("what is not there", () => {
  test.each([
    "/nothing",
    "/api",
    "/api/v2/namespaces",
    "/API/v1",
    "/api/v1/nothing",
    "/api/v1/Namespaces",
    "/api/v1//namespaces",
    "/api/v1/namespaces/_",
    "/api/v1/namespaces/_/nothing",
    "/api/v1/namespaces/_/Actions",
    "/api/v1/namespaces//actions",
    "/api/v1/namespaces/_//actions",
    "/api/v1/namespaces/_/actions/a/b/c",
    "/api/v1/namespaces/_/actions/a/b/",
    "/api/v1/namespaces/_/triggers/a/b",
    "/api/v1/namespaces/_/triggers/a/",
    "/api/v1/namespaces/_/packages/a/",
    "/api/v1/namespaces/_/activations/00000000000000000000000000000000/logs/",
    "/api/v1/web",
    "/api/v1/web/guest/default",
    "/api/v1/docs/nothing",
  ])("%s is answered 404", async (path) => {
    expectRefusal(await api.get(path), 404, "The requested resource could not be found.");
  });

  test("is not made by a slash too many either", async () => {
    for (const path of ["actions/x/", "triggers/x/", "packages/x/"]) expectRefusal(await api.put(path, CODE), 404, "The requested resource could not be found.");
    expect((await api.get("actions")).body).toEqual([]);
  });

  test.each(["/api/v1/namespaces/", "/api/v1/namespaces/_/actions/", "/api/v1/namespaces/_/triggers/", "/api/v1/namespaces/_/activations/"])("%s is there, in spite of its slash", async (path) => {
    expect((await api.get(path)).status).toBe(200);
  });

  test.each(["/api/v1/namespaces/_/actions/%", "/api/v1/namespaces/%E0%A4%A/actions/x", "/api/v1/web/guest/%ZZ/x"])("%s, which cannot be decoded, is answered 400", async (path) => {
    expect(await raw(api.port, `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Basic ${Buffer.from(api.key("guest")).toString("base64")}\r\nconnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
  });

  test.each(["a%2Fb", "..%2F..%2Fother%2Factions%2Fx", "%00", "a%0Ab", "%2e%2e", "%F0%9F%98%80", "a%20", "%20a", "%5c", "__proto__%2Fx"])("a name such as %s is none", async (name) => {
    for (const path of [`/api/v1/namespaces/_/actions/${name}`, `/api/v1/namespaces/_/triggers/${name}`, `/api/v1/namespaces/${name}/rules/x`]) {
      expect(await raw(api.port, `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Basic ${Buffer.from(api.key("guest")).toString("base64")}\r\nconnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 [^]*contains illegal characters/);
    }
  });

  test.each([
    ["post", "actions", "GET"],
    ["put", "triggers", "GET"],
    ["delete", "rules", "GET"],
    ["post", "packages", "GET"],
    ["post", "activations", "GET"],
    ["put", "activations/00000000000000000000000000000000", "GET"],
    ["patch", "actions/x", "PUT, GET, DELETE, POST"],
    ["patch", "actions/p/x", "PUT, GET, DELETE, POST"],
    ["patch", "triggers/x", "PUT, GET, DELETE, POST"],
    ["patch", "rules/x", "PUT, GET, DELETE, POST"],
    ["post", "packages/x", "PUT, GET, DELETE"],
    ["post", "/api/v1/namespaces", "GET"],
  ] as const)("%s of %s is answered 405 with what is", async (method, path, allowed) => {
    const response = await api.send(method, path, {});
    expectRefusal(response, 405, `HTTP method not allowed, supported methods: ${allowed}`);
    expect(response.headers.allow).toBe(allowed);
  });

  test("is asked for with HEAD like with GET, without an answer's body", async () => {
    for (const [path, status] of [["actions", 200], ["actions/absent", 404]] as const) {
      const response = await api.send("head", path);
      expect([response.status, response.text]).toEqual([status, undefined]);
    }
  });
});

describe("of several faults", () => {
  const broken = { headers: { "content-type": "text/plain", accept: "text/html" } };

  test("a missing key is told first, then what the client does not take, then what is not there and what must not be done", async () => {
    expectRefusal(await api.send("patch", "nothing", undefined, { as: null, ...broken }), 401);
    expectRefusal(await api.send("put", "actions/x", undefined, broken).send("{"), 406);
    expectRefusal(await api.send("patch", "actions/x", undefined, { headers: { "content-type": "text/plain" } }).send("{"), 405);
  });

  test("a foreign namespace is told before any fault of the body, and a name that is none before both", async () => {
    for (const [method, path] of [["put", "actions/x"], ["put", "actions/p/x"], ["put", "packages/x"], ["put", "triggers/x"], ["post", "triggers/x"], ["put", "rules/x"], ["post", "rules/x"]] as const) {
      const send = (to: string) => api.send(method, `/api/v1/namespaces/other/${to}`, undefined, { headers: { "content-type": "text/plain" } }).send("{");
      expectRefusal(await send(path), 403, /^The supplied authentication is not authorized to access 'other/);
      expectRefusal(await send(path.replace(/x$/, "+")), 400, "The name of the entity contains illegal characters.");
    }
  });

  test("one of the body is told before that there is nothing of that name", async () => {
    expectRefusal(await api.send("post", "actions/absent").set("content-type", "application/json").send("{"), 400);
    expectRefusal(await api.send("post", "triggers/absent").set("content-type", "text/plain").send("{}"), 415);
  });
});

describe("a client that does not take JSON", () => {
  test.each(["text/html", "text/*", "application/xml, text/plain;q=0.5", "application/json;q=0, */*"])("but %s is answered 406, and nothing is done for it", async (accept) => {
    for (const path of ["/", "/api/v1", "/api/v1/namespaces", "triggers"]) {
      expectRefusal(await api.get(path, { headers: { accept } }), 406, "Resource representation is only available with these types:\napplication/json");
    }
    expectRefusal(await api.put("triggers/bell", {}, { headers: { accept } }), 406);
    expect((await api.get("triggers")).body).toEqual([]);
  });

  test.each(["*/*", "application/*", "application/json", "text/html, */*;q=0.1", "nothing", ""])("is not one that sends %j", async (accept) => {
    expect((await api.get("triggers", { headers: { accept } })).status).toBe(200);
  });
});

describe("a request id", () => {
  test.each(["my-id_1", "0b6f2c1e-2f3b-4d5e-9c8a-1f2e3d4c5b6a", "Root=1-67891233-abcdef012345678912345678", "x".repeat(128)])("%s is the client's own", async (id) => {
    const response = await api.get("actions/absent", { headers: { "x-request-id": id } });
    expectRefusal(response, 404);
    expect([response.headers["x-request-id"], response.body.code]).toEqual([id, id]);
  });

  test.each(["a b", "<script>", "x".repeat(129), "", "sid_controller"])("is made where the client's is %j", async (strange) => {
    expect((await api.get("/ping", { headers: { "x-request-id": strange } })).headers["x-request-id"]).toMatch(/^[0-9A-Za-z]{32}$/);
  });
});

describe("browsers", () => {
  test("may call the REST API from any origin; to ask whether needs no key", async () => {
    const expected = {
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "Authorization, Origin, X-Requested-With, Content-Type, Accept, User-Agent",
      "access-control-allow-methods": "GET, DELETE, POST, PUT, HEAD",
    };
    for (const path of ["/api/v1", "/api/v1/nothing/at/all", "/api/v1/namespaces/_/actions/x", "/api/v1/namespaces"]) {
      const response = await api.send("options", path, undefined, { as: null });
      expect([response.status, response.text]).toEqual([200, ""]);
      expect(response.headers).toMatchObject(expected);
    }
    expect((await api.get("actions")).headers).toMatchObject(expected);
    expect((await api.get("actions", { as: null })).headers).toMatchObject(expected);
    expect((await api.get("nothing")).headers).toMatchObject(expected);
    expect((await api.send("patch", "actions/x")).headers).toMatchObject(expected);
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

test("a path may be long, but not without end", async () => {
  const path = (length: number) => "/api/v1/namespaces/_/actions?x=".padEnd(length, "x");
  expect((await api.get(path(8192))).status).toBe(200);
  expectRefusal(await api.get(path(8193)), 414, "URI length exceeds the configured limit of 8192 characters");
});
