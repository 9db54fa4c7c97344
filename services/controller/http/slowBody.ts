import type { NextFunction, Request, Response } from "express";
import { sendError } from "./errors";

/** How long a body may make no progress. Milliseconds. */
const PATIENCE = 20_000;

/**
 * Refuses a request whose body does not come on: 408, and the connection is closed. How long the whole of a request may take
 * is the server's business.
 */
export const refuseSlowBody =
  (patience = PATIENCE) =>
  (request: Request, response: Response, next: NextFunction): void => {
    // Nearly every body has come with its headers.
    if (!request.complete) watch(request, response, patience);
    next();
  };

function watch(request: Request, response: Response, patience: number): void {
  const { socket } = request;
  let seen = socket.bytesRead;
  const timer = setInterval(() => {
    if (request.complete || response.headersSent) return clearInterval(timer);
    if (socket.bytesRead > seen) {
      seen = socket.bytesRead;
      return;
    }
    clearInterval(timer);
    response.setHeader("Connection", "close");
    sendError(response, 408, `The request's body did not arrive: nothing of it came within ${patience} milliseconds.`);
  }, patience);
  timer.unref();
  response.once("close", () => clearInterval(timer));
}
