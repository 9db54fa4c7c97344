import express from "express";
import { once } from "node:events";
import type { Server } from "node:http";
import net, { type AddressInfo } from "node:net";
import { refuseSlowBody } from "./slowBody";
import { transaction } from "./transaction";

const PATIENCE = 100;

let server: Server;
beforeEach(async () => {
  const app = express();
  app.use(transaction, refuseSlowBody(PATIENCE), express.json());
  app.post("/", (request, response) => void response.json(request.body));
  server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => server.close());

/** Sends the beginning of a request, and gives what is answered until the connection is closed. */
async function send(text: string, more: (socket: net.Socket) => void = () => {}): Promise<string> {
  let answer = "";
  const socket = net.connect((server.address() as AddressInfo).port, "127.0.0.1", () => void socket.write(text));
  socket.on("data", (data: Buffer) => (answer += data.toString()));
  more(socket);
  await once(socket, "close");
  return answer;
}

const head = (...headers: string[]) => ["POST / HTTP/1.1", "host: x", "content-type: application/json", ...headers, "", ""].join("\r\n");

test.each([
  ["nothing of it", head("content-length: 10")],
  ["a part of it", `${head("content-length: 10")}{"a"`],
  ["a part of it, in chunks", `${head("transfer-encoding: chunked")}3\r\n{"a\r\n`],
])("a request of whose body %s came is answered 408, and its connection is closed", async (_what, text) => {
  const answer = await send(text);
  expect(answer).toMatch(/^HTTP\/1\.1 408 .*\r\n/);
  expect(answer).toMatch(/\r\nconnection: close\r\n/i);
  expect(JSON.parse(answer.split("\r\n\r\n")[1]!)).toEqual({ error: expect.stringContaining(`${PATIENCE} milliseconds`), code: expect.any(String) });
});

test("a body that comes on is waited for", async () => {
  const parts = ["{", '"a"', ":", "1", "}"];
  const answer = await send(head("connection: close", "content-length: 7"), (socket) => {
    const next = () => {
      const part = parts.shift();
      if (part === undefined) return;
      socket.write(part);
      setTimeout(next, PATIENCE / 2);
    };
    socket.once("connect", next);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*\{"a":1\}$/);
});
