import { once } from "node:events";
import type { Server } from "node:http";
import net from "node:net";
import { closeServer, listen } from "./server";

let server: Server;
let port: number;
beforeAll(async () => ({ server, port } = await listen((_request, response) => void response.end("served"), "127.0.0.1", 0, { headersTimeout: 200 })));
afterAll(() => closeServer(server));

/** Sends bytes, and gives what is answered until the connection is closed. */
async function exchange(bytes: string): Promise<{ status: number; headers: string; body: string }> {
  let answer = "";
  const socket = net.connect(port, "127.0.0.1", () => void socket.write(bytes, "latin1"));
  socket.on("data", (data: Buffer) => (answer += data.toString())).on("error", () => {});
  await once(socket, "close");
  const [headers, body] = answer.split("\r\n\r\n") as [string, string?];
  return { status: Number(headers.split(" ")[1]), headers, body: body ?? "" };
}

test.each([
  [400, "what is no HTTP", "hello\r\n\r\n"],
  [400, "a method that there is not", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n"],
  [400, "HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  [400, "a header that is none", "GET / HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n"],
  [400, "a length that is none", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n"],
  [400, "two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
  [400, "a request for no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"],
  [405, "the wish for a proxy", "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n"],
  [408, "headers that do not end", "GET / HTTP/1.1\r\nHost: x\r\n"],
  [417, "an expectation that nobody knows", "GET / HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n"],
  [431, "headers that are too large", `GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${"x".repeat(20_000)}\r\n\r\n`],
  [431, "a path that is too long", `GET /${"x".repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
])("%i answers %s, as JSON with error and code, and the connection is closed", async (status, _what, bytes) => {
  const answer = await exchange(bytes);
  expect({ status: answer.status, body: JSON.parse(answer.body) as unknown }).toEqual({ status, body: { error: expect.any(String), code: expect.stringMatching(/^[0-9a-f]{32}$/) } });
  expect(answer.headers).toContain("Content-Type: application/json");
});

test("a whole request is served, and one without a host if it is of HTTP/1.0", async () => {
  expect((await exchange("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).body).toBe("served");
  expect((await exchange("GET / HTTP/1.0\r\n\r\n")).body).toBe("served");
});

test("a client that sends nothing at all is not waited for", async () => {
  expect((await exchange("")).status).toBe(408);
});

test("clients that ask for a proxy and are gone before the answer harm nobody", async () => {
  const hasty = Array.from({ length: 200 }, async () => {
    const socket = net.connect(port, "127.0.0.1");
    socket.on("error", () => {});
    await once(socket, "connect");
    socket.write("CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", () => socket.resetAndDestroy());
    await once(socket, "close");
  });
  await Promise.all(hasty);
  expect((await exchange("CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n")).status).toBe(405);
  expect((await exchange("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).body).toBe("served");
});
