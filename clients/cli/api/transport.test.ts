import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect, type AddressInfo, type Server } from "node:net";
import path from "node:path";
import type { TLSSocket } from "node:tls";
import { certificate, certificateKey } from "../testing/certificate";
import { auth } from "../testing/fake-platform";
import { useBench } from "../testing/harness";

const bench = useBench();
const servers: Server[] = [];
const portOf = async (server: Server): Promise<number> => {
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return (server.address() as AddressInfo).port;
};
afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((closed) => server.close(closed)))));

/** Answers with the name in the certificate of the client. */
const serve = () =>
  portOf(
    createSecureServer({ cert: certificate, key: certificateKey, requestCert: true, rejectUnauthorized: false }, (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      response.writeHead(200, { connection: "close" }).end(JSON.stringify([subject ? subject.CN : "nobody"]));
    }),
  );

describe("over TLS", () => {
  const namespaces = async (port: number, ...flags: string[]) =>
    bench.whiskWith({ env: { WHISK_APIHOST: `127.0.0.1:${port}`, WHISK_AUTH: auth } }, "namespace", "list", ...flags);

  test("a certificate that does not verify is refused, with a hint, unless that is asked for", async () => {
    const port = await serve();
    expect(await namespaces(port)).toMatchObject({ code: 3, stderr: expect.stringContaining("'-i' skips the check") as string });
    expect(await namespaces(port, "-i")).toMatchObject({ code: 0, stdout: "namespaces\nnobody\n" });
  });

  test("a configured certificate is shown to the server", async () => {
    writeFileSync(path.join(bench.folder, "cert.pem"), certificate);
    writeFileSync(path.join(bench.folder, "key.pem"), certificateKey);
    const shown = await namespaces(await serve(), "-i", "--cert", "cert.pem", "--key", "key.pem");
    expect(shown).toMatchObject({ code: 0, stdout: "namespaces\nwhisk test\n" });
  });
});

describe("through a proxy", () => {
  /** A proxy that answers itself, with what it was asked for. */
  const proxy = async () => {
    const server = createServer((request, response) => response.writeHead(200, { connection: "close" }).end(JSON.stringify([request.url])));
    return `http://127.0.0.1:${await portOf(server)}`;
  };
  const namespaces = (env: NodeJS.ProcessEnv) => bench.whiskWith({ env: { WHISK_AUTH: auth, ...env } }, "namespace", "list");

  test("a host elsewhere is asked for through the proxy of the environment", async () => {
    const env = { HTTP_PROXY: await proxy(), WHISK_APIHOST: "http://whisk.example" };
    expect((await namespaces(env)).stdout).toBe("namespaces\nhttp://whisk.example/api/v1/namespaces\n");
  });

  test("what is secret goes through the proxy unseen; it may be named without a scheme", async () => {
    const target = await serve();
    const seen: (string | undefined)[] = [];
    const tunnel = createServer().on("connect", (request, socket) => {
      seen.push(request.url);
      const there = connect(target, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        there.pipe(socket).pipe(there);
      });
      for (const end of [socket, there]) end.on("error", () => undefined);
    });
    const env = { HTTPS_PROXY: `127.0.0.1:${await portOf(tunnel)}`, WHISK_APIHOST: "whisk.example", WHISK_AUTH: auth };
    expect((await bench.whiskWith({ env }, "namespace", "list", "-i")).stdout).toBe("namespaces\nnobody\n");
    expect(seen).toEqual(["whisk.example:443"]);
  });

  test("this machine, and what NO_PROXY names, are asked directly", async () => {
    const HTTP_PROXY = await proxy();
    expect((await namespaces({ HTTP_PROXY, WHISK_APIHOST: bench.platform.url })).stdout).toBe("namespaces\nguest\n");
    // Another address of this machine, which is not known as such.
    const env = { HTTP_PROXY, WHISK_APIHOST: bench.platform.url.replace("127.0.0.1", "0.0.0.0") };
    expect((await namespaces(env)).stdout).toContain("http://0.0.0.0");
    expect((await namespaces({ ...env, NO_PROXY: "0.0.0.0" })).stdout).toBe("namespaces\nguest\n");
  });
});
