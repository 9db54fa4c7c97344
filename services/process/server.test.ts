import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { closeServer, listen } from "./server";

test("a client that always has its next request ready is told during a stop that there is none after this one", async () => {
  const asked: ServerResponse[] = [];
  let heard = () => {};
  const { server, port } = await listen((_request, response) => {
    asked.push(response);
    heard();
  }, "127.0.0.1", 0);
  const requests = async (count: number) => {
    while (asked.length < count) await new Promise<void>((resolve) => (heard = resolve));
  };
  const client = connect(port, "127.0.0.1");
  let answers = "";
  client.on("data", (data) => (answers += data.toString()));
  const gone = once(client, "close");
  const ask = () => client.write("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n");

  ask();
  await requests(1);
  const closed = closeServer(server);
  ask();
  asked[0]!.end("one");
  await requests(2);
  asked[1]!.end("two");
  await gone;
  await closed;
  expect(answers).toMatch(/one[^]*Connection: close[^]*two$/);
});
