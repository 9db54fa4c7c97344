// @ts-check
"use strict";
const http = require("node:http");
const { errorJson } = require("./lifecycle.cjs");

/** Bytes. 48 MB of code are 64 MB in base64; anything far beyond is a mistake that should not take the memory down. */
const BODY_LIMIT = 128 << 20;

/**
 * The HTTP side of the contract: `POST /init` and `POST /run`, JSON in and out, over connections that stay open.
 * @param {ReturnType<typeof import("./lifecycle.cjs").createLifecycle>} lifecycle
 */
function createServer(lifecycle) {
  const server = http.createServer((request, response) => {
    /** @type {import("./lifecycle.cjs").Done} */
    const answer = (status, json) => {
      const length = typeof json === "string" ? Buffer.byteLength(json) : json.length;
      // The flat list is the form that Node writes without another pass; with a string, head and body are one write.
      const head = ["Content-Type", "application/json", "Content-Length", String(length)];
      // The last answers of a runtime that ends: their connections must not keep it alive.
      if (!server.listening) head.push("Connection", "close");
      response.writeHead(status, head);
      response.end(json);
    };
    response.sendDate = false;

    const route = request.method === "POST" ? request.url : undefined;
    if (route !== "/run" && route !== "/init") {
      request.resume();
      return answer(404, errorJson(`There is no ${request.method} ${request.url}; a runtime has POST /init and POST /run.`));
    }

    /** @type {Buffer[]} */
    const chunks = [];
    let size = 0;
    request.on("data", (/** @type {Buffer} */ chunk) => {
      size += chunk.length;
      if (size <= BODY_LIMIT) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.on("end", () => {
      if (size > BODY_LIMIT) return answer(413, errorJson(`The request is larger than ${BODY_LIMIT} bytes.`));
      const raw = chunks.length === 1 ? /** @type {Buffer} */ (chunks[0]) : Buffer.concat(chunks);
      let body;
      try {
        body = size === 0 ? {} : JSON.parse(raw.toString());
      } catch (error) {
        return answer(400, errorJson(`The body of ${route} is not JSON: ${/** @type {Error} */ (error).message}`));
      }
      if (route === "/run") lifecycle.run(body, raw, answer);
      else lifecycle.init(body, answer);
    });
  });
  // The platform decides how long a run and an idle connection may last.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.timeout = 0;
  return server;
}

module.exports = { createServer };
