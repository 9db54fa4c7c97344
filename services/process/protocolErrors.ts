import { type IncomingMessage, maxHeaderSize, type RequestListener, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { randomBytes } from "../core/random";

/**
 * Answers what never becomes a request of the app (no HTTP, headers that are too large or come too slowly) like every other
 * refusal: JSON with `error` and `code`, and the connection is closed.
 */
export function refuseProtocolErrors(server: Server): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // A client that is gone, or that has part of another answer already, cannot be told anything.
    const answering = (socket as Duplex & { _httpMessage?: ServerResponse })._httpMessage;
    if (!socket.writable || error.code === "ECONNRESET" || answering?.headersSent) socket.destroy();
    else refuse(socket, ...refusalOf(error));
  });
  server.on("connect", (_request, socket) => refuse(socket, 405, "HTTP method not allowed: this is no proxy"));
  server.on("checkExpectation", (_request: IncomingMessage, response: ServerResponse) => {
    const { headers, body } = refusal(417, "The expectation of the header Expect cannot be met: only 100-continue can.");
    response.writeHead(417, headers).end(body);
  });
}

/** HTTP/1.1 demands a Host. To be used with `requireHostHeader: false`, for Node's own refusal says nothing. */
export const requireHost =
  (app: RequestListener): RequestListener =>
  (request, response) => {
    if (request.headers.host !== undefined || request.httpVersion !== "1.1") return app(request, response);
    const { headers, body } = refusal(400, "Request is missing required `Host` header");
    response.writeHead(400, headers).end(body);
  };

function refusalOf({ code, message }: NodeJS.ErrnoException): [status: number, message: string] {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return [431, `Request header fields larger than allowed: the limit is ${maxHeaderSize} bytes for all of them and the path.`];
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return [413, "Chunk extensions of the request larger than allowed."];
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return [408, "The request did not arrive in time."];
    default:
      return [400, `The request is no valid HTTP: ${message}`];
  }
}

function refusal(status: number, error: string): { status: number; headers: Record<string, string | number>; body: string } {
  const code = randomBytes(16).toString("hex");
  const body = JSON.stringify({ error, code });
  return { status, headers: { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body), "X-Request-ID": code, Connection: "close" }, body };
}

function refuse(socket: Duplex, status: number, error: string): void {
  // Node has let go of the sockets of some of these requests: nobody else hears that the client is gone.
  socket.on("error", () => socket.destroy());
  const { headers, body } = refusal(status, error);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`, () => socket.destroy());
}
